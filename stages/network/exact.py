"""The network in numbers so short that no sum is rounded: the same bytes on every processor.

Every operand of a BLAS product is a whole number times a power of two, with so few bits that the
absolute values of all products add up to at most 2^53 units. float64 holds every whole number to
2^53, so nothing is rounded, in whatever order, by whatever kernel, the sums are taken. Sums over
images are exact as well: they depend on the set of images, not on how it is cut or ordered. What
is left, element by element, is + − × ÷, which IEEE 754 fixes.

A unit is a power of two that follows from the epoch's parameters alone, never from the images.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from stages.network.activations import A_BITS, Activation
from stages.network.compact import CONSTANT
from stages.network.cost import Guess, Truth, minus_truth
from stages.network.elementary import (
    LN_2,
    LOG2_E,
    WHOLE_DOUBLE,
    add_rows,
    log2,
    power_of_two,
)
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import Found, Mask, Sums
from stages.network.totals import Total, total_of
from stages.network.unbounded import UnboundedLayer, into_units

EXACT_BITS = 53  # whole numbers to 2^53 are float64 numbers
DELTA_BITS = 22  # an error above the first layer is at most 2^22 of its units
FIRST_DELTA_BITS = 30  # one of the first layer 2^30
BLOCK_IMAGES = 128  # that a product of delta and A sums over
CHUNK_IMAGES = 2**15  # that one of delta and pixels sums over, at most
FORWARD_COLUMNS = 128  # of W that a product sums over, at most; the next piece is a product anew
BACK_ROWS = 256  # likewise, of W.T
COST_BITS = 24  # the cost of an image is a whole number of 2^-24 bits, where these are at most 2^47
COST_WHOLE_BITS = 47

_MARGIN = 1.001  # for what roundings add to a bound
_LEAST_EXPONENT = -256  # smaller numbers than 2^-256 count as 0
LARGEST = 2.0**64  # parameters must be below
_MOST_EXPONENT = 700  # and errors below 2^700, as their bounds are to be numbers
_MOST_Z = 96  # and activations below 2^96, which float32 holds
_BATCH_NUMBERS = 2**17


def bits(count: int) -> int:
    """Return the least whole k with count <= 2^k."""
    return (count - 1).bit_length()


def exponent(x: Floats | float) -> int:
    """Return the least whole e with |x| < 2^e for every x, but not below -256."""
    return max(_LEAST_EXPONENT, int(np.frexp(np.abs(x).max())[1]))


def on_grid(x: Floats, room: int) -> Floats:
    """Return x rounded to whole numbers of a unit in which they are at most 2^room."""
    magic = WHOLE_DOUBLE * math.ldexp(1, exponent(x) - room)
    rounded: Floats = (x + magic) - magic
    return rounded


def pieces(count: int, most: int) -> Iterator[slice]:
    """Yield slices that cut `count` into as few pieces of at most `most` as can be, about equal."""
    size = math.ceil(count / math.ceil(count / most))
    for start in range(0, count, size):
        yield slice(start, start + size)


def sum_of_pieces(W: Floats, A: Floats, cuts: Sequence[slice]) -> Floats:
    """Return W @ A, a piece of what it sums over after the other: each of them is exact."""
    first, *others = cuts
    Z: Floats = W[:, first] @ A[first]
    for cut in others:
        Z += W[:, cut] @ A[cut]
    return Z


class FirstLayer:
    """The layer that takes in pixels."""

    def __init__(self, both: Floats) -> None:
        """Take [W b] (n_out, n_in + 1), for whole pixels."""
        self._both = on_grid(both, EXACT_BITS - bits(255 * (both.shape[1] - 1) + CONSTANT))

    def affine(self, A: Floats) -> Floats:
        """Return [W b] @ A. W 35 bits, pixels 8: 2^35 (784 · 255 + 128) < 2^53."""
        Z: Floats = self._both @ A
        return Z

    def largest(self) -> float:
        """Return what Z is at most: the sum, which is exact, of a unit's weights at full ink."""
        size = np.abs(self._both)
        return float((size[:, :-1].sum(axis=1) * 255 + size[:, -1] * CONSTANT).max())

    def gradient(self, delta: Floats, A: Floats) -> Total:
        """Return delta @ A.T. delta 30 bits, pixels 8, at most 2^15 images: 2^53."""
        return total_of(delta @ A.T)


