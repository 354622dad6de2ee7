"""What every network of the ladder reads: reports/ladder/predictions.parquet.

A row is an image, a column a network; so many networks that agree on most images take little room.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.artifacts import parquet
from stages.common.errors import DigitsError
from stages.study.ladder.entries import Entry
from stages.study.ladder.plan import FOLDER, OFFICIAL

PREDICTIONS = FOLDER / "predictions.parquet"
ABSENT = 255  # where an image is not for a network

_VERSION = 1
_FIRST = [("part", pa.string()), ("row", pa.int32()), ("label", pa.uint8())]

Labels = npt.NDArray[np.uint8]


class Images(NamedTuple):
    """The images of a part: `validation`, `test` or `official test`.

    row: (n,) positions among the official digits, train before t10k. label: (n,). order: (n,)
    where each image is among the rows as they are split.
    """

    name: str
    row: npt.NDArray[np.int32]
    label: Labels
    order: npt.NDArray[np.intp]


class Readings(NamedTuple):
    """The table: part, row and label of each image, and by column what a network reads."""

    part: npt.NDArray[np.str_]
    row: npt.NDArray[np.int32]
    label: Labels
    columns: dict[str, Labels]

    def accuracy(self, column: str, part: str) -> float:
        """Return the share of the images of a part that a network reads right."""
        here = self.part == part
        read = self.columns[column][here]
        if not len(read) or (read == ABSENT).any():
            raise DigitsError(f"{PREDICTIONS} says nothing of {column} on the {part} rows")
        return float(np.count_nonzero(read == self.label[here]) / len(read))


def test_part(rows: str) -> str:
    """Return the part that tests what trained on the rows of a name."""
    return "official test" if rows in OFFICIAL else "test"


def column_of(entry: Entry) -> str:
    """Return the name of an entry's column."""
    return named(entry.name, entry.seed, entry.key)


def named(setting: str, seed: int, key: str) -> str:
    """Return the name of a column: setting, seed, and the beginning of the entry's key."""
    return f"{setting}/{seed}/{key[:12]}"


def write(images: Sequence[Images], columns: Mapping[str, Labels]) -> None:
    """Write the table; the rows of `columns` are those of all images, one part after another."""
    parts = np.concatenate([np.full(len(part.row), part.name) for part in images])
    table = pa.table(
        {
            "part": pa.array(parts.tolist(), pa.string()),
            "row": pa.array(np.concatenate([part.row for part in images]), pa.int32()),
            "label": pa.array(np.concatenate([part.label for part in images]), pa.uint8()),
            **{name: pa.array(column, pa.uint8()) for name, column in columns.items()},
        }
    )
    parquet.write(PREDICTIONS, table, _VERSION)


def read() -> Readings:
    """Return the table; raises DigitsError for a wrong one."""
    try:
        names = pq.read_schema(PREDICTIONS).names[len(_FIRST) :]
    except (OSError, pa.ArrowException) as error:
        advice = "git checkout brings it back, and `make ladder` makes it"
        raise DigitsError(f"cannot use {PREDICTIONS}: {error}. {advice}") from error
    schema = pa.schema([*_FIRST, *((name, pa.uint8()) for name in names)])
    table = parquet.read(PREDICTIONS, schema, _VERSION, "score")
    return Readings(
        np.array(table.column("part").to_pylist()),
        parquet.numbers(table.column("row")),
        parquet.numbers(table.column("label")),
        {name: parquet.numbers(table.column(name)) for name in names},
    )


def read_columns() -> dict[str, Labels]:
    """Return what is recorded of each network; nothing where there is no record."""
    return read().columns if PREDICTIONS.exists() else {}
