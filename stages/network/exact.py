"""The network in numbers so short that no sum is rounded: the same bytes on every processor.

Every operand of a BLAS product is a whole number times a power of two, with so few bits that the
absolute values of all products add up to at most 2^53 units. float64 holds every whole number to
2^53, so nothing is rounded, in whatever order, by whatever kernel, the sums are taken. Sums over
images are exact as well: they depend on the set of images, not on how it is cut or ordered. What
is left, element by element, is + − × ÷, which IEEE 754 fixes.

A unit is a power of two that follows from the step's parameters alone, never from the images;
where an activation has no bound, an image's unit follows from that image alone: see `unbounded`.
"""

import math
from collections.abc import Sequence

import numpy as np

from stages.network.activations import Activation
from stages.network.compact import CONSTANT
from stages.network.cost import Guess, Truth, minus_truth
from stages.network.elementary import LN_2, LOG2_E, add_rows, log2, power_of_two
from stages.network.exact_layers import (
    DELTA_BITS,
    FIRST_DELTA_BITS,
    ArrayLayer,
    FirstLayer,
    UpperLayer,
    back_of,
    bits,
    exponent,
    joined,
    largest,
)
from stages.network.parameters import Floats, Parameters, count, shaped, sizes_of
from stages.network.propagation import Found, Mask, Sums
from stages.network.totals import Exact
from stages.network.unbounded import UnboundedLayer, into_units

COST_BITS = 24  # the cost of an image is a whole number of 2^-24 bits, where these are at most 2^47
COST_WHOLE_BITS = 47

_MARGIN = 1.001  # for what roundings add to a bound
LARGEST = 2.0**64  # parameters must be below
_MOST_EXPONENT = 700  # and errors below 2^700, as their bounds are to be numbers
_MOST_Z = 96  # and activations below 2^96, which float32 holds


def holds(parameters: Parameters, pixel_scale: float, activation: Activation) -> bool:
    """Tell whether the parameters are finite, and below 2^64, divided by the pixel scale too.

    And whether they bound the errors, and activations that nothing else bounds: many layers of
    large weights do not.
    """
    (W, _), *others = parameters
    arrays = [W / pixel_scale, *(array for layer in parameters for array in layer)]
    if not all(bool(np.all(np.abs(array) < LARGEST)) for array in arrays):
        return False
    # At most, in bits, what each layer adds to that bound.
    slope = exponent(activation.steepest)
    added = (exponent(largest(W)) + bits(len(W)) + slope for W, _ in others)
    bounded = activation.bounded or _most_forward(parameters, pixel_scale) < _MOST_Z
    return bounded and sum(max(0, more) for more in added) < _MOST_EXPONENT


def held_below(sizes: Sequence[int], pixel_scale: float, activation: Activation) -> float:
    """Return a number below which it `holds` any parameters, by their absolute values.

    sizes: of the layers, pixels first.
    """
    spare = _MOST_EXPONENT - 1
    if not activation.bounded:
        spare = min(spare, _MOST_Z - 1 - max(0, exponent(255 / pixel_scale)))
    added = spare // (len(sizes) - 1)  # in bits, what a layer may add to any bound
    if added < 1:
        return 0.0
    e = added - 1 - bits(max(sizes)) - exponent(activation.steepest)
    return min(math.ldexp(1, e), LARGEST * min(1.0, pixel_scale))


def _most_forward(parameters: Parameters, pixel_scale: float) -> int:
    """Return an e with |Z| < 2^e in every layer, if activations are no larger than their Z."""
    e = exponent(255 / pixel_scale)
    for W, b in parameters:
        e = 1 + max(0, e + exponent(largest(W)) + bits(W.shape[1]), exponent(largest(b)))
    return e


