"""Copies of the project on a few hundred images, whose pipeline has run."""

import fcntl
import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from tests.pipeline.project import ROWS, SETTINGS, SOURCE, Project, Share, copy_working_tree


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Share:
    """Make a project once for all of xdist's processes; a test must not change it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def find_or_make(name: str, make: Callable[[Path], None]) -> Project:
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (shared / name).exists():
                # Renamed when complete, so that no test meets one that failed half-way.
                unfinished = shared / f"{name}-{worker_id}"
                make(unfinished)
                unfinished.rename(shared / name)
        return Project(shared / name)

    return find_or_make


def _run_small(folder: Path) -> None:
    """Run a copy of the project on the first few hundred images."""
    project = copy_working_tree(folder)
    with gzip.open(folder / "data/raw/mnist-5k.csv.gz", "rt", encoding="utf-8") as file:
        (folder / SOURCE).write_text("".join(islice(file, 1 + ROWS)), encoding="utf-8")
    for key, value in SETTINGS.items():
        project.set_param(key, value)
    project.repro()
    project.commit("Run on few images")


@pytest.fixture(scope="session")
def finished(share: Share) -> Project:
    """A project whose pipeline has run, with a clean tree; it is shared: copy it to change it."""
    return share("finished", _run_small)


@pytest.fixture
def project(finished: Project, tmp_path: Path) -> Project:
    """A project of the test's own, whose pipeline has run."""
    return finished.copy_to(tmp_path / "project")


@pytest.fixture(scope="module")
def module_project(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project for tests that leave it as they found it."""
    return finished.copy_to(tmp_path_factory.mktemp("module") / "project")
