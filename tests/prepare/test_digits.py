"""The steps that know what a digit is: its parts, its slant, its strokes and its place."""

import numpy as np
import numpy.typing as npt
import pytest

from stages.prepare import grouping, placing, slants, stroke_widths
from stages.prepare.distances import distances, stroke_width
from stages.prepare.parts import gap, joined, parts_of, shared_height, shared_width
from stages.prepare.touching import separated

Boxes = list[tuple[int, int, int, int]]


def drawn(*boxes: tuple[int, int, int, int]) -> npt.NDArray[np.bool_]:
    """Return a mask of 200 x 200 pixels with filled boxes: top, left, bottom and right."""
    mask = np.zeros((200, 200), bool)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = True
    return mask


def found(mask: npt.NDArray[np.bool_], single: bool) -> Boxes:
    """Return the boxes of the digits in a mask whose ink is all as strong."""
    labels, parts = parts_of(mask, mask.astype(float))
    return [part[1:5] for part in grouping.digits_of(parts, labels, single)]


BODY = (60, 40, 140, 60)
TALL = (62, 100, 138, 118)


def test_boxes_and_what_is_between_them() -> None:
    mask = drawn((10, 20, 30, 50), (25, 60, 60, 70))
    _, parts = parts_of(mask, mask.astype(np.float64) * 2)
    one, other = parts
    assert tuple(one) == ((1,), 10, 20, 30, 50, 600, 1200.0)
    assert (one.height, one.width, one.size) == (20, 30, 30)
    assert gap(one, other) == 10
    assert shared_width(one, other) == 0
    assert shared_height(one, other) == 5 / 20
    assert tuple(joined(one, other)) == ((1, 2), 10, 20, 60, 70, 950, 1900.0)


@pytest.mark.parametrize(
    ("boxes", "single", "several"),
    [
        ([BODY, TALL], [BODY], [BODY, TALL]),
        ([TALL, BODY, (60, 150, 140, 170)], None, [BODY, TALL, (60, 150, 140, 170)]),
        # The hat of a 5, above and to the right.
        ([BODY, (50, 56, 58, 80)], [(50, 40, 140, 80)], [(50, 40, 140, 80)]),
        # Two halves, one below the other.
        ([(20, 40, 60, 60), (66, 42, 110, 62)], [(20, 40, 110, 62)], [(20, 40, 110, 62)]),
        # A speck, and a short stroke far from the digit.
        ([BODY, (10, 10, 13, 13), (180, 150, 184, 170)], [BODY], [BODY]),
        # The table at two sides of the paper.
        ([BODY, (0, 0, 20, 200), (0, 180, 200, 200)], [BODY], [BODY]),
    ],
)
def test_which_parts_are_a_digit(boxes: Boxes, single: Boxes | None, several: Boxes) -> None:
    assert found(drawn(*boxes), False) == several
    if single is not None:
        assert found(drawn(*boxes), True) == single


def test_a_frame_is_no_digit_but_a_stroke_around_a_corner_is() -> None:
    frame = drawn((20, 20, 180, 180)) & ~drawn((26, 26, 174, 174))
    assert found(frame | drawn(BODY), True) == [BODY]
    corner = drawn((40, 150, 160, 160), (150, 40, 160, 160), (100, 100, 140, 110))
    assert found(corner, True) == [(40, 40, 160, 160)]


def test_what_is_paler_than_the_digit_is_none_of_it() -> None:
    mask = drawn(BODY, TALL)
    strength = np.where(np.arange(200) > 80, 0.3, 1.0) * mask
    labels, parts = parts_of(mask, strength)
    assert [part[1:5] for part in grouping.digits_of(parts, labels, False)] == [BODY]


def test_half_of_the_slant_goes() -> None:
    down, across = np.mgrid[:81, :81] - 40
    for lean in (-0.6, 0.0, 0.5):
        ink = np.clip(4.5 - np.abs(across - lean * down), 0, 1) * (np.abs(down) < 30)
        left = slants._slant(slants.upright(ink))
        assert left == pytest.approx((lean + slants.USUAL) / 2, abs=0.01)


@pytest.mark.parametrize("width", [2, 8, 20, 40])
def test_strokes_get_one_width(width: int) -> None:
    ink = np.zeros((260, 200))
    ink[20:240, 80 : 80 + width] = 1
    ink[20 : 20 + width, 30:150] = 1
    mask = stroke_widths.normal(ink)
    found = stroke_width(mask, distances(mask, 0)) / stroke_widths.FINE
    assert found == pytest.approx(stroke_widths.WIDTH, rel=0.12)
    top, left, bottom, right = stroke_widths.box_of(mask)
    assert max(bottom - top, right - left) / stroke_widths.FINE == pytest.approx(20, abs=1)


def test_a_stroke_of_two_widths_stays_whole() -> None:
    ink = np.zeros((200, 120))
    ink[20:180, 30:60] = 1
    ink[96:102, 60:110] = 1  # thinner than what is taken off the other
    mask = stroke_widths.normal(ink)
    _, parts = parts_of(mask, mask.astype(float))
    assert len(parts) == 1


def test_a_digit_is_placed_by_its_centre_of_mass() -> None:
    mask = np.zeros((90, 90), bool)
    mask[5:85, 30:38] = True
    mask[77:85, 30:60] = True
    image = placing.placed(mask)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert (len(rows), len(columns)) == (20, 8)
    assert image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].max() == 255
    for axis in (0, 1):
        sums = image.sum(axis=axis, dtype=float)
        assert abs(sums @ np.arange(28) / sums.sum() - 14) <= 0.5


def test_the_edges_of_a_placed_digit_are_soft_and_its_box_stays() -> None:
    mask = np.zeros((170, 90), bool)
    mask[5:165, 5:29] = mask[141:165, 5:85] = True  # an L of strokes of 3 pixels of 8
    image = placing.placed(mask)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert (len(rows), len(columns)) == (20, 10)
    # Across the stroke, of which the outermost pixels go on as they end: 1, 1, 7/8, 1/8.
    across = image[rows[5], columns[0] : columns[0] + 5]
    assert across.tolist() == [255, 255, round(255 * 7 / 8), round(255 / 8), 0]


def test_digits_that_touch_are_cut_apart_and_a_wide_one_is_not() -> None:
    down, across = np.mgrid[:200, :200]
    ring = np.abs(np.hypot(down - 90, across - 40) - 26) <= 4
    two = ring | np.roll(ring, 60, axis=1)
    three = two | np.roll(ring, 120, axis=1)
    wide = drawn((60, 20, 68, 120), (60, 112, 120, 120), (112, 20, 120, 120))
    for mask, count in ((ring, 1), (two, 2), (three, 3), (wide, 1)):
        labels, parts = parts_of(mask, mask.astype(np.float64))
        cut = separated(labels, parts, 8.0)
        assert len(parts_of(cut, mask.astype(np.float64))[1]) == count
