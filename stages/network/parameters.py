"""The network's parameters: plain arrays, a pair of weights and biases for each layer."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Layer = tuple[Floats, Floats]
Parameters = list[Layer]
Vector = Floats  # (p,): all of them, one after another


def cast(parameters: Parameters, precision: npt.DTypeLike) -> Parameters:
    """Return the parameters as numbers of another float type."""
    return [(W.astype(precision), b.astype(precision)) for W, b in parameters]


def count(parameters: Parameters) -> int:
    """Return how many numbers the network learns."""
    return sum(W.size + b.size for W, b in parameters)


def sizes_of(parameters: Parameters) -> list[int]:
    """Return the sizes of the layers, pixels first."""
    return [parameters[0][0].shape[1], *(len(b) for _, b in parameters)]


def flat(parameters: Parameters) -> Vector:
    """Return all parameters one after another, (p,), a copy: W1, b1, W2, b2, …, each in C order."""
    vector: Vector = np.empty(count(parameters), parameters[0][0].dtype)
    for there, layer in zip(shaped(vector, sizes_of(parameters)), parameters, strict=True):
        for place, array in zip(there, layer, strict=True):
            place[...] = array
    return vector


def shaped(vector: Vector, sizes: Sequence[int]) -> Parameters:
    """Return a vector's numbers as parameters of layers of these `sizes`: views, not copies."""
    parameters, start = Parameters(), 0
    for n_in, n_out in pairwise(sizes):
        middle, end = start + n_out * n_in, start + n_out * (n_in + 1)
        parameters.append((vector[start:middle].reshape(n_out, n_in), vector[middle:end]))
        start = end
    return parameters
