"""What is put aside of a source, and what it comes to once all of it has been seen."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.scratch import scratch_file
from stages.sources import gathered, scale
from stages.sources.columns import Labelled, Part, told
from stages.sources.remarks import remarks
from stages.sources.seen import all_seen
from tests.common.shared import message_of
from tests.sources.made import assert_same

Table = Path("digits.parquet")
NO_TABLE = partial(gathered.refuse_no_table, Table)


def part(rows: int, top: int, fraction: str | None, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, top, (rows, 784), np.uint8, endpoint=True)
    return Part(rng.integers(0, 10, rows, np.uint8), pixels, fraction, (f"note {seed % 3}",))


@given(
    sizes=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    fractions=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_rows_put_aside_are_those_of_the_whole_in_memory(
    sizes: list[int], fractions: list[bool]
) -> None:
    parts = [
        part(rows, 255 if fraction else 1, "a: line 2: '0.5'" if fraction else None, seed)
        for seed, (rows, fraction) in enumerate(zip(sizes, fractions, strict=False))
    ]
    with pytest.MonkeyPatch.context() as patch, scratch_file(Table) as file:
        patch.setattr(gathered, "PIECE_ROWS", 4)
        found = gathered.gather(file, iter(parts), NO_TABLE)
        times, _ = scale.factor("a", found.shown, None)
        pieces = [*gathered.pieces(file, found, times)]
    whole, _ = scale.settle("a", parts, None)
    assert_same(
        Labelled(found.label, np.concatenate([whole.pixels[:0], *(p.pixels for p in pieces)])),
        whole,
    )
    assert [row for piece in pieces for row in piece.row] == [*range(len(whole.label))]
    assert found.notes == [f"note {at}" for at in range(min(3, len(parts)))]
    assert found.shown == all_seen(parts)


def blank(value: int, rows: int = 1) -> Part:
    return Part(np.zeros(rows, np.uint8), np.full((rows, 784), value, np.uint8))


def test_what_is_odd_is_told_of_the_whole() -> None:
    ink = part(2, 255, None, seed=1)
    shown = all_seen([ink, blank(255), told([]), ink, blank(250, rows=15)])
    assert shown.first_blank == 2
    first, second = remarks(shown, 1)
    assert first == "16 of 20 images are blank, first row 3"
    assert "the border of the images is 2" in second
    assert remarks(all_seen([ink]), 1) == []
    assert "all 3 images are blank" in message_of(lambda: remarks(all_seen([blank(9, 3)]), 1))


def test_paper_is_as_bright_as_its_scale_makes_it() -> None:
    pixels = np.ones((1, 784), np.uint8)
    pixels[0, 400] = 0
    (said,) = remarks(all_seen([Part(np.zeros(1, np.uint8), pixels)]), 255)
    assert "the border of the images is 255 in the mean" in said


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (lambda: [told([], 10**9)], "No space left on device: up to 1,57"),
        (lambda: [told([], 2**31)], "the source has 2,147,483,648 rows; expected at most"),
    ],
)
def test_what_a_source_announces_is_asked_for_at_once(
    parts: Callable[[], list[Part]], words: str
) -> None:
    with scratch_file(Table) as file:
        assert words in message_of(lambda: gathered.gather(file, parts(), NO_TABLE))
