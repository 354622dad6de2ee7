"""The blog post's training loop as it describes it: one image after another.

Written from the post's formulas alone, with its naive exponentials and the 1e-5 that it adds
inside them; it shares nothing with the pipeline, whose arithmetic and speed are held against it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

INNER_EPSILON = 1e-5  # what the post adds inside each exponent

Array = npt.NDArray[np.float64]
Layers = list[tuple[Array, Array]]


class Step(NamedTuple):
    """One epoch: the mean cost in nats before its update, and the parameters that it left."""

    cost: float
    parameters: Layers


def descend(parameters: Layers, X: Array, Y: Array, learning_rate: float) -> Iterator[Step]:
    """Yield one epoch after another, without end; the parameters given are not changed.

    X: (m, 784), an image a row, already divided by the pixel scale. Y: (m, 10), one-hot.
    """
    m = len(X)
    while True:
        gradient = [(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters]
        cost = 0.0
        for x, y in zip(X, Y, strict=True):
            cost += add_image(gradient, parameters, x, y)
        parameters = [
            (W - learning_rate * dW / m, b - learning_rate * db / m)
            for (W, b), (dW, db) in zip(parameters, gradient, strict=True)
        ]
        yield Step(cost / m, parameters)


def add_image(gradient: Layers, parameters: Layers, x: Array, y: Array) -> float:
    """Add the gradient of one image x (784,) to `gradient`, which is changed; return its cost."""
    (W1, b1), (W2, b2), (W3, b3) = parameters
    a1 = sigmoid(W1 @ x + b1)
    a2 = sigmoid(W2 @ a1 + b2)
    p = softmax(W3 @ a2 + b3)
    delta3 = p - y
    delta2 = a2 * (1 - a2) * (W3.T @ delta3)
    delta1 = a1 * (1 - a1) * (W2.T @ delta2)
    for (dW, db), delta, a in zip(gradient, (delta1, delta2, delta3), (x, a1, a2), strict=True):
        dW += np.outer(delta, a)
        db += delta
    return -float(np.log(p[y == 1]).sum())


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z + 1e-5)): the sigmoid of z - 1e-5."""
    # At raw pixels the exponential overflows to infinity, and 1 / infinity is the 0 wanted.
    with np.errstate(over="ignore"):
        value: Array = 1 / (1 + np.exp(-z + INNER_EPSILON))
    return value


def softmax(z: Array) -> Array:
    """Return exp(z + 1e-5) over the sum of the same: the 1e-5 cancels."""
    powers = np.exp(z + INNER_EPSILON)
    p: Array = powers / powers.sum()
    return p


def shifted(parameters: Layers, by: float) -> Layers:
    """Return the parameters with `by` added to each bias of the hidden layers.

    The loop from biases that are 1e-5 higher is the pipeline, which leaves the 1e-5 out.
    """
    hidden = [(W, b + by) for W, b in parameters[:-1]]
    return [*hidden, parameters[-1]]
