"""Gradients of every activation, loss and dropout, one image after another: an oracle.

It is written from the formulas alone and shares nothing with `stages`.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Layers = list[tuple[Array, Array]]


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z)), its fraction expanded where the exponent is positive."""
    small = np.exp(-np.abs(z))
    s: Array = np.where(z < 0, small, 1.0) / (1 + small)
    return s


def _sigmoid_slope(z: Array) -> Array:
    return sigmoid(z) * sigmoid(-z)


def _tanh_slope(z: Array) -> Array:
    slope: Array = 1 / np.square(np.cosh(np.clip(z, -300, 300)))
    return slope


def _relu(z: Array) -> Array:
    return np.where(z > 0, z, 0.0)


def _relu_slope(z: Array) -> Array:
    return np.where(z > 0, 1.0, 0.0)


def _silu(z: Array) -> Array:
    return z * sigmoid(z)


def _silu_slope(z: Array) -> Array:
    return sigmoid(z) * (1 + z * sigmoid(-z))


Curve = Callable[[Array], Array]
CURVES: dict[str, tuple[Curve, Curve]] = {
    "sigmoid": (sigmoid, _sigmoid_slope),
    "tanh": (np.tanh, _tanh_slope),
    "relu": (_relu, _relu_slope),
    "silu": (_silu, _silu_slope),
}


def summed_gradient(
    layers: Layers,
    images: Array,
    T: Array,
    activation: str,
    masks: Sequence[npt.NDArray[np.bool_]] | None = None,
    keep: float = 1.0,
) -> Layers:
    """Return the gradient of the cross-entropy with targets T (10, m), summed over the images.

    images: (m, n_in). masks: of each hidden layer (units, m); the activations that stay are
    divided by `keep`.
    """
    summed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    for number, x in enumerate(images):
        kept = [mask[:, number] / keep for mask in masks] if masks else repeat(np.ones(1))
        gradient = _one_image(layers, x, T[:, number], CURVES[activation], kept)
        for (dW_sum, db_sum), (dW, db) in zip(summed, gradient, strict=True):
            dW_sum += dW
            db_sum += db
    return summed


def _one_image(
    layers: Layers, x: Array, t: Array, curve: tuple[Curve, Curve], kept: Iterable[Array]
) -> Layers:
    f, slope = curve
    a, inputs, slopes = x, [x], []
    for (W, b), factor in zip(layers[:-1], kept, strict=False):
        z = W @ a + b
        a = f(z) * factor
        inputs.append(a)
        slopes.append(slope(z) * factor)
    W, b = layers[-1]
    z = W @ a + b
    powers = np.exp(z - z.max())
    deltas = [powers / powers.sum() - t]
    for (W, _), bend in zip(layers[:0:-1], slopes[::-1], strict=True):
        deltas.insert(0, bend * (W.T @ deltas[0]))
    return [(np.outer(delta, a), delta) for delta, a in zip(deltas, inputs, strict=True)]
