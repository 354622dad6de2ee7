"""Training in processes that are killed, stopped or two at once ends in the same bytes."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from stages.common.artifacts import checkpoint
from tests import processes
from tests.scratch import ROOT
from tests.stages.resumable import METHODS, fresh, outputs, set_params


@pytest.fixture
def project(resumable_project: Path) -> Path:
    return resumable_project


# As `resumable.train`, in a process of its own: what it computes is told in a file.
DRIVER = """
import runpy
from stages.common.artifacts import checkpoint

checkpoint.SAVE_SECONDS, checkpoint._SAVE_SHARE = 0.0, 1e9
keep = checkpoint.Keeper.keep

def counted(keeper, progress):
    with open("epochs.log", "a") as log:
        log.write(f"{progress.epochs}\\n")
    keep(keeper, progress)

checkpoint.Keeper.keep = counted
runpy.run_module("stages.train", run_name="__main__")
"""


def started(folder: Path) -> AbstractContextManager["subprocess.Popen[str]"]:
    """Start the stage in a process of its own."""
    variables = os.environ | {"PYTHONPATH": str(ROOT), "DIGITS_THREADS": "2"}
    command = [sys.executable, "-c", DRIVER]
    return processes.started(command, cwd=folder, env=variables, stderr=subprocess.PIPE)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for the end of a run; return its exit code and what it said."""
    _, said = process.communicate(timeout=processes.LIMIT)
    return process.returncode, said


def train_apart(folder: Path) -> list[int]:
    """Run the stage in a process of its own; return the epochs that it computed."""
    with started(folder) as process:
        assert ended(process) == (0, "")
    return epochs_run(folder)


def epochs_run(folder: Path) -> list[int]:
    """Return the epochs that processes computed since the last call."""
    log = folder / "epochs.log"
    numbers = [int(line) for line in log.read_text().split()]
    log.unlink()
    return numbers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_stopped_at_any_moment_goes_on(project: Path, number: signal.Signals) -> None:
    set_params(project, epochs=10**6)
    with started(project) as process:
        while not list((project / checkpoint.FOLDER).glob("*.npz")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        code, said = ended(process)
    done = max(epochs_run(project))
    if number != signal.SIGKILL:
        assert code == 128 + number
        (line,) = said.splitlines()
        assert line.startswith(f"train: stopped after epoch {done} of 1000000")
    else:
        assert code == -signal.SIGKILL
    set_params(project, epochs=done + 3)
    # The kill may have come before the last epoch was saved.
    assert train_apart(project)[-3:] == [done + 1, done + 2, done + 3]
    resumed = outputs(project)
    assert fresh(project, lambda: train_apart(project)) == resumed


# The post's way, and most of the others, in batches: kills then fall inside of epochs.
WAYS: dict[str, dict[str, Any]] = {
    "post": {"epochs": 400},
    "batches": METHODS | {"epochs": 60, "batch_rows": 8, "elastic": 2.0, "patience": None},
}


@pytest.mark.whole
@pytest.mark.parametrize("way", WAYS)
def test_runs_killed_again_and_again_at_any_moment_end_in_the_same_bytes(
    project: Path, way: str
) -> None:
    set_params(project, **WAYS[way])
    expected = fresh(project, lambda: train_apart(project))
    moments = random.Random(1)
    for _ in range(8):
        with started(project):
            time.sleep(moments.uniform(0.1, 1.2))
    train_apart(project)
    assert outputs(project) == expected


def test_two_runs_at_once_do_not_disturb_each_other(project: Path) -> None:
    set_params(project, epochs=40)
    expected = fresh(project, lambda: train_apart(project))
    with started(project) as one, started(project) as other:
        assert (ended(one)[0], ended(other)[0]) == (0, 0)
    assert outputs(project) == expected
    epochs_run(project)
    set_params(project, epochs=43)
    assert train_apart(project) == [41, 42, 43]
