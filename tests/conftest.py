"""What all tests share.

The folders mirror stages/: a test lies where its module does. Beside them: `pipeline` holds what
dvc.yaml declares and DVC does with it, `docs` what the pages say, `faults` what a user or a
machine may do wrong, `fuzz` readers against spoiled files, `benchmarks` what `make bench` runs.
`scratch` has copies of the project for tests to run and change, `processes` starts processes that
end with their test. What is long is marked `whole`, and left to `make test-all`.
"""

import fcntl
import gc
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import scratch
from tests.scratch import Scratch, Share

_TESTS_BETWEEN = 100
_tests = itertools.count(1)

# CPython up to 3.11.8 raises SystemError ("AST constructor recursion depth mismatch", known as
# gh-106905) where the garbage collector happens to run Python code that parses, such as pytest's
# report of an exception in a destructor, while a literal is parsed: NumPy does so for each array
# that it reads. So the collector runs between tests only.
gc.disable()

# No setting of the user counts, nor of a Git hook that runs the tests.
for _name in [*os.environ]:
    if _name.startswith(("DVC", "GIT_", "DASK_", "DIGITS_CLUSTER")) or _name in (
        "DIGITS_DEBUG",
        "DIGITS_THREADS",
    ):
        del os.environ[_name]
os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

# A shell starts what a script runs in the background with SIGINT ignored, and what that starts
# inherits it; tests of Ctrl-C need it as a terminal has it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    if next(_tests) % _TESTS_BETWEEN == 0:
        gc.collect()


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Share:
    """Make a folder once for all of xdist's processes; a test must not change it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def find_or_make(name: str, make: Callable[[Path], object]) -> Path:
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (shared / name).exists():
                # Renamed when complete, so that no test meets one that failed half-way.
                unfinished = shared / f"{name}-{worker_id}"
                make(unfinished)
                unfinished.rename(shared / name)
        return shared / name

    return find_or_make


@pytest.fixture(scope="session")
def trained(share: Share) -> Scratch:
    """A repository on main whose pipeline has run, with a clean tree; copy it to change it."""
    return Scratch(share("trained", scratch.make_trained))


@pytest.fixture(scope="session")
def worse(trained: Scratch, share: Share) -> Scratch:
    """The trained repository after a third commit, which trained for 100 epochs only."""

    def train_less(folder: Path) -> None:
        trained.copy(folder).retrain(train__epochs=100)

    return Scratch(share("worse", train_less))


@pytest.fixture
def project(trained: Scratch, tmp_path: Path) -> Scratch:
    """A copy of the trained repository, to change."""
    return trained.copy(tmp_path / "project")
