"""Tables of digits: the whole source, and its three parts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable
from stages.common.mapped import CACHE_LINE, Arrays
from stages.common.pieces import GROUP_ROWS, PIECE_ROWS, spans
from stages.common.repeated import repeated
from stages.common.scratch import HELD

DIGITS = Path("data/digits.parquet")
TRAIN = Path("data/split/train.parquet")
VALIDATION = Path("data/split/validation.parquet")
TEST = Path("data/split/test.parquet")
PARTS = (TRAIN, VALIDATION, TEST)

PIXELS = tuple(f"pixel{i}" for i in range(784))
_BESIDE = pa.schema([("row", pa.int32()), ("label", pa.uint8())])
_PIXEL_SCHEMA = pa.schema([(name, pa.uint8()) for name in PIXELS])
SCHEMA = pa.schema([*_BESIDE, *_PIXEL_SCHEMA])

ROW_BYTES = 792  # of a table of noise, in which nothing can be packed

_BLOCK_ROWS = 4 * PIECE_ROWS  # 26 MB of pixels
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
    write_pieces(path, [digits])


def part_of(digits: Digits, rows: slice | npt.NDArray[np.integer]) -> Digits:
    """Return some of the digits, by their places among them."""
    return Digits(digits.row[rows], digits.label[rows], digits.pixels[rows])


def write_pieces(path: Path, pieces: Iterable[Digits]) -> None:
    """Write digits that come some at a time, in order, as `write` does."""
    parquet.write_groups(path, SCHEMA, _groups(path, pieces), _VERSION)


def _groups(path: Path, pieces: Iterable[Digits]) -> Iterator[pa.Table]:
    """Yield a table for each group of rows; what is large of it lies beside `path` meanwhile."""
    row, label = np.empty(GROUP_ROWS, np.int32), np.empty(GROUP_ROWS, np.uint8)
    blocks: list[npt.NDArray[np.uint8]] = []  # of columns, for _BLOCK_ROWS rows each
    done = place = 0
    with Arrays(path, HELD) as room:
        for piece in _cut(pieces):
            block, first = divmod(place, _BLOCK_ROWS)
            if block == len(blocks):
                blocks.append(room.empty((len(PIXELS), _BLOCK_ROWS), np.uint8))
            span = slice(place, place := place + len(piece.row))
            row[span], label[span] = piece.row, piece.label
            blocks[block][:, first : first + len(piece.row)] = piece.pixels.T
            if place == GROUP_ROWS:
                yield _table(row, label, blocks)
                done, place = done + place, 0
        if place or not done:
            yield _table(row[:place], label[:place], blocks)


def _cut(pieces: Iterable[Digits]) -> Iterator[Digits]:
    """Yield digits in parts that end with each _BLOCK_ROWS of them, or before."""
    place = 0
    for piece in pieces:
        start, rows = 0, len(piece.row)
        while start < rows:
            stop = min(rows, start + _BLOCK_ROWS - place % _BLOCK_ROWS)
            yield part_of(piece, slice(start, stop))
            place, start = place + stop - start, stop


def _table(
    row: npt.NDArray[np.int32],
    label: npt.NDArray[np.uint8],
    blocks: Sequence[npt.NDArray[np.uint8]],
) -> pa.Table:
    """Return a group of rows whose pixels are in blocks, all but the last of _BLOCK_ROWS.

    The others are not cut: where a dictionary of all numbers is too large, as that of `row`, the
    cut would show in the file.
    """
    sizes = [span.stop - span.start for span in spans(len(row), _BLOCK_ROWS)]
    parts = [
        parquet.table_of(block[:, :size], _PIXEL_SCHEMA)
        for block, size in zip(blocks, sizes, strict=False)
    ]
    pixels = pa.concat_tables([_PIXEL_SCHEMA.empty_table(), *parts])
    beside = parquet.table_of([row, label], _BESIDE)
    return pa.Table.from_arrays([*beside.columns, *pixels.columns], schema=SCHEMA)


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
    for table in parquet.batches(file, path, stage, _BESIDE.names):
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
        row, label = (parquet.numbers(table.column(name)) for name in _BESIDE.names)
        yield Digits(row, label, to_matrix(table.select(PIXELS)))


@contextmanager
def opened_split() -> Iterator[tuple[Table, Table, Table]]:
    """Yield the three parts as `opened` does; raises DigitsError if any row is in two of them."""
    with opened(TRAIN) as train, opened(VALIDATION) as validation, opened(TEST) as test:
        parts = dict(zip(PARTS, (train, validation, test), strict=True))
        for (one, first), (two, second) in combinations(parts.items(), 2):
            shared = repeated(np.concatenate([first.row, second.row]))
            if shared is not None:
                reason = f"row {shared} of the source is in {one} as well"
                raise unusable(two, _STAGES[two], reason)
        yield train, validation, test


def to_matrix(table: pa.Table) -> npt.NDArray[np.uint8]:
    """Return the uint8 columns of a table as a matrix (rows, columns) in C order."""
    # Columns that begin a power of two apart would drive each other out of the caches.
    rows = table.num_rows
    columns = np.empty((table.num_columns, rows + CACHE_LINE), np.uint8)[:, :rows]
    for index, column in enumerate(table.columns):
        columns[index] = parquet.numbers(column)
    return np.ascontiguousarray(columns.T)
