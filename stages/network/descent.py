"""Batch gradient descent: every epoch steps once, down the gradient over all training rows."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import reduce
from typing import NamedTuple, cast

import numpy as np

from stages.network.compact import Chunk, CompactMatrix
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import Sums, learn


class Epoch(NamedTuple):
    """One epoch: what it found on the training rows, and the parameters that it left.

    cost: mean cross-entropy in nats, before the update. accuracy: likewise, as a share.
    """

    cost: float
    accuracy: float
    parameters: Parameters


def descend(
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
    m = sum(len(chunk.truth.labels) for chunk in chunks)
    dtype, largest = parameters[0][0].dtype, max(chunk.pixels.size for chunk in chunks)
    buffers = [np.empty(largest, dtype) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as helpers:
        while True:
            found = _learn_all(parameters, chunks, pixel_scale, buffers, helpers)
            parameters = step(parameters, found.gradient, learning_rate / m)
            yield Epoch(found.cost / m, found.right / m, parameters)


def step(parameters: Parameters, gradient: Parameters, rate: float) -> Parameters:
    """Return the parameters moved down the gradient by `rate` times its length."""
    return [
        # Always in C order: the BLAS may round otherwise for another.
        (np.subtract(W, W.dtype.type(rate) * dW, order="C"), b - b.dtype.type(rate) * db)
        for (W, b), (dW, db) in zip(parameters, gradient, strict=True)
    ]


def _learn_all(
    parameters: Parameters,
    chunks: Sequence[Chunk],
    pixel_scale: float,
    buffers: Sequence[Floats],
    helpers: ThreadPoolExecutor,
) -> Sums:
    """Return the sums over all chunks, worked on by as many threads as there are buffers."""
    (W, b), *others = parameters
    # W @ (pixels / scale) is (W / scale) @ pixels, and to divide W is less work. Its columns are
    # picked by pixel: quick where a column lies together.
    scale = W.dtype.type(pixel_scale)
    of_whole_pixels: Parameters = [(np.asfortranarray(W / scale), b), *others]
    found: dict[int, Sums] = {}
    turns = iter(range(len(chunks)))  # shared: each thread takes the next chunk when it is free

    def work(buffer: Floats) -> None:
        for turn in turns:
            A0 = CompactMatrix(chunks[turn], buffer)
            found[turn] = learn(of_whole_pixels, cast("Floats", A0), chunks[turn].truth)

    # A thread has floating-point warnings of its own: it is to have those of the caller.
    running = [helpers.submit(copy_context().run, work, buffer) for buffer in buffers[1:]]
    work(buffers[0])
    for helper in running:
        helper.result()
    # In the order of the chunks, whoever worked on them: so the sum's bits are always the same.
    total = reduce(_add, (found[turn] for turn in range(len(chunks))))
    (dW, db), *rest = total.gradient
    return total._replace(gradient=[(dW / scale, db), *rest])


def _add(one: Sums, other: Sums) -> Sums:
    """Return the sums over the images of both."""
    gradient: Parameters = [
        (dW + more_dW, db + more_db)
        for (dW, db), (more_dW, more_db) in zip(one.gradient, other.gradient, strict=True)
    ]
    return Sums(one.cost + other.cost, one.right + other.right, gradient)
