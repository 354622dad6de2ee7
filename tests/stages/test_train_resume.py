"""Training that is killed, stopped, extended or run twice ends in the same bytes."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from stages.common.artifacts import checkpoint, encoded, npz, weights
from stages.common.artifacts.encoded import Encoded

REPOSITORY = Path(__file__).resolve().parents[2]
EPOCHS = 12

# Starts the stage with a checkpoint after every epoch, and counts the epochs in a file. It ends
# itself as `kill -9` would: after epoch KILL_AFTER, and inside the save of epoch KILL_IN_SAVE.
DRIVER = """
import os, runpy, signal
from pathlib import Path
from stages.common.artifacts import checkpoint, npz

checkpoint.SAVE_SECONDS, checkpoint._SAVE_SHARE = 0.0, 1e9
keep, write = checkpoint.Keeper.keep, npz.write

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def counted(keeper, progress):
    with open("epochs.log", "a") as log:
        log.write(f"{len(progress.cost)}\\n")
    keep(keeper, progress)
    if len(progress.cost) == int(os.environ.get("KILL_AFTER", 0)):
        die()

def cut(path, arrays, version):
    if len(arrays.get("cost", ())) == int(os.environ.get("KILL_IN_SAVE", -1)):
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / f".{path.name}.cut.part").write_bytes(b"half a file")
        die()
    write(path, arrays, version)

