"""A matrix of images without their blank pixels: what makes the first layer quick.

A pixel that is blank in every image of a group adds nothing to W @ A0, and its weights get
nothing from delta @ A0.T: leaving it out is exact. More than half of all pixels go.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import cast

import numpy as np
import numpy.typing as npt

from stages.network.cost import Truth, truth_of
from stages.network.parameters import Floats
from stages.network.rooms import MEMORY, Room, laid

Positions = npt.NDArray[np.intp]
Bytes = npt.NDArray[np.uint8]

# The value of one more pixel, the same in every image: its weights are the biases. A power of
# two, as those are divided by it.
CONSTANT = 128

# The BLAS takes errors of an image in a row to be quick; of more units that is not worth a copy.
_FEW_UNITS = 32


class Bundle:
    """Some groups of images that are multiplied together.

    A group is some images that leave the same pixels blank.

    used: (groups, kept) the pixels that are not blank in all images of a group, then the constant
    one; a group with fewer goes on with pixels that are 0, whose place is after all others.
    rows: (groups, images, kept) uint8, for W @ A0. columns: (groups, kept, images), the same for
    delta @ A0.T: the BLAS is quick where what it sums over lies so.
    """

    def __init__(self, X: Bytes, groups: Positions, image: int, place: int, room: Room) -> None:
        """Take the images at `groups`, (groups, images), from X.

        image, place: how many images, and kept pixels, the bundles before it have.
        """
        kept = [np.flatnonzero(X[images].any(axis=0)) for images in groups]
        most, pixels = max(map(len, kept)) + 1, X.shape[1]
        self.used = np.full((len(groups), most), pixels + 1)
        self.rows = room.empty((*groups.shape, most), np.uint8)
        self.rows[...] = 0
        for number, (images, some) in enumerate(zip(groups, kept, strict=True)):
            self.used[number, : len(some) + 1] = np.append(some, pixels)
            self.rows[number, :, : len(some)] = X[images[:, np.newaxis], some]
            self.rows[number, :, len(some)] = CONSTANT
        self.columns = laid(room, self.rows.swapaxes(1, 2))
        self._images = slice(image, image + groups.size)
        self._places = slice(place, place + self.used.size)

    def take_used(self, used: Positions) -> None:
        """Keep this bundle's part of those of a chunk (places,), which are the same."""
        self.used = used[self._places].reshape(self.used.shape)

    def of_images(self, x: Floats) -> Floats:
        """Return this bundle's part of x (n, units), of a chunk, as (groups, images, units)."""
        return x[self._images].reshape(*self.rows.shape[:2], -1)

    def of_kept(self, x: Floats) -> Floats:
        """Return this bundle's part of x (places, units), of a chunk, as (groups, kept, units)."""
        return x[self._places].reshape(*self.used.shape, -1)


class Chunk:
    """Some bundles of images: what one thread works on at a time.

    truth: of the images, in their order. inputs: how many pixels an image has. used: (places,) the
    pixels that its groups keep, one group after the other. pixels, turns: see `_in_turns`.
    following: the one that is worked on after it.
    """

    following: "Chunk | None" = None

    def __init__(
        self, X: Bytes, Y: Bytes, bundles: Sequence[Positions], room: Room = MEMORY
    ) -> None:
        """Take the images of each bundle, (groups, images), from X and Y; lie in a room."""
        self._room, self.bundles, image, place = room, list[Bundle](), 0, 0
        for groups in bundles:
            bundle = Bundle(X, groups, image, place, room)
            self.bundles.append(bundle)
            image, place = image + groups.size, place + bundle.used.size
        self.truth = _truth(Y[np.concatenate([groups.ravel() for groups in bundles])], room)
        self.inputs = X.shape[1]
        self.used = laid(room, np.concatenate([bundle.used.ravel() for bundle in self.bundles]))
        for bundle in self.bundles:
            bundle.take_used(self.used)
        pixels, turns = _in_turns(self.used, self.inputs)
        cuts = np.cumsum([len(turn) for turn in turns])[:-1]
        self.pixels = laid(room, pixels)
        self.turns = np.split(laid(room, np.concatenate(turns)), cuts)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.truth.labels)

    @property
    def nbytes(self) -> int:
        """Return how many bytes its arrays take."""
        beside = [*self.truth[:2], self.used, self.pixels, *self.turns]
        return sum(array.nbytes for array in chain(beside, self.pixels_of_bundles()))

    def matrix(self, scratch: "Scratch", _: npt.DTypeLike) -> Floats:
        """Return A0 (785, n) in some scratch memory: a CompactMatrix, good for its products."""
        if self.following:
            self.following.soon()
        return cast("Floats", CompactMatrix(self, scratch))

    def soon(self) -> None:
        """Tell the room what will be read next."""
        for array in (self.used, *self.pixels_of_bundles()):
            self._room.soon(array)

    def pixels_of_bundles(self) -> Iterator[Bytes]:
        """Yield the arrays of pixels."""
        for bundle in self.bundles:
            yield from (bundle.rows, bundle.columns)


