"""What training says while it runs and when it cannot go on."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from stages import evaluate, train
from stages.common import identity
from stages.common.artifacts import history, trained, weights
from stages.network import ieee
from stages.network.first_weights import draw, he
from stages.network.recipe import POST, recipe_of
from stages.train import begun
from tests import processes
from tests.common.artifacts.made import layers_of
from tests.common.shared import message_of
from tests.pipeline.imports import closure
from tests.scratch import ROOT
from tests.stages.made import (
    environment,
    put_encoded,
    put_params,
    random_encoded,
    stage_command,
)

pytestmark = pytest.mark.usefixtures("project")


def put_project(**changes: Any) -> None:
    """Write what training reads: 20 images, a small network and these train params."""
    put_encoded(train=20, test=1)
    weights.write(weights.INITIAL, layers_of([784, 3, 10]))
    put_params(**{f"train__{name}": value for name, value in changes.items()})


class Terminal:
    """A terminal of 100 columns, as a program sees one and as its user reads it."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("4H", 25, 100, 0, 0))

    def read(self, until: str = r"\Z.") -> str:
        """Return what is shown until a pattern is, or until the program has ended."""
        shown = ""
        while not re.search(until, shown):
            try:
                shown += os.read(self._ours, 4096).decode()
            except OSError:  # Linux says so where nobody has the other end open
                break
        return shown

    def close(self) -> None:
        os.close(self._ours)


@contextmanager
def training(terminal: Terminal) -> Iterator[subprocess.Popen[str]]:
    """Run the stage with standard error on a terminal."""
    command, pipes = stage_command("train"), {"stdout": subprocess.PIPE, "stderr": terminal.theirs}
    try:
        with processes.started(command, env=environment(), **pipes) as process:
            os.close(terminal.theirs)
            yield process
    finally:
        terminal.close()


def lines(shown: str) -> list[str]:
    """Return the lines that stay on a terminal: of each, what was written last."""
    return [line.rstrip("\r").rpartition("\r")[2] for line in shown.split("\n")]


def test_a_terminal_shows_a_progress_bar() -> None:
    put_project(epochs=30)
    terminal = Terminal()
    with training(terminal) as process:
        shown = terminal.read()
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")
    assert "30/30" in lines(shown)[0]
    assert lines(shown)[0].startswith("train: 100%")
    assert "epoch" in lines(shown)[0]
    assert lines(shown)[1:] == [""]


@pytest.mark.parametrize("where", ["pipe", "file"])
def test_elsewhere_nothing_is_shown(where: str, tmp_path: Path) -> None:
    put_project(epochs=30)
    with (tmp_path / "said").open("w+") as file:
        stderr = subprocess.PIPE if where == "pipe" else file
        done = processes.run(stage_command("train"), env=environment(), stderr=stderr)
        said = done.stderr if where == "pipe" else (tmp_path / "said").read_text()
    assert (done.stdout, said) == ("", "")


def test_a_stop_says_how_far_it_came_on_a_line_of_its_own() -> None:
    put_project(epochs=10_000_000)
    terminal = Terminal()
    with training(terminal) as process:
        shown = terminal.read(until=r"\depoch/s")
        process.send_signal(signal.SIGINT)
        shown += terminal.read()
        assert process.wait(timeout=60) == 130
    assert re.fullmatch(r"train: stopped after epoch \d+ of 10000000.*", lines(shown)[-2])
    assert lines(shown)[-1] == ""
    assert "Traceback" not in shown


def test_a_divergence_is_told_on_a_line_of_its_own() -> None:
    put_project(learning_rate=1e300)
    terminal = Terminal()
    with training(terminal) as process:
        shown = terminal.read()
        assert process.wait(timeout=60) == 1
    assert lines(shown)[-2].startswith("train: training diverged in epoch 1")
    assert lines(shown)[-1] == ""


@pytest.mark.parametrize("rate", [1e40, 1e300])
def test_a_divergence_names_the_epoch_the_rate_and_a_way_out(rate: float) -> None:
    put_project(learning_rate=rate)
    message = message_of(train.main)
    for words in ("diverged in epoch 1", "train.learning_rate", "0.8", "encode.pixel_scale 255.0"):
        assert words in message
    assert float(message.split("train.learning_rate ")[1].split(". ")[0]) == rate
    assert not trained.TRAINED.exists()
    assert not history.HISTORY.exists()


@pytest.mark.parametrize("precision", ["reproducible", "float32", "float64"])
def test_the_weights_are_in_the_precision_of_the_params(precision: str) -> None:
    put_project(precision=precision, epochs=3)
    train.main()
    for layer in trained.read(trained.TRAINED).layers:
        assert [array.dtype.name for array in layer] == [
            precision.replace("reproducible", "float64")
        ] * 2


def test_the_history_has_a_line_for_each_epoch() -> None:
    put_project(epochs=7)
    train.main()
    course = history.read(history.HISTORY)
    assert course.epoch.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert np.all((course.accuracy >= 0) & (course.accuracy <= 1))


