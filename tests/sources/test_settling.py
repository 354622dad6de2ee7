"""The scale of a source: what is plain before its end, and what the whole of it shows."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.errors import DigitsError
from stages.sources import columns, scale
from stages.sources.columns import Part, told
from stages.sources.remarks import remarks
from stages.sources.seen import all_seen
from stages.sources.settling import Settling, refuse_no_table
from tests.common.shared import message_of
from tests.sources.made import assert_same

Table = Path("digits.parquet")
NO_TABLE = partial(refuse_no_table, Table)


def part(rows: int, top: int, fraction: str | None, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, top, (rows, 784), np.uint8, endpoint=True)
    return Part(rng.integers(0, 10, rows, np.uint8), pixels, fraction, (f"note {seed % 3}",))


SIZES = st.lists(st.integers(0, 9), min_size=1, max_size=6)


@given(sizes=SIZES, tops=st.lists(st.sampled_from([1, 255]), min_size=6, max_size=6))
def test_a_source_that_passes_is_that_of_the_whole_in_memory(
    sizes: list[int], tops: list[int]
) -> None:
    parts = [
        part(rows, top, "a: line 2: '0.5'" if top > 1 else None, seed)
        for seed, (rows, top) in enumerate(zip(sizes, tops, strict=False))
    ]
    whole, notes = scale.settle("a", parts, None)
    settling = Settling("a", None, NO_TABLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stages.sources.settling.PIECE_ROWS", 4)
        found = [*settling.digits(iter(parts), Table)]
    assert_same(columns.joined(found), whole)
    assert [*settling.notes] == [*(f"note {at}" for at in range(min(3, len(parts)))), *notes]
    assert settling.shown == all_seen(parts)


@given(
    sizes=SIZES,
    tops=st.lists(st.sampled_from([0, 1, 2, 127, 128, 255]), min_size=6, max_size=6),
    fractions=st.lists(st.sampled_from([None, None, "a: line 2: '0.5'"]), min_size=6, max_size=6),
    highest=st.sampled_from([None, 16.0]),
)
def test_a_scale_that_is_plain_early_is_that_of_the_whole(
    sizes: list[int], tops: list[int], fractions: list[str | None], highest: float | None
) -> None:
    parts = [part(*each) for each in zip(sizes, tops, fractions, range(6), strict=False)]
    early = scale.factor_so_far(all_seen(parts[:1]), highest)
    try:
        times, _ = scale.factor("a", all_seen(parts), highest)
    except DigitsError:
        return
    assert early in (None, times)


def test_digits_are_given_out_before_the_source_ends() -> None:
    def parts() -> Iterator[Part]:
        yield part(3, 1, None, seed=1)
        yield part(2, 255, None, seed=2)
        raise AssertionError("asked for more")

    settling = Settling("a", None, NO_TABLE)
    first, second = islice(settling.digits(parts(), Table), 2)
    assert [len(first.label), len(second.label)] == [3, 2]
    assert first.pixels.max() == 1


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
        (lambda: [told([], 10**9)], "No space left on device: up to 1,58"),
        (lambda: [told([], 2**31)], "the source has 2,147,483,648 rows; expected at most"),
    ],
)
def test_what_a_source_announces_is_asked_for_at_once(
    parts: Callable[[], list[Part]], words: str
) -> None:
    settling = Settling("a", None, NO_TABLE)
    assert words in message_of(lambda: [*settling.digits(parts(), Table)])
