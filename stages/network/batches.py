"""The batches of an epoch: all images at once, or some a step in an order that each epoch draws.

A batch comes in parts whose sums are added: so it may be as large as one likes, and several may
work on it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, NamedTuple, Protocol, overload

import numpy as np
import numpy.typing as npt

from stages.network.augmentation import Augmentation, redraw, undrawn
from stages.network.compact import CONSTANT, Bytes, Chunk, Positions, Scratch, in_a_ring
from stages.network.cost import Truth, labels_of, truth_of_labels
from stages.network.parameters import Floats
from stages.network.partition import in_pieces
from stages.network.recipe import Recipe
from stages.network.resampling import deform
from stages.network.rooms import MEMORY, Room
from stages.network.streams import AUGMENTATION, BATCHES, stream

PART_ROWS = 1024  # at most: this bounds a thread's arrays
# A batch of at least so many, in a first layer of at least so many units, has two parts at least.
_HALVED_ROWS, _HALVED_UNITS = 128, 256
BLOCK_ROWS = 8192  # whose pixels are made ready together, at least; of larger batches, a part's

# Takes the chunks of each piece, on their way, and hands them on.
Told = Callable[[Iterator[list[Chunk]]], Iterator[list[Chunk]]]
# Positions of all images: of 4 bytes, as they may be many.
Order = npt.NDArray[np.int32]
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
    cuts: which of its rows are in which part, where these are in an order.
    """

    parts: Sequence[Part]
    rows: int
    place: tuple[int, int] = (0, 0)
    cuts: Sequence[slice] = ()


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
        """Take all images, whose chunks learn which follows which."""
        in_a_ring(chunks)
        self.rows, self.chunks = sum(map(len, chunks)), chunks
        self.batch = Batch(chunks, self.rows)

    def epoch(self, _: int) -> Iterator[Batch]:
        """Yield the batch."""
        yield self.batch


class Piece:
    """Some images of a mini-batch."""

    def __init__(self, pixels: Bytes, labels: Bytes) -> None:
        """Take pixels (n, side²), without a copy, and digits (n,)."""
        self.pixels, self.truth = pixels, truth_of_labels(labels.astype(np.intp))

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


def deformed(X: Bytes, augmentation: Augmentation, seed: int, room: Room) -> Callable[[int], Look]:
    """Return how an epoch sees images X (m, side²): each deformed by chance, whatever its batch.

    Of one epoch at a time: what was drawn for it lies in a room, where the next one draws anew.
    """
    side = math.isqrt(X.shape[1])
    drawn = undrawn(augmentation, side, len(X), room)

    def look_in(epoch: int) -> Look:
        redraw(drawn, augmentation, side, stream(seed, AUGMENTATION, epoch))
        return lambda positions: deform(X.take(positions, axis=0), drawn.take(positions), side)

    return look_in


class Parts(Sequence[Part]):
    """The parts of a batch, each of which is made ready when it is asked for."""

    def __init__(self, look: Look, labels: Bytes, rows: Order, cuts: Sequence[slice]) -> None:
        """Take how images are seen, the digits of all (m,), and which are in the batch."""
        self._look, self._labels, self._rows, self._cuts = look, labels, rows, cuts

    def __len__(self) -> int:
        """Return the number of parts."""
        return len(self._cuts)

    @overload
    def __getitem__(self, turn: int) -> Part: ...
    @overload
    def __getitem__(self, turn: slice) -> Sequence[Part]: ...
    def __getitem__(self, turn: int | slice) -> Part | Sequence[Part]:
        """Return a part, or the parts of a slice."""
        if isinstance(turn, slice):
            return Parts(self._look, self._labels, self._rows, self._cuts[turn])
        rows = self._rows[self._cuts[turn]].astype(np.intp)
        return Piece(self._look(rows), self._labels[rows])


class Shuffled:
    """All images in mini-batches, the last of which may be smaller, in a new order every epoch."""

    def __init__(
        self,
        look: Callable[[int], Look],
        labels: Bytes,
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
        """Yield the batches of an epoch; only one epoch's at a time."""
        order = order_of(self._seed, number, self.rows)
        make = self._large if self._batch_rows > BLOCK_ROWS else self._small
        return make(order, self._look(number))

    def _large(self, order: Order, look: Look) -> Iterator[Batch]:
        """Yield batches of which each part's pixels are made ready by whoever works on it."""
        for some in cuts(self.rows, self._batch_rows):
            rows = order[some]
            where = [*cuts(len(rows), self._part_rows)]
            yield Batch(Parts(look, self._labels, rows, where), len(rows), cuts=where)

    def _small(self, order: Order, look: Look) -> Iterator[Batch]:
        """Yield batches of which some are made ready together."""
        size = self._batch_rows * math.ceil(BLOCK_ROWS / self._batch_rows)
        blocks = [order[some].astype(np.intp) for some in cuts(self.rows, size)]
        ready = _side_by_side(look, blocks, self._threads)
        for block, pixels in zip(blocks, ready, strict=True):
            labels = self._labels[block]
            for some in cuts(len(block), self._batch_rows):
                yield batch_of(pixels[some], labels[some], self._part_rows)


def order_of(seed: int, epoch: int, rows: int) -> Order:
    """Return the order (rows,) in which an epoch, counted from 1, meets the images."""
    order = np.arange(rows, dtype=np.int32)
    stream(seed, BATCHES, epoch).shuffle(order)
    return order


def cuts(rows: int, most: int) -> Iterator[slice]:
    """Yield slices of `most` rows, the last of what is left."""
    return (slice(start, start + most) for start in range(0, rows, most))


def batch_of(pixels: Bytes, labels: Bytes, part_rows: int) -> Batch:
    """Return images (n, side²) and their digits (n,) as a batch."""
    where = [*cuts(len(labels), part_rows)]
    parts = [Piece(pixels[some], labels[some]) for some in where]
    return Batch(parts, len(labels), cuts=where)


def part_rows_of(batch_rows: int, units: int) -> int:
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


def is_whole(recipe: Recipe, taught: bool) -> bool:
    """Tell whether a recipe has all images in every step, each always the same."""
    anew = recipe.deformations or recipe.dropout or taught
    return recipe.batch_rows is None and not anew


def feed_of(
    recipe: Recipe,
    X: Bytes,
    Y: Bytes,
    units: int,
    taught: bool,
    threads: int,
    room: Room = MEMORY,
    told: Told = iter,
) -> Feed:
    """Return the batches of images X (m, side²) with one-hot Y (m, 10) that a recipe asks for.

    units: of the first layer. taught: whether a teacher sets targets, image by image. room: where
    what is large lies, beside X and Y. told: takes chunks, piece by piece, on their way.
    """
    if is_whole(recipe, taught):
        weights, exact = recipe.arithmetic.weights, recipe.arithmetic.everywhere
        pieces = in_pieces(X, Y, units, weights, threads, processes=exact, room=room)
        return Whole([*chain.from_iterable(told(pieces))])
    bent = recipe.deformations
    look = deformed(X, bent, recipe.seed, room) if bent else as_they_are(X)
    rows = len(X) if recipe.batch_rows is None else recipe.batch_rows
    part_rows, helpers = part_rows_of(rows, units), threads if bent else 1
    return Shuffled(look, labels_of(Y), rows, recipe.seed, part_rows, helpers)
