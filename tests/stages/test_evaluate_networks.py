"""Networks of other images are refused; those on the way are scored; flat layers are found."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stages import evaluate
from stages.common.artifacts import encoded, history, snapshots, trained
from stages.common.artifacts.trained import Trained
from stages.network.activations import ACTIVATIONS
from stages.network.parameters import Parameters
from tests.common.artifacts.made import layers_of
from tests.common.shared import message_of
from tests.stages.made import put_encoded, put_params, random_encoded
from tests.stages.test_evaluate import NETWORK, TINY, labels_of, put_networks, put_trained


@pytest.fixture
def ready(project: Path) -> Path:
    """Return a small project with a network and two snapshots of it."""
    put_params()
    put_encoded(train=33, test=25)
    put_trained(NETWORK)
    history.write(history.HISTORY, TINY)
    return project


def test_each_snapshot_is_scored_on_the_test_rows(ready: Path) -> None:
    evaluate.main()
    reports = ready / "reports"
    tested = json.loads((reports / "metrics.json").read_text())["test"]
    first, last = pd.read_csv(reports / "snapshots.csv").to_dict("records")
    zeros = np.mean([label == 0 for label in labels_of(encoded.read(encoded.TEST))])
    assert first == {"epoch": 0, "cost": pytest.approx(np.log(10), rel=1e-7), "accuracy": zeros}
    scores = {name: tested[name] for name in ("cost", "accuracy")}
    assert last == {"epoch": 2, **scores}  # its weights are of float32 already


def test_a_snapshot_of_other_images_is_refused(ready: Path) -> None:
    past = snapshots.read(snapshots.SNAPSHOTS)
    others = [replace(network, pixel_scale=1.0) for network in past.networks]
    snapshots.write(snapshots.SNAPSHOTS, replace(past, networks=others))
    assert f"cannot use {snapshots.SNAPSHOTS}: it reads images of side 28" in message_of(
        evaluate.main
    )
    assert not (ready / "reports").exists()


@pytest.mark.parametrize(("side", "pixels"), [(28, 784), (20, 400)])
def test_a_network_of_other_images_is_refused(project: Path, side: int, pixels: int) -> None:
    put_params()
    put_encoded(train=3, test=2)
    layers = layers_of([pixels, 5, 10])
    put_networks(Trained(layers, 1.0, side, "sigmoid"))
    history.write(history.HISTORY, TINY)
    message = message_of(evaluate.main)
    assert (
        f"cannot use {trained.TRAINED}: it reads images of side {side} at pixel scale 1.0"
        in message
    )
    assert "are of side 28 at 255.0" in message
    assert not (project / "reports").exists()


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("silu", 0.0881), ("tanh", 0.0099)])
def test_a_layer_is_flat_where_its_slopes_are_neither_up_nor_down(name: str, slope: float) -> None:
    # Every unit takes in -3 from every image: there ReLU is dead, and SiLU falls.
    layers: Parameters = [(np.zeros((4, 784)), np.full(4, -3.0)), (np.ones((10, 4)), np.zeros(10))]
    rows = random_encoded(9, seed=1)
    found = evaluate.judge(layers, ACTIVATIONS[name], rows)
    assert found.slopes == pytest.approx([slope], abs=1e-4)
    said = evaluate.worries({"train": found, "test": found}, rows)
    assert any("in hidden layer 1" in line for line in said) == (slope == 0)