class ExactNetwork:
    """The parameters of a step on their grids.

    All that follows a layer is a power of two, so its W and b are multiplied by log2(e) once, or by
    what the activation folds into them: where a sigmoid follows, Z is −z log2(e), and
    A = 1 / (1 + 2^Z).
    """

    first_layer: type[FirstLayer] = FirstLayer

    def __init__(self, parameters: Parameters, pixel_scale: float, activation: Activation) -> None:
        """Take float64 parameters below `LARGEST`, for pixels that are divided by `pixel_scale`."""
        (W, b), *others = parameters
        folds = [activation.fold] * len(others) + [LOG2_E]
        self._parameters, self._activation = parameters, activation
        self.first = self.first_layer(joined(W, b, folds[0] / pixel_scale, folds[0] / CONSTANT))
        back = [back_of(W) for W, _ in others]
        self._units = _units(back, activation.steepest)
        layers = [
            UpperLayer(joined(W, b, fold, fold), V * math.ldexp(1, unit - below))
            for (W, b), V, fold, unit, below in zip(
                others, back, folds[1:], self._units[1:], self._units, strict=False
            )
        ]
        self.others: Sequence[UpperLayer | UnboundedLayer] = (
            layers if activation.bounded else self._unbounded(layers)
        )
        self._divisors = [
            (pixel_scale, float(CONSTANT)),
            *(2 * (math.ldexp(1, -layer.unit),) for layer in self.others),
        ]
        fed = 1.0 if others else 255 / pixel_scale
        bounded = activation.bounded or not others
        self._cost_unit = _cost_unit(parameters[-1], fed) if bounded else -COST_BITS

    def _unbounded(self, layers: Sequence[UpperLayer]) -> Sequence[UnboundedLayer]:
        """Return the layers for activations that only the weights below bound."""
        wrapped, Z = [], self.first.largest()
        for layer in layers:
            most = max(1, exponent(Z / abs(self._activation.fold) * _MARGIN))
            wrapped.append(UnboundedLayer(layer, most))
            Z = layer.largest(math.ldexp(1, most))
        return wrapped

    def activate(self, Z: Floats, mask: Mask | None) -> tuple[Floats, Floats]:
        """Return A (n_out + 1, n), with ones below, and the slope (n_out, n), float32.

        Where the activation has no bound A has one row more, of units.
        """
        n_out, bounded = len(Z), self._activation.bounded
        A = np.empty((n_out + (1 if bounded else 2), Z.shape[1]))
        A[n_out] = 1
        slope = self._activation.exact(Z, A[:n_out])
        if mask is not None:
            A[:n_out] *= mask
            slope *= mask
        if not bounded:
            into_units(A)
        return A, slope

    def softmax(self, Z: Floats) -> Guess:
        """Return the softmax of each column of z = Z / log2(e), (10, n), in float32."""
        less = Z.astype(np.float32)
        less -= less.max(axis=0)
        P, down = power_of_two(less.copy(), most=100)
        P /= down
        total = add_rows(P)
        P /= total
        return Guess(less, total, P)

    def output_error(self, guess: Guess, truth: Truth) -> Floats:
        """Return P − Y.T, or P − T, (10, n), in whole units of 2^-22; the guess's P is changed."""
        P = guess.P
        P += np.float32(3)  # from 2 to 4 float32 is whole numbers of 2^-22
        P -= np.float32(3)
        delta = minus_truth(P, truth)
        delta *= np.float32(2**DELTA_BITS)
        return delta.astype(np.float64)

    def gradient(self, errors: Sequence[Floats], inputs: Sequence[Floats]) -> list[Exact]:
        """Return delta @ A.T of each layer, (n_out, n_in + 1), in its units."""
        layers = [self.first, *self.others]
        return [
            layer.gradient(delta, A) for layer, delta, A in zip(layers, errors, inputs, strict=True)
        ]

    def cross_entropy(self, guess: Guess, truth: Truth) -> int:
        """Return the sum over images of minus log2 p of the true digit, in the cost's units.

        Where activations have no bound, an image counts no more than 2^23 bits.
        """
        costs = log2(guess.total.astype(np.float64))
        costs -= np.take(guess.Z, truth.places)
        costs *= math.ldexp(1, -self._cost_unit)
        np.minimum(costs, 2.0**COST_WHOLE_BITS, out=costs)
        return int(np.rint(costs).astype(np.int64).sum())  # 2^15 of 2^47 at most

    def nats(self, cost: int) -> float:
        """Return a sum of costs in nats."""
        return cost * math.ldexp(1, self._cost_unit) * LN_2

    def finish(self, sums: Sums) -> Found:
        """Return the sums as plain numbers: each is rounded once."""
        gradient = np.empty(count(self._parameters))
        places = shaped(gradient, sizes_of(self._parameters))
        for (dW, db), total, unit, (by_W, by_b) in zip(
            places, sums.gradient, self._units, self._divisors, strict=True
        ):
            both = total.rounded()
            np.divide(both[:, :-1], math.ldexp(by_W, -unit), out=dW)
            np.divide(both[:, -1], math.ldexp(by_b, -unit), out=db)
        return Found(self.nats(sums.cost), sums.right, gradient)


class DenseExactNetwork(ExactNetwork):
    """The same, for images that come as an array."""

    first_layer = ArrayLayer


def _units(back: Sequence[Floats], steepest: float) -> list[int]:
    """Return the unit of each layer's delta as an exponent of two, from a bound of its size.

    The absolute values of p − y sum to at most 2, those of p − t to 2 (1 + 2^-19), which is within
    the margin; those of delta are each at most the bound of its layer; a slope is at most
    `steepest`.
    """
    units, bound = [-DELTA_BITS], 0.0
    for number, V in enumerate(reversed(back), start=1):
        size = np.abs(V)
        widest = float(size.max()) * 2 if number == 1 else float(size.sum(axis=1).max()) * bound
        e = exponent(widest * steepest * _MARGIN)
        bound = math.ldexp(1, e)
        units.insert(0, e - (FIRST_DELTA_BITS if number == len(back) else DELTA_BITS))
    return units


def _cost_unit(last: tuple[Floats, Floats], most: float) -> int:
    """Return the unit of an image's cost, as an exponent of two; what goes in is at most `most`."""
    W, b = map(largest, last)
    bound = 4 * (W * most * last[0].shape[1] + b) + 64  # a difference of two outputs, in bits
    return max(-COST_BITS, exponent(bound) - COST_WHOLE_BITS)
