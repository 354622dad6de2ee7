"""What `evaluate` left, for the stages after it: read, and held against what it is of."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from stages.common.artifacts import committed, encoded, predictions, reports
from stages.common.artifacts.committed import Floats
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.predictions import Answers
from stages.common.errors import unusable

Report = TypeVar("Report")

_STAGE = "evaluate"


def read_test() -> tuple[Answers, Encoded]:
    """Return what is predicted and the test images; raises DigitsError unless their rows agree."""
    made, test = predictions.read_answers(predictions.PREDICTIONS), encoded.read(encoded.TEST)
    same_rows = np.array_equal(made.row, test.row)
    if not (same_rows and np.array_equal(made.label, test.Y.argmax(axis=1))):
        reason = f"its {'labels' if same_rows else 'rows'} are not those of {encoded.TEST}"
        raise unusable(predictions.PREDICTIONS, _STAGE, reason)
    return made, test


def read_metrics() -> dict[str, float]:
    """Return the metrics by their names; raises DigitsError where they cannot be read."""
    return _read(reports.METRICS, committed.metrics)


def read_snapshots() -> dict[str, Floats]:
    """Return the columns of snapshots.csv; raises DigitsError where they cannot be read."""
    return _read(reports.SNAPSHOTS, committed.snapshots)


def _read(path: Path, parsed: Callable[[bytes, str], Report]) -> Report:
    """Return what is in a report."""
    try:
        return parsed(path.read_bytes(), str(path))
    except OSError as error:
        raise unusable(path, _STAGE, str(error)) from error
