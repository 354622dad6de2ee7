"""Batch gradient descent: every epoch steps once, down the gradient over all training rows."""

from collections.abc import Iterator
from typing import NamedTuple

from stages.network.cost import accuracy, cross_entropy, output_error
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import backward, forward


class Epoch(NamedTuple):
    """One epoch: what it found on the training rows, and the parameters that it left.

    cost: mean cross-entropy in nats, before the update. accuracy: likewise, as a share.
    """

    cost: float
    accuracy: float
    parameters: Parameters


def descend(parameters: Parameters, X: Floats, Y: Floats, learning_rate: float) -> Iterator[Epoch]:
    """Yield one epoch after another, without end.

    X: (m, 784). Y: (m, 10) one-hot, both of the parameters' float type. The arrays given
    are not changed.
    """
    labels = Y.argmax(axis=1)
    while True:
        activations, log_P = forward(parameters, X)
        gradient = backward(parameters, activations, output_error(log_P, Y))
        parameters = step(parameters, gradient, learning_rate / len(X))
        yield Epoch(cross_entropy(log_P, Y), accuracy(log_P.argmax(axis=1), labels), parameters)


def step(parameters: Parameters, gradient: Parameters, rate: float) -> Parameters:
    """Return the parameters moved down the gradient by `rate` times its length."""
    return [
        (W - W.dtype.type(rate) * dW, b - b.dtype.type(rate) * db)
        for (W, b), (dW, db) in zip(parameters, gradient, strict=True)
    ]
