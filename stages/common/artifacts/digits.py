"""Tables of digits: the whole source, and its three parts."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable

DIGITS = Path("data/digits.parquet")
TRAIN = Path("data/split/train.parquet")
VALIDATION = Path("data/split/validation.parquet")
TEST = Path("data/split/test.parquet")
PARTS = (TRAIN, VALIDATION, TEST)

PIXELS = tuple(f"pixel{i}" for i in range(784))
SCHEMA = pa.schema(
    [("row", pa.int32()), ("label", pa.uint8()), *((name, pa.uint8()) for name in PIXELS)]
)

_VERSION = 1
_STAGES = {DIGITS: "ingest", **dict.fromkeys(PARTS, "split")}


@dataclass(frozen=True)
class Digits:
    """Labelled images.

    row: (n,) int32, each image's position in the source, from 0.
    label: (n,) uint8, the digit from 0 to 9.
    pixels: (n, 784) uint8, from 0 to 255, an image a row.
    """

    row: npt.NDArray[np.int32]
    label: npt.NDArray[np.uint8]
    pixels: npt.NDArray[np.uint8]


class Split(NamedTuple):
    """The digits that train, those that validate (none, where none was wanted) and that test."""

    train: Digits
    validation: Digits
    test: Digits


def write(path: Path, digits: Digits) -> None:
    """Write digits to a Parquet file, a column for each pixel."""
    columns = np.ascontiguousarray(digits.pixels.T)
    table = parquet.table_of([digits.row, digits.label, *columns], SCHEMA)
    parquet.write(path, table, _VERSION)


def read(path: Path) -> Digits:
    """Return the digits in a Parquet file; raises DigitsError for a wrong one.

    Only the file of the rows that validate may be without a row.
    """
    stage = _STAGES.get(path, "ingest")
    table = parquet.read(path, SCHEMA, _VERSION, stage, may_be_empty=path == VALIDATION)
    digits = Digits(
        row=parquet.numbers(table.column("row")),
        label=parquet.numbers(table.column("label")),
        pixels=to_matrix(table.select(PIXELS)),
    )
    if digits.label.max(initial=0) > 9:
        raise unusable(path, stage, f"a label is {digits.label.max()}; expected 0 to 9")
    if digits.row.min(initial=0) < 0:
        raise unusable(path, stage, f"a row is {digits.row.min()}; expected 0 or more")
    if len(np.unique(digits.row)) < len(digits.row):
        raise unusable(path, stage, "it holds a row twice")
    return digits


def read_split() -> Split:
    """Return the three parts; raises DigitsError if any row is in two of them."""
    parts = {path: read(path) for path in PARTS}
    for (one, first), (two, second) in combinations(parts.items(), 2):
        shared = np.intersect1d(first.row, second.row)
        if len(shared):
            reason = f"row {shared[0]} of the source is in {one} as well"
            raise unusable(two, _STAGES[two], reason)
    return Split(*parts.values())


def to_matrix(table: pa.Table) -> npt.NDArray[np.uint8]:
    """Return the uint8 columns of a table as a matrix (rows, columns) in C order."""
    columns = np.empty((table.num_columns, table.num_rows), np.uint8)
    for index, column in enumerate(table.columns):
        columns[index] = parquet.numbers(column)
    return np.ascontiguousarray(columns.T)
