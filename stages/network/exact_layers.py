"""The layers of exact sums: how many bits the operands of each product have, and what bounds it."""

import math
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from stages.network.activations import A_BITS
from stages.network.compact import CONSTANT
from stages.network.elementary import WHOLE_DOUBLE
from stages.network.parameters import Floats
from stages.network.totals import Exact, Unsplit, total_of

EXACT_BITS = 53  # whole numbers to 2^53 are float64 numbers
DELTA_BITS = 22  # an error above the first layer is at most 2^22 of its units
FIRST_DELTA_BITS = 30  # one of the first layer 2^30
BLOCK_IMAGES = 128  # that a product of delta and A sums over
CHUNK_IMAGES = 2**15  # that one of delta and pixels sums over, at most
FORWARD_COLUMNS = 128  # of W that a product sums over, at most; the next piece is a product anew
BACK_ROWS = 256  # likewise, of W.T

_LEAST_EXPONENT = -256  # smaller numbers than 2^-256 count as 0
_BATCH_NUMBERS = 2**17
_SMALL = 1_000_000  # multiplications of a product that OpenBLAS makes without copies, with AVX-512
_FEW_IMAGES = 40  # to multiply fewer at once is slow


def bits(count: int) -> int:
    """Return the least whole k with count <= 2^k."""
    return (count - 1).bit_length()


def exponent(x: float) -> int:
    """Return the least whole e with |x| < 2^e, but not below -256."""
    return max(_LEAST_EXPONENT, math.frexp(x)[1])


def largest(x: Floats) -> float:
    """Return the largest absolute value."""
    return float(np.abs(x).max())


def on_grid(x: Floats, room: int) -> Floats:
    """Return x rounded to whole numbers of a unit in which they are at most 2^room."""
    magic = WHOLE_DOUBLE * math.ldexp(1, exponent(largest(x)) - room)
    rounded: Floats = x + magic
    rounded -= magic
    return rounded


def joined(W: Floats, b: Floats, times_W: float, times_b: float) -> Floats:
    """Return [W b] (n_out, n_in + 1), W and b times a number each."""
    n_out, n_in = W.shape
    array = np.empty((n_out, n_in + 1))
    np.multiply(W, times_W, out=array[:, :-1])
    np.multiply(b, times_b, out=array[:, -1])
    return array


@cache
def pieces(count: int, most: int) -> tuple[slice, ...]:
    """Return slices that cut `count` into few pieces, about equal, of at most `most`."""
    size = math.ceil(count / math.ceil(count / most))
    return tuple(slice(start, start + size) for start in range(0, count, size))


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

    def gradient(self, delta: Floats, A: Floats) -> Unsplit:
        """Return delta @ A.T. delta 30 bits, pixels 8, at most 2^15 images: 2^53."""
        return Unsplit(delta @ A.T)


class ArrayLayer(FirstLayer):
    """The layer that takes in pixels as an array, some images after the other: all is exact.

    Where that makes products small, the BLAS need not copy what it multiplies.
    """

    def affine(self, A: Floats) -> Floats:
        """Return [W b] @ A, exact as that of all images."""
        Z = np.empty((len(self._both), A.shape[1]))
        for some in self._images(A):
            np.matmul(self._both, A[:, some], out=Z[:, some])
        return Z

    def gradient(self, delta: Floats, A: Floats) -> Unsplit:
        """Return delta @ A.T, exact as that of all images."""
        return Unsplit(sum_of_pieces(delta, A.T, self._images(A)))

    def _images(self, A: Floats) -> Sequence[slice]:
        """Return which images to multiply at once."""
        n, most = A.shape[1], _SMALL // self._both.size
        return pieces(n, most if most >= _FEW_IMAGES else n)


class UpperLayer:
    """A layer that takes in activations: whole numbers of 2^-24, at most 1."""

    unit = -A_BITS  # of `gradient`, times that of the errors, as an exponent of two

    def __init__(self, both: Floats, back: Floats) -> None:
        """Take [W b] (n_out, n_in + 1), and W.T (n_in, n_out) for the errors, on its grid."""
        self._cuts = pieces(both.shape[1], FORWARD_COLUMNS)
        self._back_cuts = pieces(back.shape[1], BACK_ROWS)
        self._both = on_grid(both, EXACT_BITS - A_BITS - bits(self._cuts[0].stop))
        self._back = np.ascontiguousarray(back)

    def affine(self, A: Floats) -> Floats:
        """Return [W b] @ A. A 24 bits, W 24 for 17 columns, 22 for 128: 2^7 · 2^46 = 2^53."""
        return sum_of_pieces(self._both, A, self._cuts)

    def largest(self, most: float) -> float:
        """Return what Z is at most, of activations of at most `most`."""
        size = np.abs(self._both)
        return float((size[:, :-1].sum(axis=1) * most + size[:, -1]).max())

    def gradient(self, delta: Floats, A: Floats) -> Exact:
        """Return delta @ A.T. delta 22 bits, A 24, 128 images: 2^53; between blocks integers."""
        if delta.shape[1] <= BLOCK_IMAGES:
            return Unsplit((delta @ A.T) * math.ldexp(1, A_BITS))
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


def back_of(W: Floats) -> Floats:
    """Return W.T (n_in, n_out) on the grid that its product with errors is exact on."""
    first, *_ = pieces(len(W), BACK_ROWS)
    return on_grid(W, EXACT_BITS - DELTA_BITS - bits(first.stop)).T
