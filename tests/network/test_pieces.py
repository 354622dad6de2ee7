"""Images that train are arranged in pieces, in memory or not, which changes no exact sum."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.common.mapped import Arrays
from stages.network.batches import Whole
from stages.network.compact import Chunk, Scratch
from stages.network.descent import Task, begin, descend
from stages.network.first_weights import draw, uniform
from stages.network.parameters import flat
from stages.network.partition import ARRANGED_ROWS, in_pieces, partition
from stages.network.rooms import Memory
from tests.network.helpers import recipe

SIZES = [784, 16, 16, 10]
DOUBLE = np.dtype(np.float64)


def same(one: Chunk, other: Chunk) -> bool:
    pairs = zip(one.bundles, other.bundles, strict=True)
    return np.array_equal(one.truth.labels, other.truth.labels) and all(
        np.array_equal(a.rows, b.rows) and np.array_equal(a.used, b.used) for a, b in pairs
    )


@pytest.mark.parametrize("processes", [True, False])
def test_the_chunks_of_a_piece_are_those_of_it_alone(many_digits: Encoded, processes: bool) -> None:
    X, Y = many_digits.X[:2300], many_digits.Y[:2300]
    found = [*in_pieces(X, Y, 16, DOUBLE, 2, processes=processes, piece_rows=1000)]
    for chunks, start in zip(found, (0, 1000, 2000), strict=True):
        piece = slice(start, start + 1000)
        alone = partition(X[piece], Y[piece], 16, DOUBLE, processes=processes)
        assert len(chunks) == len(alone)
        assert all(map(same, chunks, alone))


def test_as_many_images_as_a_piece_has_are_one() -> None:
    X, Y = np.ones((ARRANGED_ROWS + 1, 1), np.uint8), np.ones((ARRANGED_ROWS + 1, 1), np.uint8)
    found = [*in_pieces(X, Y, 256, DOUBLE, 1)]
    assert [sum(map(len, chunks)) for chunks in found] == [ARRANGED_ROWS, 1]


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("piece_rows", [1, 7, 1000, 10_000])
def test_the_size_of_pieces_changes_no_bit(
    many_digits: Encoded, piece_rows: int, threads: int, mapped: bool, tmp_path: Path
) -> None:
    rows = 50 if piece_rows < 10 else 2300
    X, Y = many_digits.X[:rows], many_digits.Y[:rows]
    start, how = draw(SIZES, uniform, np.random.default_rng(3)), recipe("reproducible", 0.8)

    def trained(chunks: list[Chunk]) -> tuple[float, float, bytes]:
        task = Task(SIZES, Whole(chunks), 255.0, None)
        *_, last = descend(how, task, begin(how, start), 0, 2, threads)
        return last.cost, last.accuracy, flat(last.parameters).tobytes()

    with Arrays(tmp_path / "x", 0 if mapped else 1 << 30) as room:
        pieces = in_pieces(X, Y, 16, DOUBLE, threads, room=room, piece_rows=piece_rows)
        found = trained([chunk for chunks in pieces for chunk in chunks])
    assert found == trained(partition(X, Y, 16, DOUBLE))


def test_what_all_pieces_will_take_is_told_after_the_first(many_digits: Encoded) -> None:
    class Told(Memory):
        def expect(self, size: int) -> None:
            sizes.append(size)

    sizes = list[int]()
    X, Y, room = many_digits.X[:3000], many_digits.Y[:3000], Told()
    first, *others = in_pieces(X, Y, 16, DOUBLE, 1, room=room, piece_rows=1000)
    (expected,) = sizes
    assert expected == 2 * sum(chunk.nbytes for chunk in first)
    taken = sum(chunk.nbytes for chunks in others for chunk in chunks)
    assert 0.9 < taken / expected < 1.1


def test_the_chunk_that_follows_is_told_of_in_time(many_digits: Encoded) -> None:
    class Heard(Memory):
        def soon(self, array: npt.NDArray[Any]) -> None:
            heard.append(id(array))

    heard = list[int]()
    chunks = partition(many_digits.X, many_digits.Y, 16, DOUBLE, room=Heard(), processes=True)
    feed, count = Whole(chunks), len(chunks)
    assert count > 1
    for number, chunk in enumerate(feed.chunks):
        heard.clear()
        chunk.matrix(Scratch(), DOUBLE)
        following = chunks[(number + 1) % count]
        pixels = [array for bundle in following.bundles for array in (bundle.rows, bundle.columns)]
        assert heard == [id(following.used), *map(id, pixels)]
