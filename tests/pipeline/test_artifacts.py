"""What other programs rely on: every artifact's names, types and values."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.scratch import ROWS, SETTINGS, SOURCE, Scratch

Array = npt.NDArray[Any]

TRAIN_ROWS = SETTINGS["split.train_rows"]

PIXELS = [f"pixel{number}" for number in range(784)]
PROBABILITIES = [f"p{digit}" for digit in range(10)]
DIGITS = {"row": "int32", "label": "uint8", **dict.fromkeys(PIXELS, "uint8")}
PARQUET = {
    "data/digits.parquet": DIGITS,
    "data/split/train.parquet": DIGITS,
    "data/split/validation.parquet": DIGITS,
    "data/split/test.parquet": DIGITS,
    "data/history.parquet": {"epoch": "int32", "cost": "double", "accuracy": "double"},
    "data/predictions.parquet": {
        "row": "int32",
        "label": "uint8",
        "predicted": "uint8",
        **dict.fromkeys(PROBABILITIES, "double"),
    },
}
METRICS = {"accuracy", "cost"}
LAYERS = {
    "W1": (16, 784),
    "b1": (16,),
    "W2": (16, 16),
    "b2": (16,),
    "W3": (10, 16),
    "b3": (10,),
}


def table(project: Scratch, path: str) -> pa.Table:
    """Return a Parquet file."""
    return pq.read_table(project.folder / path)


def columns(project: Scratch, path: str, names: list[str]) -> Array:
    """Return columns of a Parquet file as an array (rows, columns)."""
    return np.stack([column.to_numpy() for column in table(project, path).select(names)], axis=1)


def arrays(project: Scratch, path: str) -> dict[str, Array]:
    """Return the arrays of an NPZ file."""
    with np.load(project.folder / path, allow_pickle=False) as file:
        return dict(file)


def report(project: Scratch, name: str) -> Any:
    """Return a JSON report."""
    return json.loads((project.folder / "reports" / name).read_text(encoding="utf-8"))


def lines(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", PARQUET)
def test_parquet_files_have_their_columns_and_a_version(path: str, trained: Scratch) -> None:
    schema = table(trained, path).schema
    assert {field.name: str(field.type) for field in schema} == PARQUET[path]
    assert schema.names == list(PARQUET[path])
    assert schema.metadata == {b"digits.format_version": b"1"}


def test_digits_are_the_source_in_its_order(trained: Scratch) -> None:
    source = lines(trained.folder / SOURCE)
    wanted = [[int(line[name]) for name in ("label", *PIXELS)] for line in source]
    assert np.array_equal(columns(trained, "data/digits.parquet", ["label", *PIXELS]), wanted)
    assert np.array_equal(columns(trained, "data/digits.parquet", ["row"])[:, 0], np.arange(ROWS))


def test_split_parts_hold_every_row_once(trained: Scratch) -> None:
    digits = columns(trained, "data/digits.parquet", list(DIGITS))
    train = columns(trained, "data/split/train.parquet", list(DIGITS))
    test = columns(trained, "data/split/test.parquet", list(DIGITS))
    assert (len(train), len(test)) == (TRAIN_ROWS, ROWS - TRAIN_ROWS)
    assert len(columns(trained, "data/split/validation.parquet", list(DIGITS))) == 0
    both = np.concatenate([train, test])
    assert np.array_equal(both[both[:, 0].argsort()], digits)


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_encoded_parts_are_those_of_the_split(part: str, trained: Scratch) -> None:
    split = f"data/split/{part}.parquet"
    label = columns(trained, split, ["label"])
    wanted = {
        "format_version": np.array(1),
        "X": columns(trained, split, PIXELS),
        "Y": (label == np.arange(10)).astype(np.uint8),
        "row": columns(trained, split, ["row"])[:, 0],
        "pixel_scale": np.array(255.0),
    }
    found = arrays(trained, f"data/encoded/{part}.npz")
    assert shapes_and_types(found) == shapes_and_types(wanted)
    assert all(np.array_equal(found[name], wanted[name]) for name in wanted)


def shapes_and_types(named: dict[str, Array]) -> dict[str, tuple[tuple[int, ...], str]]:
    """Return what each array is."""
    return {name: (array.shape, str(array.dtype)) for name, array in named.items()}


BESIDE = {
    "initial": {},
    "trained": {"pixel_scale": ((), "float64"), "side": ((), "int32")},
}


@pytest.mark.parametrize("state", BESIDE)
def test_weights_have_their_layers(state: str, trained: Scratch) -> None:
    found = shapes_and_types(arrays(trained, f"data/weights/{state}.npz"))
    assert found.pop("format_version") == ((), "int64")
    assert found == {name: (shape, "float64") for name, shape in LAYERS.items()} | BESIDE[state]


def test_snapshots_are_the_weights_on_their_way(trained: Scratch) -> None:
    found = arrays(trained, "data/weights/snapshots.npz")
    epochs = [0, 1, 2, 5, 10, 20, 50, 100, 200, SETTINGS["train.epochs"]]
    assert found["epochs"].tolist() == epochs
    shapes = {name: ((len(epochs), *shape), "float32") for name, shape in LAYERS.items()}
    beside = {"format_version": ((), "int64"), "epochs": ((len(epochs),), "int32")}
    assert shapes_and_types(found) == shapes | beside | BESIDE["trained"]
    for number, state in ((0, "initial"), (-1, "trained")):
        there = arrays(trained, f"data/weights/{state}.npz")
        assert all(np.array_equal(found[name][number], there[name].astype("f4")) for name in LAYERS)
    told = lines(trained.folder / "reports/snapshots.csv")
    assert list(told[0]) == ["epoch", "cost", "accuracy"]
    assert [int(line["epoch"]) for line in told] == epochs


def test_history_tells_every_epoch_twice(trained: Scratch) -> None:
    names = ["epoch", "cost", "accuracy"]
    history = columns(trained, "data/history.parquet", names)
    assert np.array_equal(history[:, 0], np.arange(1, SETTINGS["train.epochs"] + 1))
    told = lines(trained.folder / "reports/history.csv")
    assert list(told[0]) == names
    assert np.array_equal([[float(line[name]) for name in names] for line in told], history)


def test_predictions_are_of_the_test_rows(trained: Scratch) -> None:
    path = "data/predictions.parquet"
    names = ["row", "label"]
    rows = columns(trained, path, names)
    assert np.array_equal(rows, columns(trained, "data/split/test.parquet", names))
    P = columns(trained, path, PROBABILITIES)
    assert np.array_equal(columns(trained, path, ["predicted"])[:, 0], P.argmax(axis=1))
    assert np.allclose(P.sum(axis=1), 1, rtol=0, atol=1e-12)


def test_predictions_are_told_row_by_row(trained: Scratch) -> None:
    told = lines(trained.folder / "reports/predictions.csv")
    assert list(told[0]) == ["row", "actual", "predicted"]
    rows = columns(trained, "data/predictions.parquet", ["row", "label", "predicted"])
    assert np.array_equal([[int(cell) for cell in line.values()] for line in told], rows)


def test_metrics_are_those_of_the_predictions(trained: Scratch) -> None:
    metrics = report(trained, "metrics.json")
    assert {part: set(scores) for part, scores in metrics.items()} == dict.fromkeys(
        ("train", "test"), METRICS
    )
    path = "data/predictions.parquet"
    label, predicted = columns(trained, path, ["label", "predicted"]).T
    right = columns(trained, path, PROBABILITIES)[np.arange(len(label)), label]
    assert metrics["test"]["accuracy"] == pytest.approx(np.mean(label == predicted), rel=1e-12)
    assert metrics["test"]["cost"] == pytest.approx(-np.mean(np.log(right)), rel=1e-6)


def test_each_digit_is_scored(trained: Scratch) -> None:
    scores = report(trained, "per_class.json")
    assert list(scores) == [str(digit) for digit in range(10)]
    label, predicted = columns(trained, "data/predictions.parquet", ["label", "predicted"]).T
    for digit in range(10):
        score, hits = scores[str(digit)], np.sum((label == digit) & (predicted == digit))
        assert set(score) == {"precision", "recall", "f1", "support"}
        assert score["support"] == np.sum(label == digit)
        assert score["recall"] * score["support"] == pytest.approx(hits)
        assert score["precision"] * np.sum(predicted == digit) == pytest.approx(hits)


def test_the_exported_network_takes_pixels_and_gives_labels_and_probabilities(
    trained: Scratch,
) -> None:
    model = onnx.load(trained.folder / "data/export/network.onnx")
    floats, integers = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    assert [described(value) for value in model.graph.input] == [("pixels", floats, ["n", 784])]
    assert [described(value) for value in model.graph.output] == [
        ("label", integers, ["n"]),
        ("probabilities", floats, ["n", 10]),
    ]


def test_the_exported_network_says_what_evaluate_does(trained: Scratch) -> None:
    session = onnxruntime.InferenceSession(trained.folder / "data/export/network.onnx")
    pixels = columns(trained, "data/split/test.parquet", PIXELS).astype(np.float32)
    label, P = session.run(None, {"pixels": pixels})
    path = "data/predictions.parquet"
    assert np.abs(P - columns(trained, path, PROBABILITIES)).max() < 1e-6
    assert np.array_equal(label, columns(trained, path, ["predicted"])[:, 0])


def described(value: onnx.ValueInfoProto) -> tuple[str, int, list[str | int]]:
    """Return an input's or output's name, type and shape."""
    tensor = value.type.tensor_type
    return value.name, tensor.elem_type, [x.dim_param or x.dim_value for x in tensor.shape.dim]


def test_the_page_is_one_file(trained: Scratch) -> None:
    page = (trained.folder / "reports/page/index.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")


def test_figures_are_pictures(trained: Scratch) -> None:
    figures = list((trained.folder / "reports/figures").iterdir())
    assert figures
    for figure in figures:
        assert figure.suffix == ".png"
        assert figure.read_bytes().startswith(b"\x89PNG\r\n")
