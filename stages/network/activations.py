"""Activation functions, each with its derivative beside it."""

import numpy as np

from stages.network.parameters import Floats


def sigmoid(Z: Floats) -> Floats:
    """Return 1 / (1 + exp(-Z)), element by element, in any shape.

    It is computed as (1 + tanh(Z / 2)) / 2, the same function: no exponential that could
    overflow, and where it saturates it is 0 or 1 exactly, never a slow denormal number.
    """
    half = Z.dtype.type(0.5)
    A: Floats = Z * half
    np.tanh(A, out=A)
    A *= half
    A += half
    return A


def sigmoid_slope(A: Floats) -> Floats:
    """Return the derivative of the sigmoid by Z, from its value A = sigmoid(Z)."""
    slope: Floats = 1 - A
    slope *= A
    return slope


def log_softmax(Z: Floats) -> Floats:
    """Return the logarithms of the softmax probabilities of each column of Z (classes, n).

    The column's maximum is taken off first, which changes nothing (it cancels) but keeps the
    exponentials at most 1; so no probability is ever the logarithm of zero.
    """
    log_P: Floats = Z - Z.max(axis=0)
    log_P -= np.log(np.exp(log_P).sum(axis=0))
    return log_P
