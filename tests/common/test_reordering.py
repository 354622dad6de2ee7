"""Images in another order, and which of them are the same, in memory that does not grow."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common import fingerprints, reordering
from stages.common.pieces import spans
from stages.common.scratch import scratch_file


@given(rows=st.integers(1, 60), size=st.integers(1, 9), seed=st.integers(0, 99), data=st.data())
def test_images_come_in_the_order_wanted(
    rows: int, size: int, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (rows, 3), dtype=np.uint8)
    cuts = sorted(data.draw(st.lists(st.integers(0, rows), min_size=3, max_size=3)))
    chosen = np.split(rng.permutation(rows), cuts)[:3]  # the last rows are in no part
    met = np.zeros((cuts[-1], 3), np.uint8)
    with pytest.MonkeyPatch.context() as patch, scratch_file(Path("x")) as file:
        patch.setattr(reordering, "SHELF_ROWS", 8)
        patch.setattr(reordering, "PIECE_ROWS", 4)
        pieces = (images[span] for span in spans(rows, size))
        reordering.shelve(file, pieces, rows, chosen, lambda at, some: met.__setitem__(at, some))
        for part, positions in enumerate(chosen):
            found = [*reordering.unshelved(file, chosen, part, 3)]
            assert [len(piece) for piece in found] == [
                span.stop - span.start for span in spans(len(positions), 4)
            ]
            assert np.array_equal(np.concatenate([np.empty((0, 3)), *found]), images[positions])
    assert np.array_equal(met, images[np.concatenate(chosen)])


def test_images_in_another_part_are_counted_as_often_as_they_are_there() -> None:
    images = np.random.default_rng(3).integers(0, 256, (500, 784), dtype=np.uint8)
    one, other = fingerprints.of(images[:300]), fingerprints.of(images[200:][[*range(300), 0, 0]])
    assert fingerprints.shared(one, other) == 102
    assert fingerprints.shared(other, one) == 100
    assert fingerprints.shared(one, other[:0]) == fingerprints.shared(other[:0], one) == 0


def test_one_bit_is_another_image() -> None:
    images = np.zeros((2, 784), np.uint8)
    images[1, -1] = 1
    first, second = fingerprints.of(images)
    assert bytes(first) != bytes(second)
    assert bytes(first).hex() == "99461a29878a3edb9c31c840434192c4"  # b2sum -l 128
