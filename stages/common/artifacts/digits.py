"""Tables of digits: the whole source, and its three parts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable
from stages.common.pieces import GROUP_ROWS, PIECE_ROWS, spans
from stages.common.repeated import repeated
from stages.common.scratch import refuse_no_room, scratch_bytes

DIGITS = Path("data/digits.parquet")
TRAIN = Path("data/split/train.parquet")
VALIDATION = Path("data/split/validation.parquet")
TEST = Path("data/split/test.parquet")
PARTS = (TRAIN, VALIDATION, TEST)

PIXELS = tuple(f"pixel{i}" for i in range(784))
SCHEMA = pa.schema(
    [("row", pa.int32()), ("label", pa.uint8()), *((name, pa.uint8()) for name in PIXELS)]
)

ROW_BYTES = 792  # of a table of noise, in which nothing can be packed

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


@dataclass(frozen=True)
class Table:
    """A table of digits of which the pixels are still in its file.

    row: (n,) int32, and label: (n,) uint8, as in Digits. pieces: reads the digits anew, in order,
    at most PIECE_ROWS at a time; raises DigitsError where the file is damaged.
    """

    row: npt.NDArray[np.int32]
    label: npt.NDArray[np.uint8]
    pieces: Callable[[], Iterator[Digits]]


def write(path: Path, digits: Digits) -> None:
    """Write digits to a Parquet file, a column for each pixel."""
    rows = len(digits.row)
    write_pieces(path, rows, (part_of(digits, span) for span in spans(rows, PIECE_ROWS)))


def part_of(digits: Digits, rows: slice | npt.NDArray[np.integer]) -> Digits:
    """Return some of the digits, by their places among them."""
    return Digits(digits.row[rows], digits.label[rows], digits.pixels[rows])


def write_pieces(path: Path, rows: int, pieces: Iterable[Digits]) -> None:
    """Write digits that come PIECE_ROWS at a time and are `rows` in all, as `write` does."""
    refuse_no_room(path, rows * ROW_BYTES + min(rows, GROUP_ROWS) * len(PIXELS))
    parquet.write_groups(path, SCHEMA, _groups(path, rows, iter(pieces)), _VERSION)


def _groups(path: Path, rows: int, pieces: Iterator[Digits]) -> Iterator[pa.Table]:
    """Yield a table for each group of rows; what is large of it lies beside `path` meanwhile."""
    with scratch_bytes((len(PIXELS), min(rows, GROUP_ROWS)), path) as columns:
        for group in [*spans(rows, GROUP_ROWS)] or [slice(0, 0)]:
            size = group.stop - group.start
            row, label = np.empty(size, np.int32), np.empty(size, np.uint8)
            for span in spans(size, PIECE_ROWS):
                piece = next(pieces)
                row[span], label[span], columns[:, span] = piece.row, piece.label, piece.pixels.T
            yield parquet.table_of([row, label, *columns[:, :size]], SCHEMA)


def read(path: Path) -> Digits:
    """Return the digits in a Parquet file; raises DigitsError for a wrong one.

    Only the file of the rows that validate may be without a row.
    """
    with opened(path) as table:
        pixels = np.empty((len(table.row), len(PIXELS)), np.uint8)
        place = 0
        for piece in table.pieces():
            pixels[place : (place := place + len(piece.row))] = piece.pixels
        return Digits(table.row, table.label, pixels)


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """Yield a table whose pixels are read within the block; raises DigitsError as `read`."""
    stage = _STAGES.get(path, "ingest")
    with parquet.opened(path, SCHEMA, _VERSION, stage, may_be_empty=path == VALIDATION) as file:
        row, label = _numbers_beside(path, stage, file)
        yield Table(row, label, partial(_pieces, path, stage, file))


def _numbers_beside(
    path: Path, stage: str, file: parquet.File
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return what stands beside the pixels of an open file; raises DigitsError for a wrong one."""
    rows, labels = [np.empty(0, np.int32)], [np.empty(0, np.uint8)]
    for table in parquet.batches(file, path, stage, SCHEMA.names[:2]):
        rows.append(parquet.numbers(table.column("row")))
        labels.append(parquet.numbers(table.column("label")))
    row, label = np.concatenate(rows), np.concatenate(labels)
    if label.max(initial=0) > 9:
        raise unusable(path, stage, f"a label is {label.max()}; expected 0 to 9")
    if row.min(initial=0) < 0:
        raise unusable(path, stage, f"a row is {row.min()}; expected 0 or more")
    if repeated(row) is not None:
        raise unusable(path, stage, "it holds a row twice")
    return row, label


def _pieces(path: Path, stage: str, file: parquet.File) -> Iterator[Digits]:
    """Yield the digits of an open file."""
    for table in parquet.batches(file, path, stage, SCHEMA.names):
        row, label = (parquet.numbers(table.column(name)) for name in SCHEMA.names[:2])
        yield Digits(row, label, to_matrix(table.select(PIXELS)))


def read_split() -> Split:
    """Return the three parts; raises DigitsError if any row is in two of them."""
    with opened_split():
        return Split(*map(read, PARTS))


@contextmanager
def opened_split() -> Iterator[tuple[Table, Table, Table]]:
    """Yield the three parts as `opened` does; raises DigitsError if any row is in two of them."""
    with opened(TRAIN) as train, opened(VALIDATION) as validation, opened(TEST) as test:
        parts = dict(zip(PARTS, (train, validation, test), strict=True))
        for (one, first), (two, second) in combinations(parts.items(), 2):
            shared = np.intersect1d(first.row, second.row)
            if len(shared):
                reason = f"row {shared[0]} of the source is in {one} as well"
                raise unusable(two, _STAGES[two], reason)
        yield train, validation, test


def to_matrix(table: pa.Table) -> npt.NDArray[np.uint8]:
    """Return the uint8 columns of a table as a matrix (rows, columns) in C order."""
    columns = np.empty((table.num_columns, table.num_rows), np.uint8)
    for index, column in enumerate(table.columns):
        columns[index] = parquet.numbers(column)
    return np.ascontiguousarray(columns.T)