class UpperLayer:
    """A layer that takes in activations: whole numbers of 2^-24, at most 1."""

    unit = -A_BITS  # of `gradient`, times that of the errors, as an exponent of two

    def __init__(self, both: Floats, back: Floats) -> None:
        """Take [W b] (n_out, n_in + 1), and W.T (n_in, n_out) for the errors, on its grid."""
        self._cuts = list(pieces(both.shape[1], FORWARD_COLUMNS))
        self._back_cuts = list(pieces(back.shape[1], BACK_ROWS))
        self._both = on_grid(both, EXACT_BITS - A_BITS - bits(self._cuts[0].stop))
        self._back = np.ascontiguousarray(back)

    def affine(self, A: Floats) -> Floats:
        """Return [W b] @ A. A 24 bits, W 24 for 17 columns, 22 for 128: 2^7 · 2^46 = 2^53."""
        return sum_of_pieces(self._both, A, self._cuts)

    def largest(self, most: float) -> float:
        """Return what Z is at most, of activations of at most `most`."""
        size = np.abs(self._both)
        return float((size[:, :-1].sum(axis=1) * most + size[:, -1]).max())

    def gradient(self, delta: Floats, A: Floats) -> Total:
        """Return delta @ A.T. delta 22 bits, A 24, 128 images: 2^53; between blocks integers."""
        whole = np.zeros((len(delta), len(A)), np.int64)
        for deltas, activations in zip(*(batches(x, whole.size) for x in (delta, A)), strict=True):
            product = deltas @ activations.transpose(0, 2, 1)
            product *= math.ldexp(1, A_BITS)
            whole += product.astype(np.int64).sum(axis=0)
        return total_of(whole)

    def error_below(self, delta: Floats, slope: Floats) -> Floats:
        """Return (W.T @ delta) * slope. delta 22 bits, W 27 for 16 rows, 23 for 256: 2^53."""
        below = sum_of_pieces(self._back, delta, self._back_cuts)
        below *= slope
        rounded: Floats = np.rint(below, out=below)
        return rounded


