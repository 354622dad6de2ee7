"""Forward and backward through the network: the post's formulas, for many images at once.

They are the same in every precision. How a product, an activation or a sum over images is
computed is the network's: see `floating`, `dense` and `exact`.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from stages.network.cost import Guess, Truth, hits
from stages.network.parameters import Floats, Vector

Mask = npt.NDArray[np.bool_]


class Layer(Protocol):
    """A layer, ready for a step. Below A, (n_in + 1, n), stands a row of ones."""

    def affine(self, A: Floats) -> Floats:
        """Return Z (n_out, n) = W @ A + b: [W b] @ A."""


class UpperLayer(Layer, Protocol):
    """A layer with another one below."""

    def error_below(self, delta: Floats, slope: Floats) -> Floats:
        """Return delta (n_in, n) of the layer below: (W.T @ delta) * slope."""


class Network(Protocol):
    """The parameters of a step with the arithmetic that they are used in."""

    @property
    def first(self) -> Layer:
        """Return the layer that takes in pixels."""

    @property
    def others(self) -> Sequence[UpperLayer]:
        """Return the layers above it, in order."""

    def activate(self, Z: Floats, mask: Mask | None) -> tuple[Floats, Floats]:
        """Return A (n_out + 1, n), below it the ones, and the activation's slope (n_out, n).

        mask: (n_out, n) where they stay; elsewhere both are 0.
        """

    def softmax(self, Z: Floats) -> Guess:
        """Return the softmax of each column of Z (10, n)."""

    def output_error(self, guess: Guess, truth: Truth) -> Floats:
        """Return delta (10, n) = P − Y.T, or P − T, of the last layer; the guess's P is changed."""

    def gradient(self, errors: Sequence[Floats], inputs: Sequence[Floats]) -> list[Any]:
        """Return delta @ A.T of each layer, sums over the images: by W, and last by b.

        errors: delta (n_out, n) of each layer. inputs: A (n_in + 1, n).
        """

    def cross_entropy(self, guess: Guess, truth: Truth) -> Any:
        """Return the sum over images of minus the log-probability of the true digit."""

    def nats(self, cost: Any) -> float:
        """Return a sum of costs in nats."""

    def finish(self, sums: "Sums") -> "Found":
        """Return what sums over all images say, as plain numbers."""


class Sums(NamedTuple):
    """Sums over some images; those over all of them are the sums of these, by `add`.

    cost: cross-entropy. right: images predicted right. gradient: of the cost. In which form a
    network keeps cost and gradient is its own; they, and what is in the list, add up.
    """

    cost: Any
    right: int
    gradient: list[Any]


class Found(NamedTuple):
    """What a batch says: sums over its images of the cost in nats and of hits.

    gradient: of that cost, by all parameters (p,).
    """

    cost: float
    right: int
    gradient: Vector


def learn(network: Network, A0: Floats, truth: Truth, masks: Sequence[Mask] | None = None) -> Sums:
    """Return the cost of some images and its gradient: all the formulas of one step.

    A0: (785, n), the images as columns. It may be any matrix with `W @ A0` and `delta @ A0.T`.
    masks: of each hidden layer, (units, n), which units stay on which image; None: all.
    """
    inputs, slopes, guess = forward(network, A0, masks)
    cost, right = network.cross_entropy(guess, truth), hits(guess, truth)
    errors = backward(network, slopes, network.output_error(guess, truth))
    return Sums(cost, right, network.gradient(errors, inputs))


def forward(
    network: Network, A0: Floats, masks: Sequence[Mask] | None = None
) -> tuple[list[Floats], list[Floats], Guess]:
    """Return what each layer takes in, the slopes of the hidden ones, and the probabilities.

    A0, masks: as in `learn`. Inputs: A0, and A (n_out + 1, n) of each hidden layer. Slopes:
    (n_out, n) each, the derivative of A by Z.
    """
    inputs, slopes = [A0], []
    Z = network.first.affine(A0)
    for layer, mask in zip(network.others, masks or repeat(None), strict=False):
        A, slope = network.activate(Z, mask)
        inputs.append(A)
        slopes.append(slope)
        Z = layer.affine(A)
    return inputs, slopes, network.softmax(Z)


def backward(network: Network, slopes: Sequence[Floats], delta: Floats) -> list[Floats]:
    """Return delta (n_out, n) of each layer, the derivative of the cost by its Z.

    slopes: as `forward` returned them. delta: (10, n), that of the last layer.
    """
    errors = [delta]
    for layer, slope in reversed(list(zip(network.others, slopes, strict=True))):
        errors.append(layer.error_below(errors[-1], slope))
    return errors[::-1]


def add(one: Sums, other: Sums) -> Sums:
    """Return the sums over the images of both; the first's arrays may be changed."""
    gradient = list(one.gradient)
    for place, more in enumerate(other.gradient):
        gradient[place] += more
    return Sums(one.cost + other.cost, one.right + other.right, gradient)
