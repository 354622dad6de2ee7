"""The rows that one worker keeps, as batches: those of each step that are in its pieces."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stages.cluster.epochs import DrawnEpoch
from stages.cluster.job import Job, Place
from stages.cluster.piece_files import Bytes, Held
from stages.network.augmentation import draw
from stages.network.batches import BLOCK_ROWS, Batch, Order, batch_of, is_whole, part_rows_of
from stages.network.compact import Chunk
from stages.network.deformations import Deformations
from stages.network.dropout import Masks
from stages.network.partition import partition
from stages.network.resampling import deform
from stages.network.streams import AUGMENTATION, stream

Numbers = tuple[int, ...]


class _Block(NamedTuple):
    """Images of some steps, ready to learn from, in the order of their places in the epoch."""

    places: Order
    pixels: Bytes
    labels: Bytes


class RowsHere:
    """Some pieces, by their numbers."""

    def __init__(self, job: Job) -> None:
        """Begin with none."""
        self._job, self._recipe = job, job.recipe
        self.whole = is_whole(self._recipe, job.teacher is not None)
        self._chunks, self._held = dict[int, list[Chunk]](), dict[int, Held]()
        self._batch_rows = self._recipe.batch_rows or job.rows
        self._steps_together = math.ceil(BLOCK_ROWS / self._batch_rows)
        self._epoch: DrawnEpoch | None = None
        self._bent = dict[int, Deformations]()
        self._blocks = dict[tuple[Numbers, int], _Block]()

    def numbers(self) -> set[int]:
        """Return the numbers of the pieces that are kept."""
        return {*self._chunks, *self._held}

    def keep(self, number: int, piece: Held) -> None:
        """Keep a piece."""
        if not self.whole:
            self._held[number] = piece
            return
        arithmetic, one_hot = self._recipe.arithmetic, np.eye(10, dtype=np.uint8)[piece.labels]
        units, weights = self._job.sizes[1], arithmetic.weights
        self._chunks[number] = partition(
            piece.X, one_hot, units, weights, processes=arithmetic.everywhere
        )

    def drop(self, number: int) -> None:
        """Keep a piece no longer."""
        for kept in (self._chunks, self._held, self._bent):
            kept.pop(number, None)
        self._blocks.clear()

    def batch(self, numbers: Numbers, place: Place) -> tuple[Batch, Masks | None]:
        """Return a step's rows in the pieces of some numbers, with the units that stay."""
        if self.whole:
            chunks = [chunk for number in numbers for chunk in self._chunks[number]]
            return Batch(chunks, sum(map(len, chunks))), None
        epoch = self._drawn(place.epoch)
        block = self._block(numbers, epoch, place.step)
        some = slice(*np.searchsorted(block.places, epoch.span(place.step)))
        part_rows = part_rows_of(self._batch_rows, self._job.sizes[1])
        batch = batch_of(block.pixels[some], block.labels[some], part_rows)
        return batch, epoch.masks(place.step, block.places[some])

    def _drawn(self, number: int) -> DrawnEpoch:
        """Return an epoch, which is drawn when it is first asked for."""
        if self._epoch is None or self._epoch.number != number:
            self._epoch = DrawnEpoch(self._recipe, self._job.rows, self._job.sizes[1:-1], number)
            self._blocks.clear()
            self._bent.clear()
        return self._epoch

    def _block(self, numbers: Numbers, epoch: DrawnEpoch, step: int) -> _Block:
        """Return the images of a step and of those that are made ready with it."""
        first = step - step % self._steps_together
        if (numbers, first) not in self._blocks:
            old = [key for key in self._blocks if key[0] == numbers]
            for key in old:
                del self._blocks[key]
            span = epoch.span(first, self._steps_together)
            self._blocks[numbers, first] = _joined(
                [self._ready(number, epoch, span) for number in numbers]
            )
        return self._blocks[numbers, first]

    def _ready(self, number: int, epoch: DrawnEpoch, span: tuple[int, int]) -> _Block:
        """Return the images of a piece whose places are in a span, in the order of the rows."""
        piece = self._held[number]
        places = epoch.places[piece.start : piece.start + len(piece.X)]
        rows = np.flatnonzero((places >= span[0]) & (places < span[1]))
        pixels = piece.X.take(rows, axis=0)
        if self._recipe.deformations:
            bent = self._deformations(number, piece, epoch.number)
            pixels = deform(pixels, bent.take(rows), math.isqrt(piece.X.shape[1]))
        return _Block(places[rows], pixels, piece.labels[rows])

    def _deformations(self, number: int, piece: Held, epoch: int) -> Deformations:
        """Return how an epoch deforms the images of a piece."""
        if number not in self._bent and self._recipe.deformations:
            rng = stream(self._recipe.seed, AUGMENTATION, epoch)
            side, n = math.isqrt(piece.X.shape[1]), len(piece.X)
            self._bent[number] = draw(self._recipe.deformations, side, rng, n, piece.start)
        return self._bent[number]


def _joined(blocks: Sequence[_Block]) -> _Block:
    """Return the images of some pieces in the order of their places."""
    places, pixels, labels = (np.concatenate(arrays) for arrays in zip(*blocks, strict=True))
    order = np.argsort(places)
    return _Block(places[order], pixels[order], labels[order])