def batches(x: Floats, size: int) -> Iterator[Floats]:
    """Yield x (rows, n) as (blocks, rows, images), blocks of 128 images and what is left.

    So many blocks at once that their products, of `size` numbers each, stay in the cache.
    """
    step = BLOCK_IMAGES * max(1, _BATCH_NUMBERS // size)
    whole = x.shape[1] - x.shape[1] % BLOCK_IMAGES
    for start in range(0, whole, step):
        some = x[:, start : min(start + step, whole)]
        yield some.reshape(len(x), -1, BLOCK_IMAGES).transpose(1, 0, 2)
    if whole < x.shape[1]:
        yield x[np.newaxis, :, whole:]


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
    added = (exponent(W) + bits(len(W)) + slope for W, _ in others)
    bounded = activation.bounded or _most_forward(parameters, pixel_scale) < _MOST_Z
    return bounded and sum(max(0, more) for more in added) < _MOST_EXPONENT


def holds_all_below(
    largest: float, sizes: Sequence[int], pixel_scale: float, activation: Activation
) -> bool:
    """Tell whether it `holds` any parameters of at most `largest`, whatever they are.

    sizes: of the layers, pixels first.
    """
    if not largest < LARGEST * min(1.0, pixel_scale):
        return False
    added = 1 + max(0, exponent(largest) + bits(max(sizes)) + exponent(activation.steepest))
    all_added = (len(sizes) - 1) * added
    forward = max(0, exponent(255 / pixel_scale)) + all_added
    return (activation.bounded or forward < _MOST_Z) and all_added < _MOST_EXPONENT


def _most_forward(parameters: Parameters, pixel_scale: float) -> int:
    """Return an e with |Z| < 2^e in every layer, if activations are no larger than their Z."""
    e = exponent(255 / pixel_scale)
    for W, b in parameters:
        e = 1 + max(0, e + exponent(W) + bits(W.shape[1]), exponent(b))
    return e


class ExactNetwork:
    """The parameters of an epoch on their grids.

    All that follows a layer is a power of two, so its W and b are multiplied by log2(e) once, or by
    what the activation folds into them: where a sigmoid follows, Z is −z log2(e), and
    A = 1 / (1 + 2^Z).
    """

    def __init__(self, parameters: Parameters, pixel_scale: float, activation: Activation) -> None:
        """Take float64 parameters below `LARGEST`, for pixels that are divided by `pixel_scale`."""
        (W, b), *others = parameters
        folds = [activation.fold] * len(others) + [LOG2_E]
        self._scale, self._activation = pixel_scale, activation
        self.first = FirstLayer(
            np.column_stack([W * (folds[0] / pixel_scale), b * (folds[0] / CONSTANT)])
        )
        back = [_back(W) for W, _ in others]
        self._units = _units(back, activation.steepest)
        layers = [
            UpperLayer(np.column_stack([W, b]) * fold, V * math.ldexp(1, unit - below))
            for (W, b), V, fold, unit, below in zip(
                others, back, folds[1:], self._units[1:], self._units, strict=False
            )
        ]
        self.others: Sequence[UpperLayer | UnboundedLayer] = (
            layers if activation.bounded else self._unbounded(layers)
        )
        fed = 1.0 if others else 255 / pixel_scale
        bounded = activation.bounded or not others
        self._cost_unit = _cost_unit(parameters[-1], fed) if bounded else -COST_BITS

    def _unbounded(self, layers: Sequence[UpperLayer]) -> Sequence[UnboundedLayer]:
        """Return the layers for activations that only the weights below bound."""
        wrapped, largest = [], self.first.largest()
        for layer in layers:
            most = max(1, exponent(largest / abs(self._activation.fold) * _MARGIN))
            wrapped.append(UnboundedLayer(layer, most))
            largest = layer.largest(math.ldexp(1, most))
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

    def cross_entropy(self, guess: Guess, truth: Truth) -> Total:
        """Return the sum over images of minus log2 p of the true digit, in the cost's units.

        Where activations have no bound, an image counts no more than 2^23 bits.
        """
        costs = log2(guess.total.astype(np.float64))
        costs -= np.take(guess.Z, truth.places)
        costs *= math.ldexp(1, -self._cost_unit)
        np.minimum(costs, 2.0**COST_WHOLE_BITS, out=costs)
        return total_of(np.rint(costs).astype(np.int64).sum())  # 2^15 of 2^47 at most

    def nats(self, cost: Total) -> float:
        """Return a sum of costs in nats."""
        return float(cost.times_two_to(self._cost_unit)) * LN_2

    def finish(self, sums: Sums) -> Found:
        """Return the sums as plain numbers: each is rounded once."""
        first, *others = (
            total.times_two_to(unit) for total, unit in zip(sums.gradient, self._units, strict=True)
        )
        gradient: Parameters = [(first[:, :-1] / self._scale, first[:, -1] / CONSTANT)]
        for layer, both in zip(self.others, others, strict=True):
            scaled = both * math.ldexp(1, layer.unit)
            gradient.append((scaled[:, :-1], scaled[:, -1]))
        return Found(self.nats(sums.cost), sums.right, gradient)


def _back(W: Floats) -> Floats:
    """Return W.T (n_in, n_out) on the grid that its product with errors is exact on."""
    (first, *_) = pieces(len(W), BACK_ROWS)
    return on_grid(W, EXACT_BITS - DELTA_BITS - bits(first.stop)).T


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
    W, b = (float(np.abs(array).max()) for array in last)
    bound = 4 * (W * most * last[0].shape[1] + b) + 64  # a difference of two outputs, in bits
    return max(-COST_BITS, exponent(bound) - COST_WHOLE_BITS)
