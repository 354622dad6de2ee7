"""Forward and backward through the network: the post's formulas, for many images at once."""

from typing import NamedTuple

import numpy as np

from stages.network.activations import log_softmax, sigmoid, sigmoid_slope
from stages.network.cost import Truth, cross_entropy, hits, output_error
from stages.network.parameters import Floats, Parameters


class Sums(NamedTuple):
    """Sums over some images; those over all of them are the sums of these.

    cost: cross-entropy in nats. right: images predicted right. gradient: of the cost, in the
    shape and type of the parameters.
    """

    cost: float
    right: int
    gradient: Parameters


def learn(parameters: Parameters, A0: Floats, truth: Truth) -> Sums:
    """Return the cost of some images and its gradient: all the formulas of one step.

    A0: (784, n), the images as columns. It may be any matrix with `W @ A0` and `delta @ A0.T`.
    """
    activations, log_P = forward(parameters, A0)
    gradient = backward(parameters, activations, output_error(log_P, truth))
    return Sums(cross_entropy(log_P, truth), hits(log_P, truth), gradient)


def forward(parameters: Parameters, A0: Floats) -> tuple[list[Floats], Floats]:
    """Return what each layer takes in, first to last, and the log-probabilities (10, n).

    A0: (784, n), the images as columns, and the first of the list; the others are the
    hidden layers' activations A (n_out, n).
    """
    activations = [A0]
    for W, b in parameters[:-1]:
        activations.append(sigmoid(affine(W, b, activations[-1])))
    W, b = parameters[-1]
    return activations, log_softmax(affine(W, b, activations[-1]))


def affine(W: Floats, b: Floats, A: Floats) -> Floats:
    """Return Z = W @ A + b, one column an image."""
    Z: Floats = W @ A
    Z += b[:, np.newaxis]
    return Z


def backward(parameters: Parameters, activations: list[Floats], delta: Floats) -> Parameters:
    """Return the gradient of the summed cost, in the shape of the parameters.

    activations: as `forward` returned them. delta: (10, n), the error of the last layer.
    """
    gradient: Parameters = []
    ones = np.ones(delta.shape[1], delta.dtype)  # delta @ ones: the sums over the images
    for (W, _), A in zip(reversed(parameters), reversed(activations), strict=True):
        gradient.append((delta @ A.T, delta @ ones))
        if A is not activations[0]:
            delta = W.T @ delta
            delta *= sigmoid_slope(A)
    return gradient[::-1]
