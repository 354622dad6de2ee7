"""How well a network reads rows that do not train it: the same to the bit on every processor."""

import operator
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from stages.network.activations import Activation
from stages.network.compact import Bytes, Chunk, Scratch
from stages.network.cost import hits
from stages.network.exact import ExactNetwork
from stages.network.parameters import Parameters, cast
from stages.network.partition import partition
from stages.network.propagation import forward


class Validation(NamedTuple):
    """Rows that validate: in chunks, and what their pixels are divided by."""

    chunks: Sequence[Chunk]
    pixel_scale: float


class Verdict(NamedTuple):
    """cost: mean cross-entropy in nats. accuracy: share of the rows read right."""

    cost: float
    accuracy: float


def validation_of(X: Bytes, Y: Bytes, pixel_scale: float, units: int) -> Validation:
    """Return images X (n, side²) with one-hot Y (n, 10), for a first layer of so many units."""
    return Validation(partition(X, Y, units, np.dtype(np.float64)), pixel_scale)


def judged(parameters: Parameters, activation: Activation, rows: Validation) -> Verdict:
    """Return how well parameters that `exact.holds` read the rows."""
    network = ExactNetwork(cast(parameters, np.float64), rows.pixel_scale, activation)
    scratch, costs, right = Scratch(), [], 0
    for chunk in rows.chunks:
        *_, guess = forward(network, chunk.matrix(scratch, np.float64))
        costs.append(network.cross_entropy(guess, chunk.truth))
        right += hits(guess, chunk.truth)
    n = reduce(operator.add, map(len, rows.chunks))
    return Verdict(network.nats(reduce(operator.add, costs)) / n, right / n)
