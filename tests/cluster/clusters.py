"""Trainings that tests run here and on clusters of their own, on loopback."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from stages.cluster.asked import Asked
from stages.cluster.engaged import elsewhere
from stages.common.artifacts.checkpoint import Progress
from stages.common.artifacts.encoded import Encoded
from stages.network.activations import ACTIVATIONS
from stages.network.descent import Elsewhere
from stages.network.first_weights import draw, uniform
from stages.network.parameters import Parameters
from stages.network.recipe import POST, recipe_of
from stages.network.teaching import Teacher
from stages.train import begun, train
from tests.processes import LIMIT, started
from tests.scratch import ROOT

distributed = pytest.importorskip("distributed", reason="make cluster has not been run")

DASK = [sys.executable, "-m", "dask"]
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

SIZES = [784, 6, 5, 10]
EPOCHS = 3


class Training(NamedTuple):
    """A small training: settings that are not the post's, and how many rows it has."""

    settings: Mapping[str, Any]
    rows: int = 400
    taught: bool = False

    @property
    def all_settings(self) -> dict[str, Any]:
        """Return all settings by the names of the params in `train`."""
        asked = {"precision": "reproducible", "learning_rate": 0.8, "epochs": EPOCHS}
        return POST | asked | dict(self.settings)

    @property
    def encoded(self) -> Encoded:
        """Return images with a blank edge, of random ink."""
        rng = np.random.default_rng(self.rows)
        X = rng.integers(1, 256, (self.rows, 28, 28), np.uint8) * (rng.random((28, 28)) < 0.3)
        Y = np.eye(10, dtype=np.uint8)[rng.integers(0, 10, self.rows)]
        row = np.arange(self.rows, dtype=np.int32)
        return Encoded(X.reshape(self.rows, -1).astype(np.uint8), Y, row, 255.0)

    @property
    def teacher(self) -> tuple[Parameters, str] | None:
        """Return a network that teaches, and its activation's name."""
        return (
            (draw([784, 4, 10], uniform, np.random.default_rng(9)), "tanh") if self.taught else None
        )

    def place(self, where: Asked) -> Elsewhere:
        """Return where the environment asks for it to run."""
        rows = self.encoded
        return elsewhere(where, self.all_settings, (rows.X, rows.Y), self.teacher)

    def run(self, place: Elsewhere | None = None) -> Iterator[Progress]:
        """Yield its progress, epoch by epoch."""
        recipe = recipe_of(self.all_settings)
        first = draw(SIZES, uniform, np.random.default_rng(1))
        teacher = self.teacher and Teacher(self.teacher[0], ACTIVATIONS[self.teacher[1]])
        start = begun(recipe, first, None)
        rows = self.encoded
        yield from train(recipe, start, rows, None, teacher, EPOCHS, 1, place=place)


def end(course: Iterator[Progress]) -> dict[str, bytes]:
    """Return all that a training ends with, as bytes."""
    *_, last = course
    arrays = {name: array.tobytes() for name, array in last.arrays.items()}
    return arrays | {name: np.array(found).tobytes() for name, found in last.course.items()}


def at(address: str, data: Path | str, rows: int | None = None, wait: int = 20) -> Asked:
    """Return that a scheduler at an address is asked for."""
    return Asked(None, address, str(data), rows, wait)


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Yield the address of a scheduler with so many workers, all threads of this process."""
    with distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=None,
    ) as there:
        yield str(there.scheduler_address)


@contextmanager
def scheduler(
    folder: Path, host: str = "127.0.0.1", **environment: str
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Yield the address of a scheduler in a process of its own, and the process."""
    told = folder / "scheduler.json"
    told.unlink(missing_ok=True)
    command = [*DASK, "scheduler", "--host", host, "--port", "0", "--no-dashboard"]
    env = os.environ | environment
    with started([*command, "--scheduler-file", str(told)], env=env, **QUIET) as process:
        yield _address(told), process


def _address(told: Path) -> str:
    """Return the address in a scheduler's file, once it is written whole."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(told.read_text(encoding="utf-8"))["address"])
        time.sleep(0.05)
    raise TimeoutError(told)


@contextmanager
def worker(
    address: str, folder: Path = ROOT, **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    """Yield a worker with one thread, in a process of its own, started in a folder."""
    command = [*DASK, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    env = os.environ | {"PYTHONPATH": str(folder)} | environment
    with started([*command, "--memory-limit", "0"], cwd=folder, env=env, **QUIET) as process:
        yield process
