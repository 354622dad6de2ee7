"""How well a network reads rows that do not train it: the same to the bit on every processor."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from stages.network.activations import Activation
from stages.network.batches import Told
from stages.network.compact import Bytes, Chunk, Scratch
from stages.network.cost import hits
from stages.network.exact import ExactNetwork
from stages.network.parameters import Parameters, cast
from stages.network.partition import in_pieces
from stages.network.propagation import forward
from stages.network.rooms import MEMORY, Room


class Validation(NamedTuple):
    """Rows that validate: in chunks, and what their pixels are divided by."""

    chunks: Sequence[Chunk]
    pixel_scale: float


class Verdict(NamedTuple):
    """cost: mean cross-entropy in nats. accuracy: share of the rows read right."""

    cost: float
    accuracy: float


def validation_of(
    X: Bytes,
    Y: Bytes,
    pixel_scale: float,
    units: int,
    threads: int = 1,
    room: Room = MEMORY,
    told: Told = iter,
) -> Validation:
    """Return images X (n, side²) with one-hot Y (n, 10), for a first layer of so many units.

    threads, room, told: as of `feed_of`.
    """
    pieces = in_pieces(X, Y, units, np.dtype(np.float64), threads, room=room)
    return Validation([*chain.from_iterable(told(pieces))], pixel_scale)


def judged(
    parameters: Parameters, activation: Activation, rows: Validation, threads: int
) -> Verdict:
    """Return how well parameters that `exact.holds` read the rows; no bit depends on threads."""
    network = ExactNetwork(cast(parameters, np.float64), rows.pixel_scale, activation)
    with ThreadPoolExecutor(threads) as helpers:
        found = [*helpers.map(partial(_read, network), rows.chunks)]
    cost = sum(cost for cost, _ in found)
    right, n = sum(hit for _, hit in found), sum(map(len, rows.chunks))
    return Verdict(network.nats(cost) / n, right / n)


def _read(network: ExactNetwork, chunk: Chunk) -> tuple[int, int]:
    """Return the cost of some rows, and how many are read right."""
    *_, guess = forward(network, chunk.matrix(Scratch(), np.float64))
    return network.cross_entropy(guess, chunk.truth), hits(guess, chunk.truth)
