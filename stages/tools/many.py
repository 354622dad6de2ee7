"""Make a source of many rows from MNIST's digits, to try the pipeline at such sizes.

ROWS and FORM in the environment say how many and what: idx, csv or parquet. Row i is digit i % 5000
of data/raw/mnist-5k.csv.gz in its variant of number i // 5000: moved by up to two pixels across and
down, and turned by up to eight degrees. A digit's first 1,625 variants are all different. The same
rows are the same bytes, always.
"""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from stages.common.areas import SIDE
from stages.common.artifacts.digits import SCHEMA
from stages.common.artifacts.parquet import table_of
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.files import replacing
from stages.common.pieces import MOST_ROWS, PIECE_ROWS, spans
from stages.common.progress import shown
from stages.common.scratch import refuse_no_room
from stages.ingest import read_source
from stages.sources.columns import Labelled

BASE = Path("data/raw/mnist-5k.csv.gz")
FOLDER = Path("data/many")

_SHIFT = 2  # pixels
_SHIFTS = (2 * _SHIFT + 1) ** 2
_TURNS = 65  # from -8 to 8 degrees, a quarter of one apart
_STEPS = 256  # of a place in an image, to the pixel
_WHOLE = _STEPS * _STEPS  # the weights of a pixel together

Pixels = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]


def variants(base: Labelled, rows: slice) -> Labelled:
    """Return some rows of the source that is made of a few digits."""
    number = np.arange(rows.start, rows.stop)
    place = number % len(base.label)
    # Coprime to their number: each copy of a digit is another variant.
    variant = (number // len(base.label) * 911 + place * 31) % (_TURNS * _SHIFTS)
    images = moved(turned(base.pixels[place], variant // _SHIFTS), variant % _SHIFTS)
    return Labelled(base.label[place], images)


def turned(pixels: Pixels, turn: Numbers) -> Pixels:
    """Return images (n, 784), each turned by its own of the angles."""
    found = np.empty_like(pixels)
    for at in np.unique(turn).tolist():
        which = turn == at
        corners, weights = _corners(at)
        wide = np.pad(pixels[which], ((0, 0), (0, 1)))  # the last is paper
        sums = sum(wide[:, corners[k]] * weights[k] for k in range(4))
        found[which] = (sums + _WHOLE // 2) // _WHOLE
    return found


@cache
def _corners(turn: int) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """Return which four pixels each pixel of a turned image lies between, and their weights.

    (4, 784) each; 784 is a pixel outside. The weights of a pixel are _WHOLE together.
    """
    angle = math.radians((turn - _TURNS // 2) / 4)
    middle = (SIDE - 1) / 2
    down, across = (axis.ravel() - middle for axis in np.mgrid[:SIDE, :SIDE])
    turns = ((math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle)))
    places = [np.rint((a * down + b * across + middle) * _STEPS).astype(np.int64) for a, b in turns]
    (top, left), (low, right) = zip(*(np.divmod(place, _STEPS) for place in places), strict=True)
    corners, weights = [], []
    for y, by in ((top, _STEPS - low), (top + 1, low)):
        for x, bx in ((left, _STEPS - right), (left + 1, right)):
            inside = (y >= 0) & (y < SIDE) & (x >= 0) & (x < SIDE)
            corners.append(np.where(inside, y * SIDE + x, SIDE * SIDE))
            weights.append((by * bx).astype(np.int32))
    return np.array(corners), np.array(weights)


def moved(pixels: Pixels, shift: Numbers) -> Pixels:
    """Return images (n, 784), each moved by its own of the shifts, paper where nothing was."""
    images = np.pad(pixels.reshape(-1, SIDE, SIDE), ((0, 0), (_SHIFT,) * 2, (_SHIFT,) * 2))
    found = np.empty_like(pixels)
    for at in np.unique(shift).tolist():
        top, left = divmod(at, 2 * _SHIFT + 1)
        cut = images[shift == at, top : top + SIDE, left : left + SIDE]
        found[shift == at] = cut.reshape(-1, SIDE * SIDE)
    return found


def write_idx(path: Path, rows: int, pieces: Iterator[Labelled]) -> None:
    """Write a folder with a pair of IDX files."""
    count = rows.to_bytes(4, "big")
    with (
        replacing(path / "train-images-idx3-ubyte") as images,
        replacing(path / "train-labels-idx1-ubyte") as labels,
    ):
        images.write(b"\0\0\x08\3" + count + 2 * SIDE.to_bytes(4, "big"))
        labels.write(b"\0\0\x08\1" + count)
        for piece in pieces:
            images.write(piece.pixels.data)
            labels.write(piece.label.data)


def write_csv(path: Path, _: int, pieces: Iterator[Labelled]) -> None:
    """Write a CSV file with a header."""
    with replacing(path) as file, arrow_csv.CSVWriter(file, _SCHEMA) as writer:
        for piece in pieces:
            writer.write_table(_table(piece))


def write_parquet(path: Path, _: int, pieces: Iterator[Labelled]) -> None:
    """Write a Parquet file in groups of the size of a piece."""
    with replacing(path) as file, pq.ParquetWriter(file, _SCHEMA, compression="zstd") as writer:
        for piece in pieces:
            writer.write_table(_table(piece))


_SCHEMA = pa.schema([*SCHEMA][1:])  # without the number of a row


def _table(piece: Labelled) -> pa.Table:
    """Return digits as a table, a column for each pixel."""
    return table_of([piece.label, *np.ascontiguousarray(piece.pixels.T)], _SCHEMA)


class Form(NamedTuple):
    """A form of source: the name of one, the most bytes that a row takes, and what writes it."""

    name: str
    row_bytes: int
    write: Callable[[Path, int, Iterator[Labelled]], None]


FORMS = {
    "idx": Form("{}-idx", 785, write_idx),
    "csv": Form("{}.csv", 4 * 785, write_csv),
    "parquet": Form("{}.parquet", 2 * 785, write_parquet),
}


def wanted(environment: Mapping[str, str]) -> tuple[int, Form]:
    """Return how many rows are to be made in which form; raises DigitsError for anything else."""
    rows, form = environment.get("ROWS", ""), environment.get("FORM", "idx")
    number = int(rows) if rows.isascii() and rows.isdecimal() and len(rows) < 12 else 0
    if not 1 <= number <= MOST_ROWS or form not in FORMS:
        raise DigitsError(
            f"ROWS is {rows!r} and FORM {form!r}; expected a whole number from 1 to {MOST_ROWS:,}, "
            f"and {' or '.join(FORMS)}: make many ROWS=100000 FORM=idx"
        )
    return number, FORMS[form]


def main() -> None:
    """Make the source."""
    rows, form = wanted(os.environ)
    path = FOLDER / form.name.format(rows)
    refuse_no_room(path, rows * form.row_bytes)
    base = read_source(BASE)
    pieces = (variants(base, span) for span in spans(rows, PIECE_ROWS))
    form.write(path, rows, shown(pieces, "many", rows, lambda piece: len(piece.label)))
    print(f"{path}: {rows:,} rows")


if __name__ == "__main__":
    run_stage(main, __doc__)
