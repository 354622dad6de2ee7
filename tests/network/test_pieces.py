"""Images that train are cut into pieces, which changes no exact sum."""

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.batches import Whole
from stages.network.compact import Chunk
from stages.network.descent import Task, begin, descend
from stages.network.first_weights import draw, uniform
from stages.network.parameters import flat
from stages.network.partition import PIECE_ROWS, in_pieces, partition
from tests.network.helpers import recipe

SIZES = [784, 16, 16, 10]
DOUBLE = np.dtype(np.float64)


def same(one: Chunk, other: Chunk) -> bool:
    pairs = zip(one.batches, other.batches, strict=True)
    return np.array_equal(one.truth.labels, other.truth.labels) and all(
        np.array_equal(a.rows, b.rows) and np.array_equal(a.used, b.used) for a, b in pairs
    )


@pytest.mark.parametrize("processes", [True, False])
def test_the_chunks_of_a_piece_are_those_of_it_alone(many_digits: Encoded, processes: bool) -> None:
    X, Y = many_digits.X[:2300], many_digits.Y[:2300]
    found = [*in_pieces(X, Y, 16, DOUBLE, processes, piece_rows=1000)]
    alone = [
        chunk
        for start in (0, 1000, 2000)
        for chunk in partition(
            X[start : start + 1000], Y[start : start + 1000], 16, DOUBLE, processes=processes
        )
    ]
    assert len(found) == len(alone)
    assert all(map(same, found, alone))


def test_as_many_images_as_a_piece_has_are_one() -> None:
    X, Y = np.ones((PIECE_ROWS, 1), np.uint8), np.ones((PIECE_ROWS, 1), np.uint8)
    found = [*in_pieces(X, Y, 16, DOUBLE)]
    assert [*map(len, found)] == [*map(len, partition(X, Y, 16, DOUBLE))]


@pytest.mark.parametrize("piece_rows", [1, 7, 1000, 3000, 10_000])
def test_the_size_of_pieces_changes_no_bit(many_digits: Encoded, piece_rows: int) -> None:
    rows = 50 if piece_rows < 10 else 3000
    X, Y = many_digits.X[:rows], many_digits.Y[:rows]
    start, how = draw(SIZES, uniform, np.random.default_rng(3)), recipe("reproducible", 0.8)
    ends = []
    for chunks in (partition(X, Y, 16, DOUBLE), [*in_pieces(X, Y, 16, DOUBLE, True, piece_rows)]):
        task = Task(SIZES, Whole(chunks), 255.0, None)
        *_, last = descend(how, task, begin(how, start), 0, 2, 1)
        ends.append((last.cost, last.accuracy, flat(last.parameters).tobytes()))
    assert ends[0] == ends[1]
