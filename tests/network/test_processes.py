"""Processes that share the images: the same sums, none left behind, and one that ended is told."""

import errno
import os
import signal
import subprocess
import sys
import time
from functools import reduce
from pathlib import Path

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.common.errors import DigitsError
from stages.network import processes
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import REPRODUCIBLE
from stages.network.compact import Scratch
from stages.network.first_weights import FIRST_WEIGHTS, draw
from stages.network.packing import packed, packed_shape, unpacked
from stages.network.parameters import Parameters
from stages.network.partition import partition
from stages.network.processes import Processes
from stages.network.propagation import Network, Sums, add, learn
from stages.train import begun, train
from tests.network.helpers import recipe
from tests.processes import LIMIT

pytestmark = pytest.mark.skipif(not processes.are_there(), reason="threads train here")

SIZES = [784, 7, 10]


def start() -> Parameters:
    return draw(SIZES, FIRST_WEIGHTS["uniform"], np.random.default_rng(3))


def network(parameters: Parameters) -> Network:
    return REPRODUCIBLE.network(parameters, 255.0, ACTIVATIONS["sigmoid"])


def shared_by(rows: Encoded, count: int) -> Processes:
    chunks = partition(rows.X, rows.Y, 7, np.dtype(float), group_images=64, chunk_images=64)
    return Processes(network, SIZES, chunks, None, count)


def alone(rows: Encoded) -> Sums:
    chunks = partition(rows.X, rows.Y, 7, np.dtype(float))
    now, scratch = network(start()), Scratch()
    parts = (learn(now, chunk.matrix(scratch, float), chunk.truth, None) for chunk in chunks)
    return reduce(add, parts)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_any_number_of_processes_finds_the_same(digits: Encoded, count: int) -> None:
    expected = network(start()).finish(alone(digits))
    with shared_by(digits, count) as crew:
        for found in (crew.found(start()), crew.found(start())):
            assert (found.cost, found.right) == (expected.cost, expected.right)
            assert np.array_equal(found.gradient, expected.gradient)


def test_sums_are_packed_and_unpacked(digits: Encoded) -> None:
    sums = alone(digits)._replace(cost=2**40 - 2**70)
    numbers = packed(sums)
    assert numbers.shape == packed_shape(SIZES)
    found = unpacked(numbers, SIZES)
    assert (found.right, found.cost) == (sums.right, sums.cost)
    for one, other in zip(found.gradient, sums.gradient, strict=True):
        assert np.array_equal(one.high, other.split().high)
        assert np.array_equal(one.low, other.split().low)


def test_shares_are_about_equal_and_none_is_empty(many_digits: Encoded) -> None:
    chunks = partition(many_digits.X, many_digits.Y, 7, np.dtype(float), 64, 128)
    shares = processes._shares(chunks, 3)
    sizes = [sum(map(len, share)) for share in shares]
    assert sum(sizes) == len(many_digits.X)
    assert max(sizes) - min(sizes) <= 128
    assert len(processes._shares(chunks[:2], 3)) == 2


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # ended, and nobody has asked how


def test_none_is_left_behind(digits: Encoded) -> None:
    crew = shared_by(digits, 3)
    pids = [copy._pid for copy in crew._copies]
    assert len(pids) == 2
    assert all(map(is_there, pids))
    with crew:
        crew.found(start())
    assert not any(map(is_there, pids))


def test_one_that_was_ended_is_told(digits: Encoded) -> None:
    with shared_by(digits, 2) as crew:
        (copy,) = crew._copies
        os.kill(copy._pid, signal.SIGKILL)
        for _ in range(2):
            with pytest.raises(ChildProcessError, match=f"process {copy._pid}.* has ended"):
                crew.found(start())


def test_the_stage_tells_it_in_a_line(digits: Encoded, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> None:
        raise ChildProcessError("process 7, which trains beside this one, has ended")

    monkeypatch.setattr(Processes, "found", end)
    how = recipe("reproducible", 0.8)
    course = train(how, begun(how, start(), None), digits, None, None, 3, threads=2)
    with pytest.raises(DigitsError, match=r"process 7, .* has ended; run again to go on"):
        next(course)


def test_that_none_can_be_made_is_told(digits: Encoded, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "no room")

    monkeypatch.setattr(os, "fork", refused)
    how = recipe("reproducible", 0.8)
    course = train(how, begun(how, start(), None), digits, None, None, 3, threads=2)
    with pytest.raises(DigitsError, match="beside this one: no room; run again"):
        next(course)


def test_a_ctrl_c_while_they_end_is_not_lost(
    digits: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Processes, "__exit__", interrupted)
    how = recipe("reproducible", 0.8)
    course = train(how, begun(how, start(), None), digits, None, None, 3, threads=2)
    next(course)
    with pytest.raises(KeyboardInterrupt):
        course.close()


ASLEEP = """
import numpy as np, time
from tests.network import test_processes as t
from stages.common.artifacts.encoded import Encoded
X = np.zeros((200, 784), np.uint8)
crew = t.shared_by(Encoded(X, np.eye(10, dtype=np.uint8)[np.arange(200) % 10], None, 255.0), 3)
print(*(copy._pid for copy in crew._copies), flush=True)
time.sleep(600)
"""


def test_copies_end_with_the_process_that_made_them_even_if_stopped() -> None:
    with subprocess.Popen([sys.executable, "-c", ASLEEP], stdout=subprocess.PIPE) as maker:
        assert maker.stdout
        pids = [int(pid) for pid in maker.stdout.readline().split()]
        assert [is_there(pid) for pid in pids] == [True, True]
        os.kill(pids[0], signal.SIGSTOP)
        maker.kill()
    until = time.monotonic() + LIMIT
    while any(map(is_there, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(is_there, pids))
