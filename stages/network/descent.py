"""Batch gradient descent: every epoch steps once, down the gradient over all training rows."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import reduce
from typing import NamedTuple, cast

import numpy as np

from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import Arithmetic
from stages.network.compact import Chunk, CompactMatrix, Scratch
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import Network, Sums, add, learn


class Epoch(NamedTuple):
    """One epoch: what it found on the training rows, and the parameters that it left.

    cost: mean cross-entropy in nats, before the update. accuracy: likewise, as a share.
    """

    cost: float
    accuracy: float
    parameters: Parameters


def descend(
    arithmetic: Arithmetic,
    parameters: Parameters,
    chunks: Sequence[Chunk],
    pixel_scale: float,
    learning_rate: float,
    threads: int,
) -> Iterator[Epoch]:
    """Yield one epoch after another, without end, in the parameters' float type.

    The parameters given are not changed. The same chunks give the same bits, whatever the
    number of threads, as long as the BLAS runs one thread for each of them.
    """
    m, scratch = sum(map(len, chunks)), [Scratch() for _ in range(threads)]
    _keep_memory()
    with ThreadPoolExecutor(threads) as helpers:
        while True:
            network = arithmetic.network(parameters, pixel_scale, ACTIVATIONS["sigmoid"])
            found = network.finish(_learn_all(network, chunks, scratch, helpers))
            parameters = step(parameters, found.gradient, learning_rate / m)
            yield Epoch(found.cost / m, found.right / m, parameters)


def _keep_memory() -> None:
    """Have glibc keep memory that is freed, to 64 MiB, for the next epoch.

    It gives back to the system what is more than twice the largest array that was ever freed, of
    up to 32 MiB; and memory from the system comes slowly, page by page.
    """
    np.empty(2**25 - 2**16, np.uint8)  # freed at once


def step(parameters: Parameters, gradient: Parameters, rate: float) -> Parameters:
    """Return the parameters moved down the gradient by `rate` times its length."""
    return [
        # Always in C order: the BLAS may round otherwise for another.
        (np.subtract(W, W.dtype.type(rate) * dW, order="C"), b - b.dtype.type(rate) * db)
        for (W, b), (dW, db) in zip(parameters, gradient, strict=True)
    ]


def _learn_all(
    network: Network,
    chunks: Sequence[Chunk],
    scratch: Sequence[Scratch],
    helpers: ThreadPoolExecutor,
) -> Sums:
    """Return the sums over all chunks, worked on by a thread for each scratch."""
    found: dict[int, Sums] = {}
    turns = iter(range(len(chunks)))  # shared: each thread takes the next chunk when it is free

    def work(mine: Scratch) -> None:
        for turn in turns:
            A0 = CompactMatrix(chunks[turn], mine)
            found[turn] = learn(network, cast("Floats", A0), chunks[turn].truth)

    # A thread has floating-point warnings of its own: it is to have those of the caller.
    running = [helpers.submit(copy_context().run, work, other) for other in scratch[1:]]
    work(scratch[0])
    for helper in running:
        helper.result()
    # In the order of the chunks, whoever worked on them: so the sum's bits are always the same.
    return reduce(add, (found[turn] for turn in range(len(chunks))))
