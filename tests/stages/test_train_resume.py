"""Training that is killed, extended or run again in another setting, in this process."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stages import train as stage
from stages.common.artifacts import checkpoint, encoded, npz, weights
from stages.common.artifacts.checkpoint import Progress
from stages.common.artifacts.encoded import Encoded
from tests.stages.resumable import EPOCHS, fresh, outputs, set_params, train


@pytest.fixture
def project(resumable_project: Path) -> Path:
    return resumable_project


def checkpoint_file(folder: Path) -> Path:
    (path,) = (folder / checkpoint.FOLDER).glob("*.npz")
    return path


@pytest.mark.parametrize("precision", ["reproducible", "float32", "float64"])
@pytest.mark.parametrize("threads", [1, 4])
def test_the_number_of_threads_changes_no_byte(project: Path, threads: int, precision: str) -> None:
    set_params(project, precision=precision)
    with_two = fresh(project)
    train(threads=threads)
    assert outputs(project) == with_two


@pytest.mark.parametrize("epoch", [1, 7, EPOCHS - 1])
def test_a_killed_run_goes_on_to_the_same_bytes(project: Path, epoch: int) -> None:
    expected = fresh(project)
    (project / "data/weights/trained.npz").unlink()
    assert train(kill_after=epoch) == list(range(1, epoch + 1))
    assert not (project / "data/weights/trained.npz").exists()
    assert train() == list(range(epoch + 1, EPOCHS + 1))
    assert outputs(project) == expected


def test_a_run_killed_after_its_last_epoch_ends_in_the_same_bytes(project: Path) -> None:
    expected = fresh(project)
    train(kill_after=EPOCHS)
    train()
    assert outputs(project) == expected


@pytest.mark.parametrize("epoch", [1, 5])
def test_a_run_killed_while_it_saves_goes_on_to_the_same_bytes(
    project: Path, epoch: int, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = fresh(project)
    assert train(kill_in_save=epoch) == list(range(1, epoch + 1))
    assert train() == list(range(epoch, EPOCHS + 1))
    assert "not used" not in capsys.readouterr().err
    assert outputs(project) == expected


def test_more_epochs_pay_only_for_the_new_ones(project: Path) -> None:
    set_params(project, epochs=EPOCHS + 5)
    expected = fresh(project)
    set_params(project, epochs=EPOCHS)
    train()
    set_params(project, epochs=EPOCHS + 5)
    assert train() == list(range(EPOCHS + 1, EPOCHS + 6))
    assert outputs(project) == expected


def test_a_run_too_short_for_a_checkpoint_keeps_its_end(project: Path) -> None:
    stage.main()
    assert checkpoint_file(project)
    set_params(project, epochs=EPOCHS + 2)
    assert train() == [EPOCHS + 1, EPOCHS + 2]


@pytest.mark.parametrize("epochs", [EPOCHS, EPOCHS - 4])
def test_no_more_epochs_are_computed_anew(project: Path, epochs: int) -> None:
    train()
    set_params(project, epochs=epochs)
    assert train() == list(range(1, epochs + 1))


@pytest.mark.parametrize(
    "change", [{"learning_rate": 0.7}, {"precision": "float64"}], ids=["rate", "precision"]
)
def test_another_setting_starts_anew(project: Path, change: dict[str, object]) -> None:
    train()
    set_params(project, epochs=EPOCHS + 1, **change)
    assert train() == list(range(1, EPOCHS + 2))


def change_scale(_: Path) -> None:
    for path in (encoded.TRAIN, encoded.VALIDATION):
        rows = encoded.read(path)
        encoded.write(path, Encoded(rows.X, rows.Y, rows.row, 1.0))


def change_pixel(folder: Path) -> None:
    rows = encoded.read(folder / encoded.TRAIN)
    pixels = rows.X.copy()
    pixels[17, 400] ^= 1
    encoded.write(folder / encoded.TRAIN, replace(rows, X=pixels))


def change_weight(folder: Path) -> None:
    layers = weights.read(folder / weights.INITIAL)
    layers[2][1][3] += 0.001
    weights.write(folder / weights.INITIAL, layers)


@pytest.mark.parametrize("change", [change_scale, change_pixel, change_weight])
def test_another_input_starts_anew(project: Path, change: Callable[[Path], None]) -> None:
    train()
    change(project)
    set_params(project, epochs=EPOCHS + 1)
    assert train() == list(range(1, EPOCHS + 2))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scramble(path: Path) -> None:
    path.write_bytes(np.random.default_rng(3).bytes(5000))


def edit(path: Path) -> None:
    """Change one weight, and leave all else as it was."""
    arrays = npz.read(path, 3, "train")
    arrays["state_W2"].view(np.float64)[3, 4] += 0.25
    npz.write(path, arrays, 3)


def put_foreign(path: Path) -> None:
    """Put the checkpoint of another run under this one's name."""
    other = checkpoint.Keeper("0" * 64)
    other.path = path
    saved = npz.read(path, 3, "train")
    arrays = {f"{w}{n}": saved[f"state_{w}{n}"] for n in (1, 2, 3) for w in "Wb"}
    course = {"cost": [1.0, 0.9], "accuracy": [0.1, 0.2]}
    other.save(Progress(arrays, course, saved["looks"].view(np.float32)))


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_other_shapes(path: Path) -> None:
    """Put a checkpoint with this run's key and a right seal, but another network's weights."""
    keeper = checkpoint.Keeper(path.stem)
    keeper.path = path
    small = {"W1": np.zeros((10, 784)), "b1": np.zeros(10)}
    looks = np.zeros((1, 7850), np.float32)
    keeper.save(Progress(small, {"cost": [1.0], "accuracy": [0.1]}, looks))


@pytest.mark.parametrize(
    "damage", [truncate, empty, scramble, edit, put_foreign, put_folder, put_other_shapes]
)
def test_a_damaged_checkpoint_is_told_of_and_not_used(
    project: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    expected = fresh(project)
    train(kill_after=5)
    damage(checkpoint_file(project))
    capsys.readouterr()
    assert train() == list(range(1, EPOCHS + 1))
    said = capsys.readouterr().err
    assert "checkpoint" in said
    assert "is not used" in said
    assert outputs(project) == expected


def test_a_folder_that_cannot_be_made_stops_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = fresh(project)
    (project / checkpoint.FOLDER).rmdir()
    (project / checkpoint.FOLDER).write_text("in the way")
    train()
    assert capsys.readouterr().err.count("no checkpoint") == 1
    assert outputs(project) == expected


def test_old_checkpoints_do_not_pile_up(project: Path) -> None:
    for number in range(checkpoint.MOST_FILES + 2):
        set_params(project, epochs=2, learning_rate=0.1 + number / 100)
        train()
    assert len(list((project / checkpoint.FOLDER).iterdir())) == checkpoint.MOST_FILES
