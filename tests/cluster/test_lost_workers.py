"""Workers that are killed, late or slow, in processes of their own: the bytes stay the same."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from tests.cluster.clusters import Training, at, distributed, end, scheduler, worker

SOME_STEPS = Training({"batch_rows": 40, "dropout": 0.2})
MANY_STEPS = Training({"batch_rows": 10, "dropout": 0.2})


@contextmanager
def slowed(pid: int) -> Iterator[None]:
    """Have a process run a tenth of the time."""
    ending = threading.Event()

    def hold() -> None:
        while not ending.is_set():
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.045)
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.005)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def test_one_is_slow_one_is_killed_and_one_is_late(tmp_path: Path) -> None:
    with ExitStack() as stack:
        address, _ = stack.enter_context(scheduler(tmp_path))
        killed, slow = (stack.enter_context(worker(address)) for _ in range(2))
        with distributed.Client(address) as client:
            client.wait_for_workers(2)
        course = SOME_STEPS.run(SOME_STEPS.place(at(address, tmp_path, rows=50)))
        progress = [next(course)]
        stack.enter_context(slowed(slow.pid))
        threading.Timer(0.05, killed.kill).start()  # in the middle of the next epoch
        progress += [next(course)]
        assert killed.wait(10) == -signal.SIGKILL
        stack.enter_context(worker(address))
        progress += course
    assert end(iter(progress)) == end(SOME_STEPS.run())


@pytest.mark.whole
def test_the_last_one_is_killed_and_another_comes(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (address, _):
        with worker(address) as only:
            course = MANY_STEPS.run(MANY_STEPS.place(at(address, tmp_path)))
            progress = [next(course)]
            only.kill()
        with worker(address):
            progress += course
    assert end(iter(progress)) == end(MANY_STEPS.run())


@pytest.mark.whole
def test_none_is_left(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (address, _):
        with worker(address):
            course = MANY_STEPS.run(MANY_STEPS.place(at(address, tmp_path, wait=2)))
            next(course)
        with pytest.raises(DigitsError, match="has 0 workers that can be used after 2 s"):
            next(course)
    assert [path.name for path in tmp_path.iterdir()] in ([], ["scheduler.json"])


def test_the_scheduler_is_lost(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (address, process), worker(address):
        course = MANY_STEPS.run(MANY_STEPS.place(at(address, tmp_path)))
        next(course)
        process.kill()
        with pytest.raises(DigitsError, match="lost the scheduler at DIGITS_CLUSTER tcp://"):
            list(course)
    assert [path.name for path in tmp_path.iterdir()] == ["scheduler.json"]
