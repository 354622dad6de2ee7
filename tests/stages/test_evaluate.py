"""Scores and reports, held against scikit-learn and against texts written by hand."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax
from sklearn.metrics import accuracy_score, log_loss, precision_recall_fscore_support

from stages import evaluate
from stages.common.artifacts import encoded, history, predictions, snapshots, trained
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.artifacts.predictions import Predictions
from stages.common.artifacts.snapshots import Snapshots
from stages.common.artifacts.trained import Trained
from stages.network import judging
from stages.network.activations import ACTIVATIONS
from stages.network.judging import Judge, Judgement
from stages.network.parameters import Parameters, cast
from tests.common.artifacts.made import PIXELS, layers_of
from tests.common.shared import message_of, share
from tests.stages.made import judgement, put_encoded, put_params, random_encoded

DIGITS = list(range(10))
CASES = {"n": st.integers(1, 60), "seed": st.integers(0, 999)}


def labels_of(rows: Encoded) -> list[int]:
    return [row.index(1) for row in rows.Y.tolist()]


# Centred, so that no unit saturates and each image gets probabilities of its own.
NETWORK = [(W - np.float32(0.5), b) for W, b in layers_of([784, 5, 10], "float32")]


SIGMOID = ACTIVATIONS["sigmoid"]


def put_trained(layers: Parameters, side: int = 28, activation: str = "sigmoid") -> None:
    """Write a trained network for images at pixel scale 255, and two snapshots of it."""
    put_networks(Trained(layers, 255.0, side, activation))


def put_networks(network: Trained) -> None:
    """Write a trained network, and the same after epoch 0 and the last, 2."""
    trained.write(trained.TRAINED, network)
    single = replace(network, layers=cast(network.layers, np.float32))
    first = replace(single, layers=[(W * 0, b * 0) for W, b in single.layers])
    snapshots.write(snapshots.SNAPSHOTS, Snapshots([0, 2], [first, single]))


def predictions_of(rows: Encoded) -> Predictions:
    """Return what the network says of some rows."""
    (made,) = evaluate.predicted_by([Judge(NETWORK, rows.pixel_scale, SIGMOID)], [rows])
    return made


def by_hand(rows: Encoded) -> npt.NDArray[np.float64]:
    """Return log-probabilities (n, 10) by the plain formulas."""
    (W1, b1), (W2, b2) = ((W.astype(np.float64), b.astype(np.float64)) for W, b in NETWORK)
    hidden = 1 / (1 + np.exp(-((rows.X / rows.pixel_scale) @ W1.T + b1)))
    log_P: npt.NDArray[np.float64] = log_softmax(hidden @ W2.T + b2, axis=1)
    return log_P


@share(0.5)
@given(**CASES)
def test_accuracy_and_cost_are_those_of_scikit_learn(n: int, seed: int) -> None:
    rows = random_encoded(n, seed)
    found = evaluate.metrics(evaluate.judge(NETWORK, SIGMOID, rows))
    labels, P = labels_of(rows), np.exp(by_hand(rows))
    assert found["accuracy"] == accuracy_score(labels, P.argmax(axis=1))
    assert found["cost"] == pytest.approx(log_loss(labels, P, labels=DIGITS), rel=1e-6)


@share(0.5)
@given(**CASES)
def test_scores_of_each_digit_are_those_of_scikit_learn(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Few digits, so that some are in neither, or in only one.
    actual, predicted = rng.integers(0, rng.integers(1, 11), (2, n), dtype=np.uint8)
    wanted = precision_recall_fscore_support(actual, predicted, labels=DIGITS, zero_division=0)
    found = evaluate.per_class(judgement(actual, predicted))
    assert list(found) == list("0123456789")
    for digit, scores in zip(DIGITS, zip(*wanted, strict=True), strict=True):
        assert list(found[str(digit)]) == ["precision", "recall", "f1", "support"]
        assert list(found[str(digit)].values()) == pytest.approx(scores, rel=1e-12)


@share(0.5)
@given(**CASES)
def test_predictions_are_the_most_probable_digits(n: int, seed: int) -> None:
    rows = random_encoded(n, seed)
    made = predictions_of(rows)
    assert made.row.tolist() == rows.row.tolist()
    assert made.label.tolist() == labels_of(rows)
    assert made.label.dtype == made.predicted.dtype == np.uint8
    assert made.P.dtype == np.float64
    np.testing.assert_allclose(made.P, np.exp(by_hand(rows)), rtol=2e-6)
    for predicted, P in zip(made.predicted, made.P, strict=True):
        assert P[predicted] == P.max()


def test_of_equal_probabilities_the_first_digit_is_predicted() -> None:
    equal: Parameters = [(np.zeros((10, 784)), np.zeros(10))]
    assert evaluate.judge(equal, SIGMOID, random_encoded(3, seed=0)).predicted.tolist() == [0, 0, 0]


@share(0.3)
@given(n=st.integers(1, 20), block=st.integers(1, 25))
def test_the_size_of_a_block_changes_no_bit(n: int, block: int) -> None:
    rows = random_encoded(n, seed=n)
    whole, judged = predictions_of(rows), evaluate.judge(NETWORK, SIGMOID, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "BLOCK_ROWS", block)
        patch.setattr(evaluate, "PIECE_ROWS", block)
        found, again = predictions_of(rows), evaluate.judge(NETWORK, SIGMOID, rows)
    assert np.array_equal(found.P, whole.P)
    assert np.array_equal(found.predicted, whole.predicted)
    assert (again.cost, again.accuracy) == (judged.cost, judged.accuracy)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_around_the_end_of_a_block(more: int) -> None:
    rows = random_encoded(judging.BLOCK_ROWS + more, seed=1)
    np.testing.assert_allclose(predictions_of(rows).P, np.exp(by_hand(rows)), rtol=2e-6)


TINY = History(np.array([2.5, 0.1 + 0.2]), np.array([0.125, 1.0]))


NOTHING = {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
PER_CLASS: dict[str, dict[str, Any]] = {
    "0": {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 1},
    "1": {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "support": 2},
    **{str(digit): NOTHING for digit in range(2, 10)},
}
METRICS_TEXT = """\
{
  "train": {
    "accuracy": 1.0,
    "cost": 0.5
  },
  "test": {
    "accuracy": 0.6666666666666666,
    "cost": 0.25
  }
}
"""
TEXTS = {
    "history.csv": "epoch,cost,accuracy\n1,2.5,0.125\n2,0.30000000000000004,1.0\n",
    "metrics.json": METRICS_TEXT,
    "per_class.json": json.dumps(PER_CLASS, indent=2) + "\n",
    "predictions.csv": "row,actual,predicted\n7,0,0\n3,1,1\n5,1,0\n",
    "snapshots.csv": "epoch,cost,accuracy\n0,2.5,0.125\n2,0.25,1.0\n",
}


def test_the_reports_to_the_letter(project: Path) -> None:
    label, ones = np.array([0, 1, 1]), np.ones(2, np.uint8)
    test = Encoded(PIXELS, np.eye(10, dtype=np.uint8)[label], np.array([7, 3, 5], np.int32), 255.0)
    judged = {
        "train": judgement(ones, ones, 0.5),
        "test": judgement(label, np.array([0, 1, 0], np.uint8), 0.25),
    }
    past: dict[str, list[Any]] = {"epoch": [0, 2], "cost": [2.5, 0.25], "accuracy": [0.125, 1.0]}
    evaluate.report(judged, test, TINY.columns, past)
    found = {path.name: path.read_bytes().decode() for path in (project / "reports").iterdir()}
    assert found == TEXTS


@pytest.fixture
def evaluated(project: Path) -> Path:
    """Run the stage on a small project and return its folder."""
    put_params()
    put_encoded(train=33, test=25)
    put_trained(NETWORK)
    history.write(history.HISTORY, TINY)
    evaluate.main()
    return project


def test_the_files_agree_with_each_other(evaluated: Path) -> None:
    reports = evaluated / "reports"
    metrics = json.loads((reports / "metrics.json").read_text())
    table = pd.read_csv(reports / "predictions.csv")
    made, test = predictions.read(predictions.PREDICTIONS), encoded.read(encoded.TEST)
    assert table["row"].tolist() == made.row.tolist() == test.row.tolist()
    assert table["actual"].tolist() == made.label.tolist() == labels_of(test)
    assert table["predicted"].tolist() == made.predicted.tolist()
    assert metrics["test"]["accuracy"] == accuracy_score(table["actual"], table["predicted"])
    assert metrics["test"]["cost"] == pytest.approx(log_loss(made.label, made.P, labels=DIGITS))
    per_class = json.loads((reports / "per_class.json").read_text())
    assert sum(scores["support"] for scores in per_class.values()) == 25


def test_training_rows_are_scored_too(evaluated: Path) -> None:
    rows = encoded.read(encoded.TRAIN)
    metrics = json.loads((evaluated / "reports/metrics.json").read_text())["train"]
    log_P = by_hand(rows)
    assert metrics["cost"] == pytest.approx(log_loss(labels_of(rows), np.exp(log_P), labels=DIGITS))
    assert metrics["accuracy"] == accuracy_score(labels_of(rows), log_P.argmax(axis=1))


def test_the_same_input_gives_the_same_bytes(evaluated: Path) -> None:
    written = [predictions.PREDICTIONS, *sorted((evaluated / "reports").iterdir())]
    before = [path.read_bytes() for path in written]
    evaluate.main()
    assert [path.read_bytes() for path in written] == before


@pytest.mark.usefixtures("project")
def test_without_its_input_it_names_the_stage_before() -> None:
    assert "'train'" in message_of(evaluate.main)


def put_network(centre: float, spread: float) -> None:
    """Write a network whose first weights are spread around a number."""
    rng = np.random.default_rng(1)
    W1 = (rng.random((5, 784)) - 0.5) * spread + centre
    W2 = rng.random((10, 5)) - 0.5
    put_trained([(W1, np.zeros(5)), (W2, np.zeros(10))])
    history.write(history.HISTORY, TINY)


@pytest.mark.usefixtures("project")
def test_a_network_that_has_not_learned_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    put_params()
    put_encoded(train=33, test=25)
    put_network(centre=50.0, spread=0.0)  # every unit is 1 for every image
    evaluate.main()
    said = capsys.readouterr().err.splitlines()
    assert all(line.startswith("evaluate: warning: ") for line in said)
    assert all(
        "likely cause: units are saturated or dead: lower train.learning_rate" in x for x in said
    )
    for words in (
        "in hidden layer 1 no unit has a slope above 2^-20 on any training row",
        "train rows: every image is taken for",
        "train rows: accuracy is",
        "train rows: cost is",
    ):
        assert sum(words in line for line in said) == 1, (words, said)
    assert len(said) == 4


def judged(rows: Encoded, P: npt.NDArray[np.floating]) -> Judgement:
    """Return the judgement of probabilities (n, 10)."""
    cost = float(-np.log((P * rows.Y).sum(axis=1)).mean())
    return judgement(rows.Y.argmax(axis=1), P.argmax(axis=1).astype(np.uint8), cost)


def test_test_rows_are_asked_where_training_rows_show_nothing() -> None:
    rows = {"train": random_encoded(40, seed=1), "test": random_encoded(40, seed=2)}
    good = {name: part.Y * 0.9 + 0.01 for name, part in rows.items()}
    train = judged(rows["train"], good["train"])
    constant = judged(rows["test"], np.repeat(good["test"][:1], 40, axis=0))
    said = evaluate.worries({"train": train, "test": constant}, rows["train"])
    assert len(said) == 3
    assert all(line.startswith("test rows: ") for line in said)
    fine = judged(rows["test"], good["test"])
    assert evaluate.worries({"train": train, "test": fine}, rows["train"]) == []


@pytest.mark.usefixtures("project")
def test_one_row_with_a_slope_in_any_block_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = random_encoded(9, seed=1)
    rows.X[:] = 255
    rows.X[7] = 0  # an image of which every unit makes 1/2
    monkeypatch.setattr(judging, "BLOCK_ROWS", 3)
    put_network(centre=50.0, spread=0.0)
    assert evaluate.judge(trained.read(trained.TRAINED).layers, SIGMOID, rows).slopes == [0.25]


def test_weights_too_large_for_its_arithmetic_are_refused(project: Path) -> None:
    put_params()
    put_encoded(train=3, test=2)
    put_trained([(W * np.float32(1e25), b) for W, b in NETWORK])
    history.write(history.HISTORY, TINY)
    message = message_of(evaluate.main)
    assert str(trained.TRAINED) in message
    assert "too large" in message
    assert not (project / "reports").exists()
