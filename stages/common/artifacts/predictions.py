"""What the trained network says of each test image."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable
from stages.common.pieces import GROUP_ROWS, PIECE_ROWS, spans
from stages.common.repeated import repeated

PREDICTIONS = Path("data/predictions.parquet")

_PROBABILITIES = tuple(f"p{digit}" for digit in range(10))
_SCHEMA = pa.schema(
    [
        ("row", pa.int32()),
        ("label", pa.uint8()),
        ("predicted", pa.uint8()),
        *((name, pa.float64()) for name in _PROBABILITIES),
    ]
)
_ROW_BYTES = 88  # 86 of numbers, and what packing adds where it gains nothing
_VERSION = 1
_STAGE = "evaluate"


Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Predictions:
    """Test images, what they show and what the network sees in them.

    row: (n,) int32, each image's position in the source, from 0.
    label: (n,) uint8, the true digit.
    predicted: (n,) uint8, the digit of the highest probability.
    P: (n, 10) float64, probability of each digit.
    """

    row: npt.NDArray[np.int32]
    label: npt.NDArray[np.uint8]
    predicted: npt.NDArray[np.uint8]
    P: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Predictions of which, of all probabilities, only the highest are held.

    row, label, predicted: as in Predictions. sureness: (n,) float64, the highest probability.
    """

    row: npt.NDArray[np.int32]
    label: npt.NDArray[np.uint8]
    predicted: npt.NDArray[np.uint8]
    sureness: npt.NDArray[np.float64]


def write(path: Path, predictions: Predictions) -> None:
    """Write predictions to a Parquet file."""
    p, rows = predictions, len(predictions.row)
    pieces = (
        Predictions(p.row[some], p.label[some], p.predicted[some], p.P[some])
        for some in spans(rows, PIECE_ROWS)
    )
    write_pieces(path, rows, pieces)


def write_pieces(path: Path, rows: int, pieces: Iterable[Predictions]) -> None:
    """Write predictions that come PIECE_ROWS at a time and are `rows` in all, as `write` does."""
    parquet.write_groups(path, _SCHEMA, _groups(rows, iter(pieces)), _VERSION)


def size(rows: int) -> int:
    """Return how many bytes so many rows take in a file, at most."""
    return rows * _ROW_BYTES


def _groups(rows: int, pieces: Iterator[Predictions]) -> Iterator[pa.Table]:
    """Yield a table for each group of rows."""
    for group in spans(rows, GROUP_ROWS):
        n = group.stop - group.start
        columns = [np.empty(n, field.type.to_pandas_dtype()) for field in _SCHEMA]
        for some in spans(n, PIECE_ROWS):
            p = next(pieces)
            for column, part in zip(columns, [p.row, p.label, p.predicted, *p.P.T], strict=True):
                column[some] = part
        yield parquet.table_of(columns, _SCHEMA)


def read(path: Path) -> Predictions:
    """Return the predictions in a Parquet file; raises DigitsError for a wrong one."""
    row, label, predicted, P = map(np.concatenate, zip(*_pieces(path), strict=True))
    _refuse_twice(path, row)
    return Predictions(row, label, predicted, P)


def read_answers(path: Path) -> Answers:
    """Return what is predicted in a Parquet file; raises DigitsError for a wrong one."""
    shorter = ((*others, P.max(axis=1)) for *others, P in _pieces(path))
    found = Answers(*map(np.concatenate, zip(*shorter, strict=True)))
    _refuse_twice(path, found.row)
    return found


def _pieces(path: Path) -> Iterator[tuple[Column, ...]]:
    """Yield row, label, predicted and P some rows at a time; raises DigitsError for a wrong one."""
    with parquet.opened(path, _SCHEMA, _VERSION, _STAGE) as file:
        for table in parquet.batches(file, path, _STAGE, _SCHEMA.names):
            row, label, predicted, *shares = map(parquet.numbers, table.columns)
            P = np.stack(shares, axis=1)
            if fault := _fault(row, label, predicted, P):
                raise unusable(path, _STAGE, fault)
            yield row, label, predicted, P


def _fault(row: Column, label: Column, predicted: Column, P: Column) -> str | None:
    """Say which values no evaluation writes, or return None."""
    if max(label.max(), predicted.max()) > 9:
        return "a label or prediction is not a digit from 0 to 9"
    if row.min() < 0:
        return f"a row is {row.min()}; expected 0 or more"
    if not np.all((P >= 0) & (P <= 1)):
        return "a probability is not between 0 and 1"
    return None


def _refuse_twice(path: Path, row: npt.NDArray[np.int32]) -> None:
    """Raise DigitsError where predictions hold a row twice."""
    if repeated(row) is not None:
        raise unusable(path, _STAGE, "it holds a row twice")
