"""What leaves the project: the network and its metadata, and the page."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from stages import export
from stages.common import params
from stages.common.artifacts import encoded, exported, predictions, reports, snapshots, trained
from stages.common.artifacts.predictions import Predictions
from stages.common.artifacts.snapshots import Snapshots
from stages.common.artifacts.trained import Trained
from tests.common.artifacts.made import layers_of
from tests.common.shared import message_of
from tests.stages.made import put_encoded, put_params

SCORES = {"train": {"accuracy": 0.75, "cost": 0.5}, "test": {"accuracy": 2 / 3, "cost": 1.5}}


def put_network(sizes: list[int]) -> None:
    """Write a trained network with one snapshot before it."""
    network = Trained(layers_of(sizes, "float32"), 255.0, 28, "tanh")
    trained.write(trained.TRAINED, network)
    snapshots.write(snapshots.SNAPSHOTS, Snapshots([0, 2], [network, network]))


@pytest.fixture
def complete(project: Path) -> Path:
    """Return a project with all that the stage reads."""
    put_params()
    put_encoded(train=13, test=25)
    put_network([784, 5, 10])
    test = encoded.read(encoded.TEST)
    label = test.Y.argmax(axis=1).astype(np.uint8)
    made = Predictions(test.row, label, label[::-1].copy(), np.full((25, 10), 0.1))
    predictions.write(predictions.PREDICTIONS, made)
    reports.write_json(reports.METRICS, SCORES)
    reports.write_text(reports.SNAPSHOTS, "epoch,cost,accuracy\n0,2.5,0.1\n2,1.5,0.5\n")
    return project


def test_the_network_says_how_it_came_about(complete: Path) -> None:
    export.main()
    held = {entry.key: entry.value for entry in onnx.load(exported.NETWORK).metadata_props}
    settings = json.loads(held.pop("params"))
    assert list(settings) == ["encode", "ingest", "initialize", "split", "train"]
    assert settings["train"]["learning_rate"] == 0.8
    assert float(held.pop("test.accuracy")) == 2 / 3
    assert float(held.pop("train.cost")) == 0.5
    for path in (trained.TRAINED, encoded.TRAIN, encoded.TEST):
        content = (complete / path).read_bytes()
        assert held.pop(f"sha256 of {path}") == hashlib.sha256(content).hexdigest()
    assert held.pop("licence").startswith("MIT")
    assert set(held) == {"train.accuracy", "test.cost"}


@pytest.mark.usefixtures("complete")
def test_the_order_of_the_params_changes_no_byte() -> None:
    export.main()
    before = exported.NETWORK.read_bytes(), exported.PAGE.read_bytes()
    sections = params.read(params.PARAMS_FILE)
    turned = {name: dict([*sections[name].items()][::-1]) for name in reversed(sections)}
    params.PARAMS_FILE.write_text(json.dumps(turned))  # which is YAML too
    export.main()
    assert (exported.NETWORK.read_bytes(), exported.PAGE.read_bytes()) == before


@pytest.mark.usefixtures("complete")
def test_the_page_is_written_with_the_network_in_it() -> None:
    export.main()
    page = exported.PAGE.read_text()
    assert '"train_rows":13' in page
    assert '"epochs":[0,2]' in page


@pytest.mark.usefixtures("complete")
def test_a_network_too_large_for_the_page_is_exported_all_the_same() -> None:
    put_network([784, 700, 10])
    export.main()
    assert exported.NETWORK.stat().st_size > 8 * 700 * 784
    assert "556,510" in exported.PAGE.read_text()  # 785 * 700 + 701 * 10 parameters


def test_scores_of_other_snapshots_are_refused(complete: Path) -> None:
    reports.write_text(reports.SNAPSHOTS, "epoch,cost,accuracy\n0,2.5,0.1\n3,1.5,0.5\n")
    message = message_of(export.main)
    assert f"cannot use {reports.SNAPSHOTS}: its epochs are not those of" in message
    assert "'evaluate'" in message
    assert not (complete / exported.NETWORK).exists()
