"""The batches of an epoch: all images at once, or some a step in an order that each epoch draws.

A batch comes in parts whose sums are added: so it may be as large as one likes, and several may
work on it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

import numpy as np

from stages.network.augmentation import Augmentation, draw
from stages.network.compact import CONSTANT, Bytes, Chunk, Positions, Scratch
from stages.network.cost import Truth, truth_of_labels
from stages.network.parameters import Floats
from stages.network.partition import in_pieces
from stages.network.recipe import Recipe
from stages.network.resampling import deform
from stages.network.streams import AUGMENTATION, BATCHES, stream

PART_ROWS = 1024  # at most: this bounds a thread's arrays
# A batch of at least so many, in a first layer of at least so many units, has two parts at least.
_HALVED_ROWS, _HALVED_UNITS = 128, 256
_BLOCK_ROWS = 8192  # whose pixels are made ready together, at least

# Returns the pixels (n, side²) of the images at some positions, as an epoch sees them.
Look = Callable[[Positions], Bytes]


class Part(Protocol):
    """Some images of a batch."""

    @property
    def truth(self) -> Truth:
        """Return what the images show."""

    def __len__(self) -> int:
        """Return the number of images."""

    def matrix(self, scratch: Scratch, numbers: np.dtype[Any]) -> Floats:
        """Return A0 (side² + 1, n), below the pixels CONSTANT, in a float type; in the scratch."""


class Batch(NamedTuple):
    """The images of a step, in parts: of images that are elsewhere, none.

    place: the epoch, counted from 1, and the step in it, from 0: where images are elsewhere.
    """

    parts: Sequence[Part]
    rows: int
    place: tuple[int, int] = (0, 0)


class Feed(Protocol):
    """Where the batches of an epoch come from."""

    @property
    def rows(self) -> int:
        """Return how many images an epoch has."""

    @property
    def steps(self) -> int:
        """Return how many batches."""

    def epoch(self, number: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, counted from 1: the same whenever it is asked."""


class Whole:
    """All images in every batch, as chunks that know what pixels are blank."""

    steps = 1

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        """Take all images."""
        self.rows = sum(map(len, chunks))
        self.batch = Batch(chunks, self.rows)

    def epoch(self, _: int) -> Iterator[Batch]:
        """Yield the batch."""
        yield self.batch


class Piece:
    """Some images of a mini-batch."""

    def __init__(self, pixels: Bytes, labels: Positions) -> None:
        """Take pixels (n, side²) and digits (n,), without a copy."""
        self.pixels, self.truth = pixels, truth_of_labels(labels)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.pixels)

    def matrix(self, scratch: Scratch, numbers: np.dtype[Any]) -> Floats:
        """Return A0 (side² + 1, n) in the scratch."""
        n, inputs = self.pixels.shape
        wide = scratch.array("pixels", (n, inputs + 1), numbers)
        wide[:, :-1] = self.pixels
        wide[:, -1] = CONSTANT
        return wide.T


def as_they_are(X: Bytes) -> Callable[[int], Look]:
    """Return how every epoch sees images X (m, side²)."""
    return lambda _: lambda positions: X.take(positions, axis=0)


def deformed(X: Bytes, augmentation: Augmentation, seed: int) -> Callable[[int], Look]:
    """Return how an epoch sees images X (m, side²): each deformed by chance, whatever its batch."""
    side = math.isqrt(X.shape[1])

    def look_in(epoch: int) -> Look:
        drawn = draw(augmentation, side, stream(seed, AUGMENTATION, epoch), len(X))
        return lambda positions: deform(X.take(positions, axis=0), drawn.take(positions), side)

    return look_in


class Shuffled:
    """All images in mini-batches, the last of which may be smaller, in a new order every epoch."""

    def __init__(
        self,
        look: Callable[[int], Look],
        labels: Positions,
        batch_rows: int,
        seed: int,
        part_rows: int,
        threads: int,
    ) -> None:
        """Take how an epoch, counted from 1, sees images, and their digits (m,).

        part_rows: of a batch's parts, at most. threads: that make pixels ready, side by side, when
        no batch is trained on.
        """
        self.rows, self.steps = len(labels), math.ceil(len(labels) / batch_rows)
        self._look, self._labels, self._batch_rows = look, labels, batch_rows
        self._seed, self._part_rows, self._threads = seed, part_rows, threads

    def epoch(self, number: int) -> Iterator[Batch]:
        """Yield the batches of an epoch."""
        order = stream(self._seed, BATCHES, number).permutation(self.rows)
        size = self._batch_rows * math.ceil(_BLOCK_ROWS / self._batch_rows)
        blocks = [order[start : start + size] for start in range(0, self.rows, size)]
        ready = _side_by_side(self._look(number), blocks, self._threads)
        for block, pixels in zip(blocks, ready, strict=True):
            labels = self._labels[block]
            for some in cuts(len(block), self._batch_rows):
                yield _batch(pixels[some], labels[some], self._part_rows)


def cuts(rows: int, most: int) -> Iterator[slice]:
    """Yield slices of `most` rows, the last of what is left."""
    return (slice(start, start + most) for start in range(0, rows, most))


def _batch(pixels: Bytes, labels: Positions, part_rows: int) -> Batch:
    """Return images (n, side²) and their digits (n,) as a batch."""
    parts = [Piece(pixels[some], labels[some]) for some in cuts(len(labels), part_rows)]
    return Batch(parts, len(labels))


def _part_rows(batch_rows: int, units: int) -> int:
    """Return how many images a part has: of the sizes alone, as it decides the bits of floats."""
    halved = batch_rows >= _HALVED_ROWS and units >= _HALVED_UNITS
    return min(PART_ROWS, math.ceil(batch_rows / 2) if halved else batch_rows)


def _side_by_side(look: Look, blocks: Sequence[Positions], threads: int) -> Iterator[Bytes]:
    """Yield the pixels of each block, of which each thread makes a piece ready."""
    if threads == 1:
        yield from map(look, blocks)
        return
    # One beside training would win nothing: both wait for Python's lock between operations.
    with ThreadPoolExecutor(threads) as helpers:
        for block in blocks:
            yield np.concatenate([*helpers.map(look, np.array_split(block, threads))])


def feed_of(recipe: Recipe, X: Bytes, Y: Bytes, units: int, taught: bool, threads: int) -> Feed:
    """Return the batches of images X (m, side²) with one-hot Y (m, 10) that a recipe asks for.

    units: of the first layer. taught: whether a teacher sets targets, image by image.
    """
    anew = recipe.deformations or recipe.dropout or taught
    if recipe.batch_rows is None and not anew:
        weights, exact = recipe.arithmetic.weights, recipe.arithmetic.everywhere
        return Whole([*in_pieces(X, Y, units, weights, processes=exact)])
    bent = recipe.deformations
    look = deformed(X, bent, recipe.seed) if bent else as_they_are(X)
    rows = len(X) if recipe.batch_rows is None else recipe.batch_rows
    part_rows, helpers = _part_rows(rows, units), threads if bent else 1
    return Shuffled(look, Y.argmax(axis=1), rows, recipe.seed, part_rows, helpers)
