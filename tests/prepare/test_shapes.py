"""Each step that knows no digit, against a plain loop or an answer known beforehand."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.prepare import distances, ink, levels, resizing, ruled_lines

RNG = np.random.default_rng(7)


def test_shrunk_is_the_mean_of_squares() -> None:
    picture = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    found = resizing.shrunk(picture, 3)
    assert found.shape == (2, 3, 3)
    for row, column in product(range(2), range(3)):
        rows = [min(3 * row + step, 4) for step in range(3)]
        columns = [min(3 * column + step, 6) for step in range(3)]
        mean = picture[np.ix_(rows, columns)].astype(float).mean(axis=(0, 1))
        assert np.array_equal(found[row, column], np.floor(mean + 0.5))


def test_enlarged_goes_straight_from_pixel_to_pixel() -> None:
    picture = np.array([[0, 90, 30]], np.uint8)[..., np.newaxis]
    found = resizing.enlarged(picture, 3)[..., 0]
    assert found.tolist() == [[0, 0, 30, 60, 90, 70, 50, 30, 30]] * 3


@pytest.mark.parametrize(
    ("side", "worked"), [(28, 224), (199, 398), (200, 200), (800, 800), (801, 401), (4000, 800)]
)
def test_a_picture_is_worked_on_at_a_size(side: int, worked: int) -> None:
    assert resizing.worked_on(np.zeros((side, 3, 3), np.uint8)).shape[0] == worked


def test_resampled_keeps_areas_and_straight_lines() -> None:
    x = RNG.random((12, 9))
    small = resizing.resampled(x, (0, 0, 12, 9), (4, 3))
    assert np.allclose(small, x.reshape(4, 3, 3, 3).mean(axis=(1, 3)), rtol=1e-12)
    ramp = np.outer(np.ones(6), np.arange(8.0))
    fine = resizing.resampled(ramp, (1, 2, 4, 5), (12, 12))
    assert np.allclose(fine[6], 2 + (np.arange(12) + 0.5) / 4 - 0.5, rtol=1e-12)
    beyond = resizing.resampled(np.ones((2, 2)), (-2, -2, 4, 4), (3, 3))
    assert np.allclose(beyond, [[0, 0, 0], [0, 1, 0], [0, 0, 0]])


def around(x: npt.NDArray[Any], radius: int, take: Callable[..., Any]) -> npt.NDArray[Any]:
    """Return what `take` says of the square around each pixel; x goes on as it ends."""
    wide = np.pad(x, radius, mode="edge")
    size = 2 * radius + 1
    return np.array(
        [
            [take(wide[row : row + size, column : column + size]) for column in range(x.shape[1])]
            for row in range(x.shape[0])
        ]
    )


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_sums_and_the_paper_of_squares(radius: int) -> None:
    shade = RNG.integers(600, 2296, (11, 13))
    assert np.array_equal(ink.square_sums(shade, radius), around(shade, radius, np.sum))
    wide = np.pad(shade, 2 * radius, mode="edge")
    paper = around(around(wide, radius, np.max), radius, np.min)
    paper = paper[2 * radius : -2 * radius, 2 * radius : -2 * radius]
    assert np.allclose(ink.strength_of(shade, radius), (paper - shade) / paper, rtol=1e-12)


def stroke(paper: int, pen: int, width: int) -> npt.NDArray[np.uint8]:
    """Return a picture with one upright stroke."""
    picture = np.full((60, 60, 3), paper, np.uint8)
    picture[10:50, 30 : 30 + width] = pen
    return picture


@pytest.mark.parametrize("width", [1, 4, 12])
def test_ink_is_thin_whether_dark_or_light(width: int) -> None:
    assert ink.ink_is_darker(stroke(200, 90, width))
    assert not ink.ink_is_darker(stroke(90, 200, width))


def test_the_table_beside_the_paper_is_no_ink() -> None:
    picture = stroke(200, 90, 4)
    picture[:, :20] = 30
    assert ink.ink_is_darker(picture)


def test_strength_is_the_share_of_light_that_ink_takes() -> None:
    shade = np.full((40, 40), 2000)
    shade[:, 20:] = 1000  # a shadow
    shade[18:21] //= 4  # a stroke
    strength = ink.strength_of(shade, 4)
    assert np.allclose(strength[18:21], 0.75)
    assert not strength[:18].any()
    assert not strength[21:].any()


def test_the_level_is_half_way_however_little_ink_there_is() -> None:
    for width in (2, 12):
        strength = np.full((100, 100), 0.02)
        strength[40:60, 40 : 40 + width] = 0.6
        level = levels.level_of(strength)
        assert level == pytest.approx((0.02, 0.31, 0.6))
    assert levels.level_of(np.full((9, 9), 0.5)) is None


def test_distances_are_those_of_the_shortest_way() -> None:
    mask = RNG.random((14, 17)) < 0.9
    found = distances.distances(mask, distances.FAR)
    empty = np.argwhere(~mask)
    for place in product(range(14), range(17)):
        down, across = np.abs(empty - place).T
        ways = 4 * np.minimum(down, across) + 3 * np.abs(down - across)
        assert found[place] == ways.min()
    assert distances.distances(np.ones((5, 5), bool), 0).tolist()[2] == [3, 6, 9, 6, 3]


@pytest.mark.parametrize("width", [8, 20])
def test_the_width_of_a_stroke(width: int) -> None:
    mask = np.zeros((300, 60), bool)
    mask[10:-10, 20 : 20 + width] = True
    found = distances.stroke_width(mask, distances.distances(mask, 0))
    assert found == pytest.approx(width, abs=2.1)


def test_lines_across_go_and_strokes_stay() -> None:
    mask = np.zeros((120, 160), bool)
    mask[30:90, 70:80] = True  # a stroke
    mask[88:98, 60:110] = True  # and its foot, shorter than a line
    clean = mask.copy()
    for column in range(160):
        mask[50 + column // 40 : 52 + column // 40, column] = True  # tilted
    mask[:, 140:142] = True
    assert np.array_equal(ruled_lines.without_lines(mask), clean)
    assert np.array_equal(ruled_lines.without_lines(clean), clean)
