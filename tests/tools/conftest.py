"""Scratch clones whose pipeline has run once for all tests."""

import fcntl
from pathlib import Path

import pytest

from tests.tools import scratch
from tests.tools.scratch import Scratch


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Scratch:
    """A repository on main with results; all of xdist's processes share it, none changes it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with (shared / "tools.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "trained").exists():
            # Renamed when complete, so that no test meets one that failed half-way.
            scratch.make(shared / f"trained-{worker_id}")
            (shared / f"trained-{worker_id}").rename(shared / "trained")
    return Scratch(shared / "trained")


@pytest.fixture
def project(trained: Scratch, tmp_path: Path) -> Scratch:
    """A copy of the trained repository, to change."""
    return trained.copy(tmp_path / "project")
