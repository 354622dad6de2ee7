"""What happens in the first layer: how much of it is saturated, how much of its gradient is 0."""

import typing
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.encoded import Encoded
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import Arithmetic
from stages.network.compact import Chunk, CompactMatrix, Scratch, one_block
from stages.network.parameters import Floats, Parameters, shaped, sizes_of
from stages.network.propagation import Network, add, backward, forward, learn

SATURATED = 1e-6  # an activation so near to 0 or 1 counts as saturated
_ROWS = 2000  # looked at together


class FirstLayer(NamedTuple):
    """The first layer's state on some images, in the float type of the parameters.

    typical_sum: median of |Z|, what goes into its units.
    saturated: share of its activations (units x images) within 1e-6 of 0 or 1.
    silent_images: share of the images on which every unit is saturated.
    zero_errors: share of its errors delta (units x images) that are exactly 0.
    zero_gradient: share of its gradient (units x 784, summed over the images) that is exactly 0.
    """

    typical_sum: float
    saturated: float
    silent_images: float
    zero_errors: float
    zero_gradient: float


def inspect(arithmetic: Arithmetic, parameters: Parameters, rows: Encoded) -> FirstLayer:
    """Return the state of the first layer, of a network with two or more, on some rows.

    In training's own arithmetic: what counts is which numbers training sees as 0.
    """
    network = arithmetic.network(parameters, rows.pixel_scale, ACTIVATIONS["sigmoid"])
    chunks = _chunks_of(rows)
    matrices = [_matrix(chunk) for chunk in chunks]
    near, delta = _states(network, chunks, matrices)
    sums = [learn(network, A0, chunk.truth) for A0, chunk in zip(matrices, chunks, strict=True)]
    gradient = network.finish(reduce(add, sums)).gradient
    (dW, _), *_ = shaped(gradient, sizes_of(parameters))
    return FirstLayer(
        typical_sum=float(np.median(np.abs(_first_sums(parameters, rows)))),
        saturated=float(near.mean()),
        silent_images=float(near.all(axis=0).mean()),
        zero_errors=float((delta == 0).mean()),
        zero_gradient=float((dW == 0).mean()),
    )


def _chunks_of(rows: Encoded) -> list[Chunk]:
    """Return the rows, some in each chunk."""
    n = len(rows.X)
    starts = range(0, n, _ROWS)
    some = [np.arange(start, min(start + _ROWS, n)) for start in starts]
    return [one_block(rows.X, rows.Y, images) for images in some]


def _matrix(chunk: Chunk) -> Floats:
    """Return the chunk's pixels as the network takes them in."""
    return typing.cast("Floats", CompactMatrix(chunk, Scratch()))


def _first_sums(parameters: Parameters, rows: Encoded) -> Floats:
    """Return Z (n, units), what goes into the first layer's units."""
    W, b = parameters[0]
    scaled = [
        (rows.X[start : start + _ROWS] / W.dtype.type(rows.pixel_scale)) @ W.T + b
        for start in range(0, len(rows.X), _ROWS)
    ]
    return np.concatenate(scaled)


def _states(
    network: Network, chunks: Sequence[Chunk], matrices: Sequence[Floats]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return of the first layer which activations are near an end, and delta: (units, n) each."""
    near, errors = [], []
    for chunk, A0 in zip(chunks, matrices, strict=True):
        inputs, slopes, guess = forward(network, A0)
        near.append(_near_an_end(inputs[1][:-1]))
        delta, *_ = backward(network, slopes, network.output_error(guess, chunk.truth))
        errors.append(delta)
    return np.concatenate(near, axis=1), np.concatenate(errors, axis=1)


def _near_an_end(A: Floats) -> npt.NDArray[np.bool_]:
    """Return whether each activation is within 1e-6 of 0 or of 1."""
    return (A <= SATURATED) | (1 - A <= SATURATED)
