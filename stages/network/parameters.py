"""The network's parameters: plain arrays, a pair of weights and biases for each layer."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Layer = tuple[Floats, Floats]
Parameters = list[Layer]


def draw(sizes: Sequence[int], rng: np.random.Generator) -> Parameters:
    """Return W (n_out, n_in) and b (n_out,) for each pair of neighbouring layer `sizes`.

    Every number is uniform on [-0.5, 0.5), float64, drawn in the order W1, b1, W2, b2, …
    """
    return [
        (rng.random((n_out, n_in)) - 0.5, rng.random(n_out) - 0.5)
        for n_in, n_out in pairwise(sizes)
    ]


def cast(parameters: Parameters, precision: npt.DTypeLike) -> Parameters:
    """Return the parameters as numbers of another float type."""
    return [(W.astype(precision), b.astype(precision)) for W, b in parameters]


def count(parameters: Parameters) -> int:
    """Return how many numbers the network learns."""
    return sum(W.size + b.size for W, b in parameters)
