"""Artifacts made for the tests: one of each kind by hand, and any by hypothesis."""

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stages.common.artifacts import (
    digits,
    encoded,
    history,
    predictions,
    snapshots,
    trained,
    weights,
)
from stages.common.artifacts.digits import Digits
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.artifacts.predictions import Predictions
from stages.common.artifacts.snapshots import Snapshots
from stages.common.artifacts.trained import Trained

Array = npt.NDArray[Any]
Layers = list[tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]]

_rng = np.random.default_rng(7)

PIXELS_OF_SIDES = [784, 400, 256, 196, 64]
ROW = np.array([5, 0, 2], np.int32)
LABEL = np.array([7, 0, 9], np.uint8)
PIXELS = _rng.integers(0, 256, (3, 784), dtype=np.uint8)
ONE_HOT = np.array([[int(digit == label) for digit in range(10)] for label in LABEL], np.uint8)


def layers_of(sizes: Sequence[int], dtype: str = "float64") -> Layers:
    """Return random W and b for layers of these sizes."""
    return [
        (_rng.random((n, m)).astype(dtype), _rng.random(n).astype(dtype))
        for m, n in pairwise(sizes)
    ]


@dataclass(frozen=True)
class Kind:
    """A kind of artifact: its module, its path and stage by the contract, and one of it."""

    module: Any
    path: Path
    stage: str
    artifact: Any
    version: int = 1

    def read(self) -> Any:
        """Read it from its path in the current folder."""
        return self.module.read(self.path)

    def write(self) -> bytes:
        """Write it to its path in the current folder and return the bytes of the file."""
        self.module.write(self.path, self.artifact)
        return self.path.read_bytes()

    def put(self, content: bytes) -> None:
        """Put any bytes at its path in the current folder."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(content)


_DIGITS = Digits(ROW, LABEL, PIXELS)
_ENCODED = Encoded(PIXELS, ONE_HOT, ROW, 255.0)
_HISTORY = History(np.array([2.5, 0.25]), np.array([0.125, 1.0]))
_TRAINED = Trained(layers_of([784, 4, 10], "float32"), 255.0, 28, "tanh")
_SNAPSHOTS = Snapshots(
    [0, 2], [Trained(layers_of([784, 4, 10], "float32"), 255.0, 28, "tanh") for _ in range(2)]
)
_PREDICTIONS = Predictions(ROW, LABEL, LABEL[::-1].copy(), np.full((3, 10), 0.1))

KINDS = {
    "digits": Kind(digits, Path("data/digits.parquet"), "ingest", _DIGITS),
    "split train": Kind(digits, Path("data/split/train.parquet"), "split", _DIGITS),
    "split validation": Kind(digits, Path("data/split/validation.parquet"), "split", _DIGITS),
    "split test": Kind(digits, Path("data/split/test.parquet"), "split", _DIGITS),
    "encoded train": Kind(encoded, Path("data/encoded/train.npz"), "encode", _ENCODED),
    "encoded validation": Kind(encoded, Path("data/encoded/validation.npz"), "encode", _ENCODED),
    "encoded test": Kind(encoded, Path("data/encoded/test.npz"), "encode", _ENCODED),
    "initial": Kind(
        weights, Path("data/weights/initial.npz"), "initialize", layers_of([784, 4, 3, 10])
    ),
    "trained": Kind(trained, Path("data/weights/trained.npz"), "train", _TRAINED, version=2),
    "snapshots": Kind(snapshots, Path("data/weights/snapshots.npz"), "train", _SNAPSHOTS),
    "history": Kind(history, Path("data/history.parquet"), "train", _HISTORY),
    "predictions": Kind(predictions, Path("data/predictions.parquet"), "evaluate", _PREDICTIONS),
}


def each(names: Iterable[str], again: Container[str] = ()) -> list[Any]:
    """Return names of kinds as parameters of tests.

    Files of test rows have the readers and the stage of those that train: they are tried only where
    all is, and so are kinds that are there `again`.
    """
    return [
        pytest.param(name, marks=pytest.mark.whole)
        if name.endswith(" test") or name in again
        else name
        for name in names
    ]


def _rows(n: int) -> st.SearchStrategy[Array]:
    return hnp.arrays(np.int32, n, elements=st.integers(0, 2**31 - 1), unique=True)


def _labels(n: int) -> st.SearchStrategy[Array]:
    return hnp.arrays(np.uint8, n, elements=st.integers(0, 9))


def _shares(shape: int | tuple[int, int]) -> st.SearchStrategy[Array]:
    return hnp.arrays(np.float64, shape, elements=st.floats(0, 1))


@st.composite
def any_digits(draw: st.DrawFn) -> Digits:
    """Return one to four random images."""
    n = draw(st.integers(1, 4))
    return Digits(draw(_rows(n)), draw(_labels(n)), draw(hnp.arrays(np.uint8, (n, 784))))


@st.composite
def any_encoded(draw: st.DrawFn) -> Encoded:
    """Return one to four random images of any side with one-hot labels and any scale."""
    n, scale = draw(st.integers(1, 4)), draw(st.floats(0.001, 1e6))
    X = draw(hnp.arrays(np.uint8, (n, draw(st.sampled_from(PIXELS_OF_SIDES)))))
    Y = (draw(_labels(n))[:, None] == range(10)).astype(np.uint8)
    return Encoded(X, Y, draw(_rows(n)), scale)


@st.composite
def any_layers(draw: st.DrawFn) -> Layers:
    """Return any finite numbers in up to three hidden layers, in one of the two precisions."""
    sizes = [
        draw(st.sampled_from(PIXELS_OF_SIDES)),
        *draw(st.lists(st.integers(1, 5), max_size=3)),
        10,
    ]
    width = draw(st.sampled_from([32, 64]))
    finite = hnp.from_dtype(np.dtype(f"float{width}"), allow_nan=False, allow_infinity=False)
    arrays = [
        [draw(hnp.arrays(f"float{width}", shape, elements=finite)) for shape in ((n, m), n)]
        for m, n in pairwise(sizes)
    ]
    return [(W, b) for W, b in arrays]


@st.composite
def any_trained(draw: st.DrawFn) -> Trained:
    """Return any layers with what they were trained for."""
    layers = draw(any_layers())
    side = math.isqrt(layers[0][0].shape[1])
    activation = draw(st.sampled_from(["sigmoid", "tanh"]))
    return Trained(layers, draw(st.floats(0.001, 1e6)), side, activation)


@st.composite
def any_snapshots(draw: st.DrawFn) -> Snapshots:
    """Return a network at up to four epochs, the same each time."""
    network, epochs = draw(any_trained()), draw(st.sets(st.integers(0, 10**7), min_size=1))
    with np.errstate(over="ignore"):
        layers = [(W.astype("f4"), b.astype("f4")) for W, b in network.layers]
    finite = [tuple(np.nan_to_num(array) for array in layer) for layer in layers]
    chosen = sorted(epochs)[:4]
    return Snapshots(chosen, [replace(network, layers=finite) for _ in chosen])


@st.composite
def any_history(draw: st.DrawFn) -> History:
    """Return the course of up to 50 epochs."""
    n = draw(st.integers(1, 50))
    costs = hnp.arrays(np.float64, n, elements=st.floats(0, allow_infinity=False))
    course = History(draw(costs), draw(_shares(n)), learning_rate=draw(st.none() | costs))
    if draw(st.booleans()):
        return course
    return replace(course, validation_cost=draw(costs), validation_accuracy=draw(_shares(n)))


@st.composite
def any_predictions(draw: st.DrawFn) -> Predictions:
    """Return what a network could say of up to eight images."""
    n = draw(st.integers(1, 8))
    return Predictions(draw(_rows(n)), draw(_labels(n)), draw(_labels(n)), draw(_shares((n, 10))))


ANY: dict[str, st.SearchStrategy[Any]] = {
    "digits": any_digits(),
    "encoded train": any_encoded(),
    "initial": any_layers(),
    "trained": any_trained(),
    "snapshots": any_snapshots(),
    "history": any_history(),
    "predictions": any_predictions(),
}


def arrays_of(artifact: Any) -> list[Array]:
    """Return every array of an artifact, in order."""
    if isinstance(artifact, Snapshots):
        networks = [array for network in artifact.networks for array in arrays_of(network)]
        return [np.array(artifact.epochs), *networks]
    if isinstance(artifact, list):
        return [array for layer in artifact for array in layer]
    values = [getattr(artifact, field.name) for field in fields(artifact)]
    layers = [array for value in values if isinstance(value, list) for array in arrays_of(value)]
    others = [value for value in values if not isinstance(value, list | None)]
    return [*layers, *map(np.asarray, others)]


def assert_same(left: Any, right: Any) -> None:
    """Assert that two artifacts hold the same bytes in arrays of the same type and shape."""
    for a, b in zip(arrays_of(left), arrays_of(right), strict=True):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert a.tobytes() == b.tobytes()


def read_split() -> list[Digits]:
    """Return the three parts; raises DigitsError if any row is in two of them."""
    with digits.opened_split():
        return [digits.read(path) for path in digits.PARTS]


def npz_arrays(path: Path) -> dict[str, Array]:
    """Return the arrays of an NPZ file, the version among them."""
    with path.open("rb") as file, np.load(file) as arrays:
        return dict(arrays)


def put_npz(path: Path, arrays: dict[str, Any]) -> None:
    """Write the arrays as they are; those that are None are left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: array for name, array in arrays.items() if array is not None}
    np.savez(path, allow_pickle=True, **kept)


def put_parquet(path: Path, table: pa.Table, version: str | None = "1") -> None:
    """Write a table under a format version, or under none."""
    metadata = {} if version is None else {"digits.format_version": version}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.replace_schema_metadata(metadata), path)