checkpoint.Keeper.keep, npz.write = counted, cut
runpy.run_module("stages.train", run_name="__main__")
"""


def set_params(folder: Path, **train: object) -> None:
    """Write params.yaml with other values in its train section."""
    yaml = YAML()
    params = yaml.load((REPOSITORY / "params.yaml").read_text())
    params["train"] |= {"epochs": EPOCHS} | train
    with (folder / "params.yaml").open("w") as file:
        yaml.dump(params, file)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that the stage reads: 300 images and a network for them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(5)
    pixels = (rng.integers(0, 256, (300, 784)) * (rng.random((300, 784)) < 0.2)).astype(np.uint8)
    one_hot = np.eye(10, dtype=np.uint8)[rng.integers(0, 10, 300)]
    rows = Encoded(pixels, one_hot, np.arange(300, dtype=np.int32), 255.0)
    encoded.write(encoded.TRAIN, rows)
    sizes = [(16, 784), (16, 16), (10, 16)]
    weights.write(weights.INITIAL, [(rng.random(s) - 0.5, rng.random(s[0]) - 0.5) for s in sizes])
    set_params(tmp_path)
    return tmp_path


def start(folder: Path, **environment: object) -> "subprocess.Popen[str]":
    """Start the stage in `folder`."""
    added = {name: str(value) for name, value in environment.items()}
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "DIGITS_THREADS": "2"} | added,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, **environment: object) -> tuple[int, str]:
    """Run the stage to its end; return its exit code and what it said."""
    process = start(folder, **environment)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def train(folder: Path, **environment: object) -> str:
    """Run the stage, which must succeed; return what it said."""
    code, said = run(folder, **environment)
    assert code == 0, said
    return said


def outputs(folder: Path) -> tuple[bytes, bytes]:
    return (
        (folder / "data/weights/trained.npz").read_bytes(),
        (folder / "data/history.parquet").read_bytes(),
    )


def epochs_run(folder: Path) -> list[int]:
    """Return the epochs that were computed since the last call."""
    log = folder / "epochs.log"
    numbers = [int(line) for line in log.read_text().split()] if log.exists() else []
    log.unlink(missing_ok=True)
    return numbers


def fresh(folder: Path) -> tuple[bytes, bytes]:
    """Return the outputs of a run that knows no checkpoint."""
    forget(folder)
    train(folder)
    result = outputs(folder)
    forget(folder)
    return result


def forget(folder: Path) -> None:
    for path in (folder / checkpoint.FOLDER).glob("*"):
        path.unlink()
    epochs_run(folder)


def checkpoint_file(folder: Path) -> Path:
    (path,) = (folder / checkpoint.FOLDER).glob("*.npz")
    return path


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("threads", [1, 4])
def test_the_number_of_threads_changes_no_byte(project: Path, threads: int, precision: str) -> None:
    set_params(project, precision=precision)
    with_two = fresh(project)
    train(project, DIGITS_THREADS=threads)
    assert outputs(project) == with_two


@pytest.mark.parametrize("epoch", [1, 2, 7, EPOCHS - 1])
def test_a_killed_run_goes_on_to_the_same_bytes(project: Path, epoch: int) -> None:
    expected = fresh(project)
    assert run(project, KILL_AFTER=epoch)[0] == -signal.SIGKILL
    assert epochs_run(project) == list(range(1, epoch + 1))
    train(project)
    assert epochs_run(project) == list(range(epoch + 1, EPOCHS + 1))
    assert outputs(project) == expected


def test_a_run_killed_after_its_last_epoch_ends_in_the_same_bytes(project: Path) -> None:
    expected = fresh(project)
    assert run(project, KILL_AFTER=EPOCHS)[0] == -signal.SIGKILL
    train(project)
    assert outputs(project) == expected


@pytest.mark.parametrize("epoch", [1, 5])
def test_a_run_killed_while_it_saves_goes_on_to_the_same_bytes(project: Path, epoch: int) -> None:
    expected = fresh(project)
    assert run(project, KILL_IN_SAVE=epoch)[0] == -signal.SIGKILL
    assert "not used" not in train(project)
    assert outputs(project) == expected


def test_runs_killed_again_and_again_at_any_moment_end_in_the_same_bytes(project: Path) -> None:
    set_params(project, epochs=400)
    expected = fresh(project)
    moments = random.Random(1)
    for _ in range(8):
        process = start(project)
        time.sleep(moments.uniform(0.1, 1.2))
        process.kill()
        process.communicate()
    train(project)
    assert outputs(project) == expected


def test_more_epochs_pay_only_for_the_new_ones(project: Path) -> None:
    set_params(project, epochs=EPOCHS + 5)
    expected = fresh(project)
    set_params(project, epochs=EPOCHS)
    train(project)
    epochs_run(project)
    set_params(project, epochs=EPOCHS + 5)
    train(project)
    assert epochs_run(project) == list(range(EPOCHS + 1, EPOCHS + 6))
    assert outputs(project) == expected


@pytest.mark.parametrize("epochs", [EPOCHS, EPOCHS - 4])
def test_no_more_epochs_are_computed_anew(project: Path, epochs: int) -> None:
    train(project)
    epochs_run(project)
    set_params(project, epochs=epochs)
    train(project)
    assert epochs_run(project) == list(range(1, epochs + 1))


@pytest.mark.parametrize(
    "change", [{"learning_rate": 0.7}, {"precision": "float64"}], ids=["rate", "precision"]
)
def test_another_setting_starts_anew(project: Path, change: dict[str, object]) -> None:
    train(project)
    epochs_run(project)
    set_params(project, epochs=EPOCHS + 1, **change)
    train(project)
    assert epochs_run(project) == list(range(1, EPOCHS + 2))


def change_scale(folder: Path) -> None:
    rows = encoded.read(folder / encoded.TRAIN)
    encoded.write(folder / encoded.TRAIN, Encoded(rows.X, rows.Y, rows.row, 1.0))


def change_pixel(folder: Path) -> None:
    rows = encoded.read(folder / encoded.TRAIN)
    rows.X[17, 400] ^= 1
    encoded.write(folder / encoded.TRAIN, rows)


def change_weight(folder: Path) -> None:
    layers = weights.read(folder / weights.INITIAL)
    layers[2][1][3] += 0.001
    weights.write(folder / weights.INITIAL, layers)


@pytest.mark.parametrize("change", [change_scale, change_pixel, change_weight])
def test_another_input_starts_anew(project: Path, change: Callable[[Path], None]) -> None:
    train(project)
    epochs_run(project)
    change(project)
    set_params(project, epochs=EPOCHS + 1)
    train(project)
    assert epochs_run(project) == list(range(1, EPOCHS + 2))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scramble(path: Path) -> None:
    path.write_bytes(np.random.default_rng(3).bytes(5000))


def edit(path: Path) -> None:
    """Change one weight, and leave all else as it was."""
    arrays = npz.read(path, 1, "train")
    arrays["W2"].view(np.float32)[3, 4] += 0.25
    npz.write(path, arrays, 1)


def put_foreign(path: Path) -> None:
    """Put the checkpoint of another run under this one's name."""
    other = checkpoint.Keeper("0" * 64)
    other.path = path
    progress = checkpoint.Keeper(path.stem).load([], 10**9)
    assert progress is None  # it belongs to a network with layers
    arrays = npz.read(path, 1, "train")
    layers = [(arrays[f"W{n}"], arrays[f"b{n}"]) for n in (1, 2, 3)]
    other.save(checkpoint.Progress(layers, [1.0, 0.9], [0.1, 0.2]))  # type: ignore[arg-type]


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_other_shapes(path: Path) -> None:
    """Put a checkpoint with this run's key and a right seal, but another network's weights."""
    keeper = checkpoint.Keeper(path.stem)
    keeper.path = path
    small = [(np.zeros((10, 784), np.float32), np.zeros(10, np.float32))]
    keeper.save(checkpoint.Progress(small, [1.0], [0.1]))