def test_the_fingerprint_is_of_the_code_that_training_imports() -> None:
    network = {file for file in closure("stages.train") if file.startswith("stages/network/")}
    found = {path.relative_to(ROOT).as_posix() for path in identity.code_of_training()}
    assert found == {"stages/train.py", *network}


def key_of(**settings: Any) -> str:
    """Return the fingerprint of a training."""
    chosen = POST | {"epochs": 5, "learning_rate": 0.8, "precision": "reproducible"} | settings
    rows, initial = random_encoded(20, seed=1), draw([784, 3, 10], he, np.random.default_rng(1))
    return train.run_key(chosen, begun(recipe_of(chosen), initial, None), rows, None, None)


# Of every key another value that decides what the epochs give.
OTHERS: dict[str, Any] = {
    "learning_rate": 0.7,
    "precision": "float64",
    "seed": 1,
    "batch_rows": 7,
    "activation": "tanh",
    "update": "adamw",
    "momentum": 0.8,
    "second_momentum": 0.99,
    "weight_decay": 0.1,
    "clip_norm": 1.0,
    "schedule": "step",
    "warmup_epochs": 1,
    "step_epochs": 7,
    "step_factor": 0.5,
    "averaging": "ema",
    "average_decay": 0.9,
    "average_from": 0.5,
    "label_smoothing": 0.1,
    "dropout": 0.1,
    "patience": 3,
    "shift": 1.0,
    "rotate": 1.0,
    "scale": 0.1,
    "shear": 0.1,
    "elastic": 1.0,
}
# How long training goes on decides nothing, nor do a teacher's settings where there is none.
IDLE: dict[str, Any] = {
    "epochs": 6,
    "teacher": "x",
    "teacher_weight": 0.9,
    "teacher_temperature": 2.0,
}


def test_the_fingerprint_is_of_every_setting_that_decides() -> None:
    assert OTHERS.keys() | IDLE.keys() == train.PARAMS["train"].keys()
    keys = [key_of(), *(key_of(**{name: value}) for name, value in OTHERS.items())]
    assert len(set(keys)) == len(keys)
    assert {key_of(**{name: value}) for name, value in IDLE.items()} == {key_of()}


@pytest.mark.parametrize("end", [{"schedule": "cosine"}, {"averaging": "swa"}], ids=str)
def test_the_fingerprint_is_of_the_end_where_that_decides(end: dict[str, str]) -> None:
    assert key_of(epochs=6, **end) != key_of(epochs=5, **end)


@pytest.mark.parametrize(("precision", "same"), [("reproducible", True), ("float64", False)])
def test_the_fingerprint_names_the_library_where_bytes_depend_on_it(
    precision: str, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(precision=precision)
    monkeypatch.setattr(identity, "threadpool_info", list)
    monkeypatch.setattr(np, "__version__", "99")
    assert (key_of(precision=precision) == key) is same


@pytest.mark.parametrize("module", [train, evaluate])
def test_a_machine_that_computes_otherwise_is_refused(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_project(epochs=1)
    train.main()
    monkeypatch.setattr(ieee, "fault", lambda: "it rounds sums twice")
    message = message_of(module.main)
    assert "it rounds sums twice" in message
    assert "train.precision: float64" in message
    put_params(train__epochs=1, train__precision="float64")
    module.main()


@pytest.mark.parametrize(("precision", "much"), [("reproducible", 1e20), ("float32", 1e40)])
def test_first_weights_that_the_precision_does_not_hold_are_refused(
    precision: str, much: float
) -> None:
    put_project(epochs=1, precision=precision)
    weights.write(weights.INITIAL, [(W * much, b) for W, b in layers_of([784, 3, 10])])
    assert f"cannot use {weights.INITIAL}: its weights are too large" in message_of(train.main)


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_that_lack_a_digit_train_like_any(rows: int) -> None:
    put_project(epochs=2)
    put_encoded(train=rows, test=1)
    train.main()
    assert len(history.read(history.HISTORY).cost) == 2


@pytest.mark.parametrize(
    "threads", ["0", "-1", "two", "1.5", " ", "1025", "²", "\u0663", "9" * 5000]
)
def test_a_number_of_threads_that_is_none(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put_project(epochs=1)
    monkeypatch.setenv("DIGITS_THREADS", threads)
    message = message_of(train.main)
    assert "DIGITS_THREADS" in message
    assert repr(threads)[:20] in message


@pytest.mark.parametrize("threads", ["", "1", "3"])
def test_a_number_of_threads(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put_project(epochs=1)
    monkeypatch.setenv("DIGITS_THREADS", threads)
    train.main()


@pytest.mark.parametrize(("written", "named"), [([], "'encode'"), (["encoded"], "'initialize'")])
def test_without_its_input_it_names_the_stage_before(written: list[str], named: str) -> None:
    if written:
        put_encoded(train=3, test=1)
    assert named in message_of(train.main)
