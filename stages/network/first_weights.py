"""How a network's first weights and biases are drawn: uniform numbers, each rule by its name."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from stages.network.parameters import Floats, Layer, Parameters

# Takes n_in, n_out and the generator; returns W (n_out, n_in) and b (n_out,), float64.
First = Callable[[int, int, np.random.Generator], Layer]


def draw(sizes: Sequence[int], first: First, rng: np.random.Generator) -> Parameters:
    """Return a layer for each pair of neighbouring `sizes`, drawn one after another."""
    return [first(n_in, n_out, rng) for n_in, n_out in pairwise(sizes)]


def uniform(n_in: int, n_out: int, rng: np.random.Generator) -> Layer:
    """Draw weights and then biases from [-0.5, 0.5), as the post does."""
    return rng.random((n_out, n_in)) - 0.5, rng.random(n_out) - 0.5


def glorot(n_in: int, n_out: int, rng: np.random.Generator) -> Layer:
    """Draw weights within ±sqrt(6 / (n_in + n_out)); biases are 0. Glorot and Bengio, 2010."""
    return _within(math.sqrt(6 / (n_in + n_out)), n_in, n_out, rng), np.zeros(n_out)


def he(n_in: int, n_out: int, rng: np.random.Generator) -> Layer:
    """Draw weights within ±sqrt(6 / n_in), for ReLU; biases are 0. He and others, 2015."""
    return _within(math.sqrt(6 / n_in), n_in, n_out, rng), np.zeros(n_out)


def _within(most: float, n_in: int, n_out: int, rng: np.random.Generator) -> Floats:
    """Draw W (n_out, n_in) from [-most, most)."""
    return (rng.random((n_out, n_in)) - 0.5) * (2 * most)


FIRST_WEIGHTS: dict[str, First] = {"uniform": uniform, "glorot": glorot, "he": he}