def in_a_ring(chunks: Sequence[Chunk]) -> None:
    """Change chunks so that each knows which is worked on after it, epoch by epoch."""
    for one, following in pairwise([*chunks, *chunks[:1]]):
        one.following = following


def _truth(Y: Bytes, room: Room) -> Truth:
    """Return the truth in one-hot labels Y (n, 10), in a room."""
    labels, places, _ = truth_of(Y)
    return Truth(laid(room, labels), laid(room, places))


def _in_turns(used: Positions, inputs: int) -> tuple[Positions, list[Positions]]:
    """Return the pixels in `used`, the most frequent first, and their places in turns.

    The first turn has the first place of each pixel, in that order; the next one the second place
    of all that have two; and so on. So what is said of a pixel's places is added up turn by turn.
    """
    by_pixel = np.argsort(used, kind="stable")[: np.count_nonzero(used <= inputs)]
    pixels, starts, counts = np.unique(used[by_pixel], return_index=True, return_counts=True)
    order = np.argsort(np.negative(counts), kind="stable")
    turns = [
        by_pixel[starts[order[: np.count_nonzero(counts > turn)]] + turn]
        for turn in range(counts.max())
    ]
    return pixels[order], turns


def one_block(X: Bytes, Y: Bytes, images: Positions) -> Chunk:
    """Return some images, in the order given, as a chunk of one group."""
    return Chunk(X, Y, [images[np.newaxis]])


class Scratch:
    """Memory for large arrays, used again and again: the system gives new memory slowly."""

    def __init__(self) -> None:
        """Begin with none."""
        self._arrays: dict[str, Floats] = {}

    def array(self, use: str, shape: Sequence[int], numbers: npt.DTypeLike) -> Floats:
        """Return an array for a `use`, whose last one is written over."""
        size, kept = math.prod(shape), self._arrays.get(use)
        if kept is None or kept.size < size or kept.dtype != numbers:
            kept = self._arrays[use] = np.empty(size, numbers)
        return kept[:size].reshape(shape)


class CompactMatrix:
    """The matrix A0 (785, n) of a chunk's whole pixels: good for `W @ A0` and `delta @ A0.T`."""

    __array_ufunc__ = None  # NumPy then leaves `W @ A0` to this class

    def __init__(self, chunk: Chunk, scratch: Scratch) -> None:
        """Keep both without a copy."""
        self.chunk, self.scratch = chunk, scratch

    @property
    def T(self) -> "Transposed":  # noqa: N802 - NumPy's name
        """Return the transpose (n, 785)."""
        return Transposed(self)

    def __rmatmul__(self, W: Floats) -> Floats:
        """Return W @ self: (units, n)."""
        product = np.empty((len(W), len(self.chunk)), W.dtype)
        weights = self.of_places("places", W)
        np.ascontiguousarray(W.T).take(self.chunk.used, axis=0, mode="clip", out=weights)
        for bundle in self.chunk.bundles:
            images = self.widened(bundle.rows, W.dtype)
            np.matmul(images, bundle.of_kept(weights), out=bundle.of_images(product.T))
        return product

    def of_places(self, use: str, x: Floats) -> Floats:
        """Return a scratch array (places, units), with the units and float type of x (units, …)."""
        return self.scratch.array(use, (len(self.chunk.used), len(x)), x.dtype)

    def widened(self, pixels: Bytes, numbers: npt.DTypeLike) -> Floats:
        """Return pixels as floats, in a scratch array."""
        wide = self.scratch.array("pixels", pixels.shape, numbers)
        np.copyto(wide, pixels)
        return wide


class Transposed:
    """The transpose of a compact matrix."""

    __array_ufunc__ = None

    def __init__(self, matrix: CompactMatrix) -> None:
        """Keep the matrix, without a copy."""
        self.matrix = matrix

    def __rmatmul__(self, delta: Floats) -> Floats:
        """Return delta @ self: (units, 785)."""
        matrix, chunk = self.matrix, self.matrix.chunk
        products = matrix.of_places("places", delta)
        errors = np.asarray(delta.T, order="C" if len(delta) <= _FEW_UNITS else "K")
        for bundle in chunk.bundles:
            images = matrix.widened(bundle.columns, delta.dtype)
            np.matmul(images, bundle.of_images(errors), out=bundle.of_kept(products))
        sums = products.take(chunk.turns[0], axis=0)
        for turn in chunk.turns[1:]:
            sums[: len(turn)] += products.take(turn, axis=0)
        total = np.zeros((chunk.inputs + 1, len(delta)), delta.dtype)
        total[chunk.pixels] = sums
        return total.T
