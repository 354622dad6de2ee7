"""The course of training: cost and accuracy of every epoch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import unusable

HISTORY = Path("data/history.parquet")

_SCHEMA = pa.schema([("epoch", pa.int32()), ("cost", pa.float64()), ("accuracy", pa.float64())])
_VALIDATION = ("validation_cost", "validation_accuracy")
_OPTIONAL = [pa.field(name, pa.float64()) for name in (*_VALIDATION, "learning_rate")]
_VERSION = 1
_STAGE = "train"

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """What each epoch found: on the training rows before each update.

    cost: (epochs,) float64, mean cross-entropy in nats.
    accuracy: (epochs,) float64, share of rows predicted right.
    validation_cost, validation_accuracy: likewise, on the rows that validate and after the
    epoch; None where no row does.
    learning_rate: (epochs,) float64, of each epoch's last step; None where it is constant.
    """

    cost: Scores
    accuracy: Scores
    validation_cost: Scores | None = None
    validation_accuracy: Scores | None = None
    learning_rate: Scores | None = None

    @property
    def epoch(self) -> npt.NDArray[np.int32]:
        """Return the number of each epoch, from 1: (epochs,) int32."""
        return np.arange(1, len(self.cost) + 1, dtype=np.int32)

    @property
    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is there, each (epochs,), by name and in the order of the files."""
        names = [*_SCHEMA.names, *(field.name for field in _OPTIONAL)]
        found = {name: getattr(self, name) for name in names}
        return {name: values for name, values in found.items() if values is not None}


def write(path: Path, history: History) -> None:
    """Write a history to a Parquet file."""
    columns = history.columns
    more = [field for field in _OPTIONAL if field.name in columns]
    table = parquet.table_of(columns.values(), pa.schema([*_SCHEMA, *more]))
    parquet.write(path, table, _VERSION)


def read(path: Path) -> History:
    """Return the history in a Parquet file; raises DigitsError for a wrong one."""
    table = parquet.read(path, _SCHEMA, _VERSION, _STAGE, optional=_OPTIONAL)
    columns = {name: parquet.numbers(table.column(name)) for name in table.column_names}
    epoch = columns.pop("epoch")
    history = History(**columns)
    if not np.array_equal(epoch, history.epoch):
        raise unusable(path, _STAGE, "its epochs do not count from 1")
    if len(columns.keys() & set(_VALIDATION)) == 1:
        raise unusable(path, _STAGE, f"it has one of {' and '.join(_VALIDATION)}")
    for name, values in columns.items():
        fault = _wrong_values(name, values)
        if fault:
            raise unusable(path, _STAGE, fault)
    return history


def _wrong_values(name: str, values: Scores) -> str | None:
    """Say which values of a column no training writes, or return None."""
    if not np.all(np.isfinite(values)):
        return f"its {name} is not finite in every epoch"
    if values.min() < 0:
        return f"its {name} is below 0"
    if name.endswith("accuracy") and values.max() > 1:
        return f"its {name} is above 1"
    return None
