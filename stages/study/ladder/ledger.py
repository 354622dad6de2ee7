"""The study's record in reports/ladder/: what each training gave, but for rows that test."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.artifacts import npz, parquet
from stages.study.ladder.plan import FOLDER

TRAININGS = FOLDER / "trainings.parquet"
CURVES = FOLDER / "curves.parquet"
FIRST_LAYERS = FOLDER / "first_layers.npz"

_VERSION = 1
_CURVES = ("cost", "accuracy", "validation_cost", "validation_accuracy")
SCORES = ("train_accuracy", "train_cost", "validation_accuracy", "validation_cost")


class Training(NamedTuple):
    """What the record keeps of one entry.

    commit: at which it was trained, empty outside of a Git repository. seconds: of training alone.
    scores: (4,) as SCORES names them, of the trained network; NaN where no rows validate.
    moments: (k,) epochs. curve: (4, k) cost and accuracy there on training and on validation rows,
    as the epoch found.
    """

    key: str
    name: str
    seed: int
    rows: str
    commit: str
    epochs: int
    seconds: float
    scores: npt.NDArray[np.float64]
    moments: npt.NDArray[np.int64]
    curve: npt.NDArray[np.float32]


class Ledger(NamedTuple):
    """All trainings, and the first layer's weights W1 of the first rung and of the last."""

    trainings: list[Training]
    layers: dict[str, npt.NDArray[np.float32]]

    def by_key(self) -> dict[str, Training]:
        """Return the trainings by key: of settings that share one the first, a rung if any is."""
        return {one.key: one for one in reversed(self.trainings)}


_TRAININGS_SCHEMA = pa.schema(
    [
        ("setting", pa.string()),
        ("seed", pa.uint32()),
        ("rows", pa.string()),
        ("epochs", pa.int32()),
        ("seconds", pa.float64()),
        *((name, pa.float64()) for name in SCORES),
        ("key", pa.string()),
        ("commit", pa.string()),
    ]
)
_CURVES_SCHEMA = pa.schema(
    [
        ("setting", pa.string()),
        ("seed", pa.uint32()),
        ("epoch", pa.int32()),
        *((name, pa.float32()) for name in _CURVES),
    ]
)


def write(ledger: Ledger) -> None:
    """Write the record."""
    told = ("seed", "rows", "epochs", "seconds", "key", "commit")
    ends = [
        {"setting": one.name, **{name: getattr(one, name) for name in told}}
        | dict(zip(SCORES, map(float, one.scores), strict=True))
        for one in ledger.trainings
    ]
    _write(TRAININGS, ends, _TRAININGS_SCHEMA)
    curves = [
        {"setting": one.name, "seed": one.seed, "epoch": int(moment)}
        | dict(zip(_CURVES, map(float, column), strict=True))
        for one in ledger.trainings
        for moment, column in zip(one.moments, one.curve.T, strict=True)
    ]
    _write(CURVES, curves, _CURVES_SCHEMA)
    single = {name: layer.astype(np.float32) for name, layer in ledger.layers.items()}
    npz.write(FIRST_LAYERS, single, _VERSION)


def _write(path: Any, rows: Sequence[dict[str, Any]], schema: pa.Schema) -> None:
    """Write a table of rows."""
    parquet.write(path, pa.Table.from_pylist(list(rows), schema=schema), _VERSION)


def read() -> Ledger:
    """Return the record, empty where there is none; raises DigitsError for a damaged one."""
    if not TRAININGS.exists():
        return Ledger([], {})
    curves: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in parquet.read(CURVES, _CURVES_SCHEMA, _VERSION, "climb").to_pylist():
        curves[row["setting"], row["seed"]].append(row)
    rows = parquet.read(TRAININGS, _TRAININGS_SCHEMA, _VERSION, "climb").to_pylist()
    layers = npz.read(FIRST_LAYERS, _VERSION, "climb")
    trainings = [_training(row, curves[row["setting"], row["seed"]]) for row in rows]
    return Ledger(trainings, {name: layer.view("f4") for name, layer in layers.items()})


def _training(row: dict[str, Any], curve: list[dict[str, Any]]) -> Training:
    """Return a training from its row, and the rows of its curve."""
    moments = np.array([point["epoch"] for point in curve], np.int64)
    points = np.array([[point[name] for point in curve] for name in _CURVES], np.float32)
    told = {name: row[name] for name in Training._fields if name in row}
    scores = np.array([row[name] for name in SCORES])
    return Training(name=row["setting"], **told, scores=scores, moments=moments, curve=points)
