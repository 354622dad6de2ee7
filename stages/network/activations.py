"""The network's functions in plain floats, each with its derivative beside it."""

import numpy as np

from stages.network.cost import Guess
from stages.network.parameters import Floats


def sigmoid(Z: Floats, out: Floats | None = None) -> Floats:
    """Return 1 / (1 + exp(-Z)), element by element, in any shape; into `out` where it is given.

    It is computed as (1 + tanh(Z / 2)) / 2, the same function: no exponential that could
    overflow, and where it saturates it is 0 or 1 exactly, never a slow denormal number.
    """
    half = Z.dtype.type(0.5)
    A: Floats = np.multiply(Z, half, out=out)
    np.tanh(A, out=A)
    A *= half
    A += half
    return A


def sigmoid_slope(A: Floats) -> Floats:
    """Return the derivative of the sigmoid by Z, from its value A = sigmoid(Z)."""
    slope: Floats = 1 - A
    slope *= A
    return slope


def softmax(Z: Floats) -> Guess:
    """Return the softmax of each column of Z (classes, n): exp(Z) over its sum.

    The column's maximum is taken off first, which changes nothing (it cancels) but keeps the
    exponentials at most 1.
    """
    less = Z - Z.max(axis=0)
    P = np.exp(less)
    total = P.sum(axis=0)
    P /= total
    return Guess(less, total, P)
