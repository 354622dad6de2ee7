"""The functions between the layers, each with its derivative, for floats and for exact sums."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from stages.network.cost import Guess
from stages.network.elementary import LOG2_E, Singles, power_of_two
from stages.network.parameters import Floats


class Activation(NamedTuple):
    """An activation function, in the two ways that networks compute.

    floats: sets its second argument to the values at the first, Z, and returns the derivative by
    Z; both of any float type and shape.
    exact: likewise, of Z * `fold` in float64, to about 1e-7: values that are whole numbers of
    2^-24, and the derivative in float32.
    fold: what a layer's W and b are multiplied by for `exact`. steepest: the derivative is at
    most that, from 0 up or down.
    """

    floats: Callable[[Floats, Floats], Floats]
    exact: Callable[[Floats, Floats], Singles]
    fold: float
    steepest: float


def sigmoid(Z: Floats, A: Floats) -> Floats:
    """Set A to 1 / (1 + exp(-Z)), and return its derivative A (1 - A).

    It is computed as (1 + tanh(Z / 2)) / 2, the same function: no exponential that could
    overflow, and where it saturates it is 0 or 1 exactly, never a slow denormal number.
    """
    half = Z.dtype.type(0.5)
    np.multiply(Z, half, out=A)
    np.tanh(A, out=A)
    A *= half
    A += half
    slope: Floats = 1 - A
    slope *= A
    return slope


def exact_sigmoid(Z: Floats, A: Floats) -> Singles:
    """Set A to 1 / (1 + 2^Z), and return its derivative A (1 - A) by -Z / log2(e)."""
    up, down = power_of_two(Z.astype(np.float32), most=60)
    down += up
    up /= down  # 1 - A
    np.subtract(np.float32(1), up, out=down)  # whole numbers of 2^-24, whatever `up` was
    A[...] = down
    up *= down
    return up


def tanh(Z: Floats, A: Floats) -> Floats:
    """Set A to the hyperbolic tangent of Z, and return its derivative 1 - A^2."""
    np.tanh(Z, out=A)
    slope: Floats = A * A
    np.subtract(1, slope, out=slope)
    return slope


def exact_tanh(Z: Floats, A: Floats) -> Singles:
    """Set A to 2 / (1 + 2^Z) - 1, and return its derivative (1 - A) (1 + A) by -Z / 2 log2(e)."""
    up, down = power_of_two(Z.astype(np.float32), most=60)
    down += up
    up /= down
    up += up  # 1 - A
    np.subtract(np.float32(1), up, out=down)  # whole numbers of 2^-24, whatever `up` was
    A[...] = down
    down += np.float32(1)
    up *= down
    return up


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, exact_sigmoid, fold=-LOG2_E, steepest=1 / 4),
    "tanh": Activation(tanh, exact_tanh, fold=-2 * LOG2_E, steepest=1.0),
}


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
