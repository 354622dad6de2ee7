"""The blog post's training loop, one image after another: an oracle for the vectorised code.

It is written from the post's formulas alone and shares nothing with `stages`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Layers = list[tuple[Array, Array]]


class Course(NamedTuple):
    """What training left, and the cost and accuracy that each epoch found before its update."""

    layers: Layers
    costs: list[float]
    accuracies: list[float]


def train(
    layers: Layers,
    images: Array,
    one_hot: Array,
    learning_rate: float,
    epochs: int,
    inner_epsilon: float,
) -> Course:
    """Train on images (m, n_in) with labels one_hot (m, n_out), all images in every step.

    inner_epsilon: what the post adds inside each exponent.
    """
    m = len(images)
    costs, accuracies = [], []
    for _ in range(epochs):
        summed, cost, hits = _all_images(layers, images, one_hot, inner_epsilon)
        layers = [
            (W - learning_rate * dW / m, b - learning_rate * db / m)
            for (W, b), (dW, db) in zip(layers, summed, strict=True)
        ]
        costs.append(cost / m)
        accuracies.append(hits / m)
    return Course(layers, costs, accuracies)


def _all_images(
    layers: Layers, images: Array, one_hot: Array, inner_epsilon: float
) -> tuple[Layers, float, int]:
    """Return gradient, cost and right answers, each summed over the images."""
    summed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    cost, hits = 0.0, 0
    for x, y in zip(images, one_hot, strict=True):
        log_p, gradient = _one_image(layers, x, y, inner_epsilon)
        for (dW_sum, db_sum), (dW, db) in zip(summed, gradient, strict=True):
            dW_sum += dW
            db_sum += db
        cost -= float(log_p[y == 1][0])
        hits += int(y[np.argmax(log_p)])
    return summed, cost, hits


def _one_image(layers: Layers, x: Array, y: Array, inner_epsilon: float) -> tuple[Array, Layers]:
    """Return log p (n_out,) of one image x (n_in,), and the gradient of its cost."""
    activations = [x]
    for W, b in layers[:-1]:
        activations.append(_sigmoid(W @ activations[-1] + b, inner_epsilon))
    W, b = layers[-1]
    log_p = _log_softmax(W @ activations[-1] + b, inner_epsilon)
    deltas = [np.exp(log_p) - y]
    for (W, _), a in zip(layers[:0:-1], activations[:0:-1], strict=True):
        deltas.insert(0, a * (1 - a) * (W.T @ deltas[0]))
    return log_p, [(np.outer(d, a), d) for d, a in zip(deltas, activations, strict=True)]


def _sigmoid(z: Array, inner_epsilon: float) -> Array:
    """Return 1 / (1 + exp(-z + epsilon)), its fraction expanded where the exponent is positive."""
    exponent = -z + inner_epsilon
    small = np.exp(-np.abs(exponent))
    return np.where(exponent > 0, small / (small + 1), 1 / (1 + small))


def _log_softmax(z: Array, inner_epsilon: float) -> Array:
    """Return log(exp(z + epsilon) / sum(exp(z + epsilon))), its fraction reduced by the maximum."""
    exponent = z + inner_epsilon
    exponent = exponent - exponent.max()
    log_p: Array = exponent - np.log(np.exp(exponent).sum())
    return log_p
