"""What the trained network says of each test image."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable

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
_VERSION = 1
_STAGE = "evaluate"


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


def write(path: Path, predictions: Predictions) -> None:
    """Write predictions to a Parquet file."""
    p = predictions
    table = parquet.table_of([p.row, p.label, p.predicted, *p.P.T], _SCHEMA)
    parquet.write(path, table, _VERSION)


def read(path: Path) -> Predictions:
    """Return the predictions in a Parquet file; raises DigitsError for a wrong one."""
    table = parquet.read(path, _SCHEMA, _VERSION, _STAGE)
    names = ("row", "label", "predicted")
    row, label, predicted = (parquet.numbers(table.column(name)) for name in names)
    P = np.stack([parquet.numbers(table.column(name)) for name in _PROBABILITIES], axis=1)
    if max(label.max(), predicted.max()) > 9:
        raise unusable(path, _STAGE, "a label or prediction is not a digit from 0 to 9")
    if row.min() < 0:
        raise unusable(path, _STAGE, f"a row is {row.min()}; expected 0 or more")
    if len(np.unique(row)) < len(row):
        raise unusable(path, _STAGE, "it holds a row twice")
    if not np.all((P >= 0) & (P <= 1)):
        raise unusable(path, _STAGE, "a probability is not between 0 and 1")
    return Predictions(row, label, predicted, P)
