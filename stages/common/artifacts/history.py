"""The course of training: cost and accuracy of every epoch."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable

HISTORY = Path("data/history.parquet")

_SCHEMA = pa.schema([("epoch", pa.int32()), ("cost", pa.float64()), ("accuracy", pa.float64())])
_VERSION = 1
_STAGE = "train"


@dataclass(frozen=True)
class History:
    """What each epoch found on the training rows, before its update.

    cost: (epochs,) float64, mean cross-entropy in nats.
    accuracy: (epochs,) float64, share of rows predicted right.
    """

    cost: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]

    @property
    def epoch(self) -> npt.NDArray[np.int32]:
        """Return the number of each epoch, from 1: (epochs,) int32."""
        return np.arange(1, len(self.cost) + 1, dtype=np.int32)


def write(path: Path, history: History) -> None:
    """Write a history to a Parquet file."""
    table = parquet.table_of([history.epoch, history.cost, history.accuracy], _SCHEMA)
    parquet.write(path, table, _VERSION)


def read(path: Path) -> History:
    """Return the history in a Parquet file; raises DigitsError for a wrong one."""
    table = parquet.read(path, _SCHEMA, _VERSION, _STAGE)
    epoch, cost, accuracy = map(parquet.numbers, table.columns)
    history = History(cost, accuracy)
    if not np.array_equal(epoch, history.epoch):
        raise unusable(path, _STAGE, "its epochs do not count from 1")
    if not np.all(np.isfinite([history.cost, history.accuracy])):
        raise unusable(path, _STAGE, "it holds a number that is not finite")
    if not np.all((history.accuracy >= 0) & (history.accuracy <= 1) & (history.cost >= 0)):
        raise unusable(path, _STAGE, "a cost is below 0, or an accuracy not between 0 and 1")
    return history
