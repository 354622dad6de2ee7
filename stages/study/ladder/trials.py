"""The record of the searches' trials: reports/ladder/search.csv, a row each training."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stages.common.errors import DigitsError
from stages.study.ladder.plan import FOLDER

TRIALS = FOLDER / "search.csv"

_COLUMNS = (
    "search", "round", "trial", "epochs", "seed", "rows", "validation_accuracy", "validation_cost",
    "seconds", "values", "key",
)  # fmt: skip


class Tried(NamedTuple):
    """What one training of a trial gave on validation rows: 0 and infinity where it failed."""

    accuracy: float
    cost: float
    seconds: float


def read_known(path: Path) -> dict[str, Tried]:
    """Return what recorded trials gave, by key; nothing where there is no record."""
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {
            row["key"]: Tried(
                float(row["validation_accuracy"]), float(row["validation_cost"]),
                float(row["seconds"]),
            )
            for row in rows
        }  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        raise DigitsError(f"cannot read {path}: {error}. git checkout brings it back") from error


def to_csv(rows: Sequence[tuple[Any, ...]]) -> str:
    """Return the table of trials as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(rows)
    return text.getvalue()
