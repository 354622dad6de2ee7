"""The functions between the layers, each with its derivative, for floats and for exact sums."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from stages.network.cost import Guess
from stages.network.elementary import LN_2, LOG2_E, WHOLE_DOUBLE, Singles, power_of_two
from stages.network.parameters import Floats

A_BITS = 24  # for exact sums an activation is whole numbers of 2^-24
_TO_GRID = WHOLE_DOUBLE * 2.0**-A_BITS


class Activation(NamedTuple):
    """An activation function, in the two ways that networks compute.

    floats: sets its second argument to the values at the first, Z, and returns the derivative by
    Z; both of any float type and shape.
    exact: likewise, of Z * `fold` in float64, to 1.4e-7; the derivative is float32, to 3e-7.
    fold: what a layer's W and b are multiplied by for `exact`.
    steepest: what the absolute value of the derivative is at most.
    bounded: whether values are from -1 to 1; those of `exact` are then whole numbers of 2^-24.
    Others are above -1.
    """

    floats: Callable[[Floats, Floats], Floats]
    exact: Callable[[Floats, Floats], Singles]
    fold: float
    steepest: float
    bounded: bool


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
    """Set A to (1 - 2^Z) / (1 + 2^Z), and return its derivative 1 - A^2 by -Z / 2 log2(e)."""
    up, down = power_of_two(Z.astype(np.float32), most=60)
    total = up + down
    down -= up
    down /= total
    A[...] = down
    A += _TO_GRID
    A -= _TO_GRID
    down *= down
    return np.subtract(np.float32(1), down, out=down)


def relu(Z: Floats, A: Floats) -> Floats:
    """Set A to Z where it is above 0, else to 0, and return its derivative: 1 there, else 0."""
    np.maximum(Z, 0, out=A)
    return (Z > 0).astype(Z.dtype)


def exact_relu(Z: Floats, A: Floats) -> Singles:
    """Set A to Z where it is above 0, else to 0, and return its derivative: 1 there, else 0."""
    np.maximum(Z, 0, out=A)
    return (Z > 0).astype(np.float32)


def silu(Z: Floats, A: Floats) -> Floats:
    """Set A to Z s with s = sigmoid(Z), and return its derivative s + Z s (1 - s)."""
    slope = sigmoid(Z, A)
    slope *= Z
    slope += A
    A *= Z
    return slope


def exact_silu(Z: Floats, A: Floats) -> Singles:
    """Set A to z s with z = -Z / log2(e) and s = 1 / (1 + 2^Z); return s + z s (1 - s).

    z below 2^96, as else the small error of 1 - s is too large. The derivative is at most 1.09984.
    """
    up, down = power_of_two(Z.astype(np.float32), most=100)
    total = up + down
    down /= total  # s
    up /= total  # 1 - s
    np.multiply(Z, -LN_2, out=A)
    A *= down
    up *= A
    up += down
    return up


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, exact_sigmoid, fold=-LOG2_E, steepest=1 / 4, bounded=True),
    "tanh": Activation(tanh, exact_tanh, fold=-2 * LOG2_E, steepest=1.0, bounded=True),
    "relu": Activation(relu, exact_relu, fold=1.0, steepest=1.0, bounded=False),
    "silu": Activation(silu, exact_silu, fold=-LOG2_E, steepest=1.1, bounded=False),
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
