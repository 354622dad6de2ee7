"""Processes that learn side by side from one batch of all images: in exact sums, which add up.

Python lets one thread at a time run, and a thread that finds it taken waits for many microseconds:
that is much beside short operations. Processes have Python to themselves. Each is a copy of this
one, which the system makes without copying its memory (fork), so that it has all images; what it
is sent are parameters, what it gives back are sums.
"""

import contextlib
import ctypes
import math
import mmap
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.network.compact import Chunk, Scratch, in_a_ring
from stages.network.packing import Integers, packed, packed_shape, unpacked
from stages.network.parameters import Parameters, flat, shaped
from stages.network.propagation import Found, Network, Sums, add, learn
from stages.network.teaching import Aim

_PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>: the signal for when the thread that made it ends


def are_there() -> bool:
    """Tell whether this system makes them: elsewhere a BLAS may not work in a copy."""
    return sys.platform == "linux"


class Processes(AbstractContextManager["Processes"]):
    """This process and some copies of it, each with its share of the images."""

    def __init__(
        self,
        network: Callable[[Parameters], Network],
        sizes: Sequence[int],
        parts: Sequence[Chunk],
        aim: Aim | None,
        count: int,
    ) -> None:
        """Take what makes a network of parameters, its layers, all images, and how many to be.

        aim: sets the images' targets, None: the truth.
        """
        self._network, self._sizes, self._scratch, self._aim = network, sizes, Scratch(), aim
        shape = packed_shape(sizes)
        self._theta = _shared((shape[1] - 2,), np.float64)
        shares = _shares(parts, count)
        for share in shares:
            in_a_ring(share)
        self._mine, *others = shares
        self._copies = [_Copy(self._answer(share), shape) for share in others]

    def __exit__(self, *_: object) -> None:
        """End the copies."""
        for copy in self._copies:
            copy.dismiss()
        for copy in self._copies:
            copy.wait()

    def found(self, parameters: Parameters, *_: object) -> Found:
        """Return what all images say of the parameters.

        Raises ChildProcessError where a copy has ended.
        """
        self._theta[...] = flat(parameters)
        for copy in self._copies:
            copy.ask()
        network = self._network(parameters)
        sums = self._sums(network, self._mine)
        for copy in self._copies:
            sums = add(sums, unpacked(copy.answer(), self._sizes))
        return network.finish(sums)

    def _answer(self, share: Sequence[Chunk]) -> Callable[[], Integers]:
        """Return what a copy does when it is asked."""
        return lambda: packed(self._sums(self._network(shaped(self._theta, self._sizes)), share))

    def _sums(self, network: Network, share: Sequence[Chunk]) -> Sums:
        """Return the sums over some images."""
        return reduce(add, (self._learned(network, part) for part in share))

    def _learned(self, network: Network, part: Chunk) -> Sums:
        """Return the sums over a part."""
        A0, truth = part.matrix(self._scratch, self._theta.dtype), part.truth
        return learn(network, A0, self._aim(A0, truth) if self._aim else truth, None)


def _shares(parts: Sequence[Chunk], count: int) -> list[list[Chunk]]:
    """Return the parts in at most `count` shares of about equally many images, none empty."""
    shares: list[list[Chunk]] = [[] for _ in range(min(count, len(parts)))]
    rows = [0] * len(shares)
    for part in sorted(parts, key=len, reverse=True):
        least = rows.index(min(rows))
        shares[least].append(part)
        rows[least] += len(part)
    return shares


class _Copy:
    """A copy of this process, which answers when it is asked, until it is dismissed.

    It ends when this process does, however that ends: the system then kills it, even if it is
    stopped; and where that cannot be had, it reads the end of a pipe.
    """

    def __init__(self, answer: Callable[[], Integers], shape: tuple[int, int]) -> None:
        """Make it; its answers are of some shape.

        Raises ChildProcessError where the system makes no more processes.
        """
        self._told = _shared(shape, np.int64)
        (asked, self._ask), (self._heard, said) = os.pipe(), os.pipe()
        bind = _bound_to(os.getpid())
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            # Python warns of other threads, whose locks a copy never asks for.
            self._pid = _forked()
        if self._pid == 0:
            os.close(self._ask)
            self._serve(bind, answer, asked, said)
        os.close(asked)
        os.close(said)

    def _serve(
        self, bind: Callable[[], None], answer: Callable[[], Integers], asked: int, said: int
    ) -> None:
        """Answer until there is nobody to ask, and end; a stop is for the process that asks."""
        try:
            bind()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            while os.read(asked, 1):
                self._told[...] = answer()
                os.write(said, b".")
            os._exit(0)
        finally:
            os._exit(1)

    def ask(self) -> None:
        """Have it begin with an answer, unless it has ended."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._ask, b"?")

    def answer(self) -> Integers:
        """Return its answer; raises ChildProcessError where it has ended."""
        if not os.read(self._heard, 1):
            raise ChildProcessError(
                f"process {self._pid}, which trained beside this one, has ended"
            )
        return self._told

    def dismiss(self) -> None:
        """Tell it to end."""
        os.close(self._ask)
        os.close(self._heard)

    def wait(self) -> None:
        """Wait until it has ended."""
        os.waitpid(self._pid, 0)


def _forked() -> int:
    """Copy this process; return the copy's number here, and 0 there."""
    try:
        return os.fork()
    except OSError as error:
        raise ChildProcessError(
            f"no process can be made to train beside this one: {error.strerror or error}"
        ) from error


def _bound_to(maker: int) -> Callable[[], None]:
    """Return what a copy of the process `maker` does so that the system kills it with that one."""
    # Looked up before there is a copy: in it, nobody opens a lock that another thread held here.
    prctl = ctypes.CDLL(None).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != maker:  # it ended before that
            os._exit(1)

    return bind


def _shared(shape: tuple[int, ...], numbers: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return an array of zeros that copies of this process share with it."""
    memory = mmap.mmap(-1, math.prod(shape) * np.dtype(numbers).itemsize)
    return np.frombuffer(memory, numbers).reshape(shape)
