"""How the exact arithmetic takes activations that have no bound, shown with ReLU.

A bound that follows from the weights is far above what the activations reach, and one from the
images would depend on how they are cut. So each image has a unit of its own, which follows from
its own largest activation, and wastes no bit:

- forward, a column of A is divided by its unit (a power of two), multiplied by W exactly, and
  multiplied by the unit again;
- delta @ A.T sums over images, whose units differ: each image's error takes its unit in, and is
  cut into a high and a low part of 22 bits, each with an exact product.

All of it is order-free, adds up, and needs nothing but the image and the weights.
"""

import math
from collections.abc import Sequence

import numpy as np

from stages.network import exact
from stages.network.activations import ACTIVATIONS
from stages.network.compact import CONSTANT
from stages.network.cost import Guess, Truth
from stages.network.elementary import LOG2_E
from stages.network.exact import ExactNetwork, FirstLayer, UpperLayer
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import Found, Mask, Sums
from stages.network.totals import Total

LOW_BITS = 22


def own_units(A: Floats) -> tuple[Floats, Floats]:
    """Return A (n_in + 1, n) in whole numbers of 2^-24, at most 1, and each image's unit (n,)."""
    unit = np.ldexp(1.0, np.frexp(np.abs(A).max(axis=0))[1])
    return np.rint(A / unit * 2**exact.A_BITS) / 2**exact.A_BITS, unit


def shifted(total: Total, by: int) -> Total:
    """Return a total times 2^by."""
    return Total(total.high << by, total.low << by) + Total(
        np.zeros_like(total.high), np.zeros_like(total.low)
    )


class UnboundedLayer(UpperLayer):
    """A layer whose activations are at most 2^`most`, but mostly far less."""

    def __init__(self, both: Floats, back: Floats, most: int) -> None:
        """Take what an upper layer takes, and the exponent of a bound from the weights."""
        super().__init__(both, back)
        self.most = most

    def affine(self, A: Floats) -> Floats:
        """Return [W b] @ A; A may be of any size."""
        whole, unit = own_units(A)
        return super().affine(whole) * unit

    def gradient(self, delta: Floats, A: Floats) -> Total:
        """Return delta @ A.T in units of 2^(most - 22) of the errors', times those of A."""
        whole, unit = own_units(A)
        scaled = delta * (unit * math.ldexp(1, -self.most))
        high = np.rint(scaled)
        low = np.rint((scaled - high) * 2**LOW_BITS)
        return shifted(super().gradient(high, whole), LOW_BITS) + super().gradient(low, whole)


class ReluNetwork:
    """A network like `ExactNetwork`, with ReLU for the sigmoid: its slope is at most 1."""

    def __init__(self, parameters: Parameters, pixel_scale: float) -> None:
        """Take float64 parameters, for pixels that are divided by `pixel_scale`."""
        (W, b), *others = parameters
        self._scale = pixel_scale
        self._softmax = ExactNetwork(parameters[-1:], 1.0, ACTIVATIONS["sigmoid"])
        self.first = FirstLayer(np.column_stack([W / pixel_scale, b / CONSTANT]))
        back = [exact._back(V) for V, _ in others]
        self._units = exact._units(back, 1.0)
        self.most = list(_largest(parameters, 255 / pixel_scale))
        folds = [1.0] * (len(others) - 1) + [LOG2_E]
        self.others: Sequence[UnboundedLayer] = [
            UnboundedLayer(np.column_stack([V, c]) * fold, B * math.ldexp(1, unit - below), most)
            for (V, c), B, fold, unit, below, most in zip(
                others, back, folds, self._units[1:], self._units, self.most, strict=False
            )
        ]

    def activate(self, Z: Floats, _: Mask | None) -> tuple[Floats, Floats]:
        """Return ReLU's A (n_out + 1, n), with ones below, and its slope (n_out, n)."""
        A = np.ones((len(Z) + 1, Z.shape[1]))
        np.maximum(Z, 0, out=A[:-1])
        return A, (Z > 0).astype(np.float32)

    def softmax(self, Z: Floats) -> Guess:
        """Return the softmax of Z / log2(e)."""
        return self._softmax.softmax(Z)

    def output_error(self, guess: Guess, truth: Truth) -> Floats:
        """Return P − Y.T in units of 2^-22."""
        return self._softmax.output_error(guess, truth)

    def cross_entropy(self, guess: Guess, truth: Truth) -> Total:
        """Return the sum of the costs."""
        return self._softmax.cross_entropy(guess, truth)

    def nats(self, cost: Total) -> float:
        """Return a sum of costs in nats."""
        return self._softmax.nats(cost)

    def finish(self, sums: Sums) -> Found:
        """Return the sums as plain numbers."""
        first, *others = sums.gradient
        whole = first.times_two_to(self._units[0])
        gradient: Parameters = [(whole[:, :-1] / self._scale, whole[:, -1] / CONSTANT)]
        for total, unit, most in zip(others, self._units[1:], self.most, strict=True):
            both = total.times_two_to(unit + most - LOW_BITS - exact.A_BITS)
            gradient.append((both[:, :-1], both[:, -1]))
        return Found(self.nats(sums.cost), sums.right, gradient)


def _largest(parameters: Parameters, fed: float) -> list[int]:
    """Return for each hidden layer the exponent of what its activations are at most."""
    found = []
    for W, b in parameters[:-1]:
        fed = max(1.0, float((np.abs(W) * fed).sum(axis=1).max() + np.abs(b).max()))
        found.append(exact.exponent(fed))
    return found
