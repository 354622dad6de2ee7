"""One small study for all tests, made through DVC; and copies of it to change."""

import fcntl
from pathlib import Path

import pytest

from tests.study import scratch
from tests.study.scratch import STUDY_FILE, Scratch


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Scratch:
    """Run the study on few digits, once for all of xdist's processes; no test may change it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with (shared / "study.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "study"
        if not folder.exists():
            # Renamed when complete, so that no test meets one that failed half-way.
            unfinished = scratch.make(shared / f"study-{worker_id}")
            unfinished.run("dvc", "repro", STUDY_FILE)
            unfinished.folder.rename(folder)
    return Scratch(folder)


@pytest.fixture
def changeable(study: Scratch, tmp_path: Path) -> Scratch:
    """Return a copy of the study that has run."""
    return study.copy_to(tmp_path / "copy")