@pytest.mark.parametrize(
    "damage", [truncate, empty, scramble, edit, put_foreign, put_folder, put_other_shapes]
)
def test_a_damaged_checkpoint_is_told_of_and_not_used(
    project: Path, damage: Callable[[Path], None]
) -> None:
    expected = fresh(project)
    run(project, KILL_AFTER=5)
    epochs_run(project)
    damage(checkpoint_file(project))
    said = train(project)
    assert "checkpoint" in said
    assert "is not used" in said
    assert "Traceback" not in said
    assert epochs_run(project) == list(range(1, EPOCHS + 1))
    assert outputs(project) == expected


def test_a_folder_that_cannot_be_made_stops_nothing(project: Path) -> None:
    expected = fresh(project)
    (project / checkpoint.FOLDER).rmdir()
    (project / checkpoint.FOLDER).write_text("in the way")
    assert "no checkpoint" in train(project)
    assert outputs(project) == expected


def test_ctrl_c_says_one_line_and_the_next_run_goes_on(project: Path) -> None:
    set_params(project, epochs=10**6)
    process = start(project)
    while not list((project / checkpoint.FOLDER).glob("*.npz")):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    done = max(epochs_run(project))
    assert process.returncode == 130
    (line,) = said.splitlines()
    assert line.startswith(f"train: stopped after epoch {done} of 1000000")
    set_params(project, epochs=done + 3)
    train(project)
    assert epochs_run(project) == [done + 1, done + 2, done + 3]
    resumed = outputs(project)
    assert fresh(project) == resumed


def test_two_runs_at_once_do_not_disturb_each_other(project: Path) -> None:
    set_params(project, epochs=200)
    expected = fresh(project)
    both = [start(project), start(project)]
    for process in both:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert outputs(project) == expected
    set_params(project, epochs=203)
    epochs_run(project)
    train(project)
    assert epochs_run(project) == [201, 202, 203]


def test_old_checkpoints_do_not_pile_up(project: Path) -> None:
    for number in range(checkpoint.MOST_FILES + 2):
        set_params(project, epochs=2, learning_rate=0.1 + number / 100)
        train(project)
    assert len(list((project / checkpoint.FOLDER).iterdir())) == checkpoint.MOST_FILES


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5", "1025", "²"])
def test_a_number_of_threads_that_is_none_is_refused(project: Path, threads: str) -> None:
    code, said = run(project, DIGITS_THREADS=threads)
    assert code == 1
    (line,) = said.splitlines()
    assert line.startswith(f"train: DIGITS_THREADS is {threads!r}; expected a whole number")
