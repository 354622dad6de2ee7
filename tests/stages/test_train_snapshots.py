"""What is kept of a training on its way: the weights that it would have ended with."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages import train as stage
from stages.common.artifacts import snapshots, trained, weights
from stages.common.artifacts.snapshots import SNAPSHOTS, Snapshots
from stages.network import looks
from stages.network.parameters import Floats, Parameters
from tests.common.artifacts.made import layers_of
from tests.stages import resumable
from tests.stages.resumable import METHODS, forget, fresh, outputs, set_params, train


@pytest.fixture
def project(resumable_project: Path) -> Path:
    return resumable_project


def arrays(layers: Parameters) -> list[Floats]:
    return [array for layer in layers for array in layer]


def after(epochs: int, **settings: Any) -> list[Floats]:
    """Return the trained weights of a run of so many epochs, in float32."""
    set_params(Path(), epochs=epochs, **settings)
    forget(Path())
    stage.main()
    return [array.astype(np.float32) for array in arrays(trained.read(trained.TRAINED).layers)]


def read() -> Snapshots:
    return snapshots.read(SNAPSHOTS)


def test_epochs_are_those_of_the_contract_and_16_at_most() -> None:
    assert looks.EPOCHS[:10] == (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)
    assert len(looks.EPOCHS) + 1 == snapshots.MOST


@pytest.mark.parametrize("precision", ["reproducible", "float32"])
@pytest.mark.usefixtures("project")
def test_a_snapshot_is_what_a_run_that_ended_there_gives(precision: str) -> None:
    wanted = {epoch: after(epoch, precision=precision) for epoch in (1, 2, 5, 7)}
    wanted[0] = [array.astype("f4") for array in arrays(weights.read(weights.INITIAL))]
    found = read()
    assert found.epochs == [0, 1, 2, 5, 7]
    for epoch, network in zip(found.epochs, found.networks, strict=True):
        assert network.pixel_scale == 255.0
        for array, expected in zip(arrays(network.layers), wanted[epoch], strict=True):
            assert array.dtype == np.float32
            assert np.array_equal(array, expected)


@pytest.mark.parametrize("way", [{"averaging": "ema"}, {"averaging": "ema", "patience": 2}])
def test_a_snapshot_is_of_the_weights_to_use(
    way: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    resumable.put_project(tmp_path, validated=True)
    way = {"average_decay": 0.9, "learning_rate": 3.0} | way
    wanted = after(5, **way)
    last = after(12, **way)
    found = read()
    place = found.epochs.index(5)
    assert all(map(np.array_equal, arrays(found.networks[place].layers), wanted))
    assert all(map(np.array_equal, arrays(found.networks[-1].layers), last))


@pytest.mark.usefixtures("project")
def test_a_large_network_has_its_last_alone() -> None:
    for units, epochs in ((125, [0, 1, 2, 3]), (126, [3])):  # 99,385 and 100,180 parameters
        weights.write(weights.INITIAL, layers_of([784, units, 10]))
        last = after(3, learning_rate=0.01)
        assert read().epochs == epochs
        assert all(map(np.array_equal, arrays(read().networks[-1].layers), last))


@pytest.mark.parametrize(("first", "second"), [(4, 7), (5, 10), (5, 6)])
@pytest.mark.parametrize("way", [{}, METHODS | {"schedule": "constant", "patience": None}])
def test_a_longer_run_goes_on_to_the_same_snapshots(
    project: Path, way: dict[str, Any], first: int, second: int
) -> None:
    set_params(project, epochs=second, **way)
    expected = fresh(project)
    set_params(project, epochs=first, **way)
    train()
    set_params(project, epochs=second, **way)
    assert train() == list(range(first + 1, second + 1))
    assert outputs(project) == expected


def test_patience_that_ends_a_run_gives_the_same_snapshots_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    resumable.put_project(tmp_path, validated=True)
    set_params(tmp_path, epochs=400, patience=3, learning_rate=20.0)
    expected = fresh(tmp_path)
    end = read().epochs[-1]
    assert 3 <= end < 400
    train(kill_after=end - 2)
    train()
    assert outputs(tmp_path) == expected
