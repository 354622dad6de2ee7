"""What comes out of the preparation is as MNIST's own files are, whatever a picture is like."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.prepare.preparing import NoInkError, prepare
from tests.prepare.pictures import DISTORTIONS, Bytes, inked, noise, some_digits, taken, written

IMAGES, _ = some_digits(12)
FLAT = np.full((90, 120, 3), 200, np.uint8)


def likeness(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """Return the correlation of two images."""
    return float(np.corrcoef(one.ravel().astype(float), other.ravel().astype(float))[0, 1])


@pytest.mark.parametrize("name", DISTORTIONS)
@pytest.mark.parametrize("single", [True, False])
def test_an_image_is_as_mnists_are(name: str, single: bool) -> None:
    for original in IMAGES[:4]:
        (digit,) = prepare(DISTORTIONS[name](inked(original, 5)), single).digits
        image = digit.image
        assert image.shape == (28, 28)
        assert image.dtype == np.uint8
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        assert not image[[0, -1]].any()
        assert not image[:, [0, -1]].any()
        for axis in (0, 1):
            sums = image.sum(axis=axis, dtype=np.float64)
            assert abs(sums @ np.arange(28) / sums.sum() - 14) <= 0.51  # greys are rounded
        assert image.max() == 255


@pytest.mark.parametrize("name", [name for name in DISTORTIONS if "turned" not in name])
def test_light_paper_and_pen_make_no_difference(name: str) -> None:
    for original in IMAGES[4:8]:
        plain, other = (
            prepare(DISTORTIONS[which](inked(original, 5)), True).digits[0].image
            for which in ("enlarged", name)
        )
        assert likeness(plain, other) > 0.7


def test_mnists_own_images_stay_about_as_they_are() -> None:
    likenesses = [
        likeness(prepare(np.repeat(image[..., np.newaxis], 3, 2), True).digits[0].image, image)
        for image in IMAGES
    ]
    assert min(likenesses) > 0.5
    assert np.median(likenesses) > 0.75


def test_the_size_of_a_picture_makes_little_difference() -> None:
    for original in IMAGES[:3]:
        small, large = (
            prepare(taken(written(inked(original, times))), True).digits[0].image
            for times in (3, 18)
        )
        assert likeness(small, large) > 0.95


def test_digits_in_a_row_are_read_from_left_to_right() -> None:
    ink = np.concatenate([inked(image, 4) for image in IMAGES[:5]], axis=1)
    found = prepare(taken(written(ink) + noise(ink.shape, 3, 4)), False).digits
    assert len(found) == 5
    for digit, original in zip(found, IMAGES, strict=False):
        alone = prepare(taken(written(inked(original, 4))), True).digits[0].image
        assert likeness(digit.image, alone) > 0.8


def test_where_there_is_one_digit_its_pieces_are_joined() -> None:
    ink = inked(IMAGES[0], 8)
    middle = ink.shape[0] // 2
    ink[middle - 3 : middle + 3] = 0  # the pen left out a line
    broken = prepare(taken(written(ink)), False).digits
    assert len(broken) == 1
    assert np.array_equal(broken[0].image, prepare(taken(written(ink)), True).digits[0].image)


def test_specks_frames_and_the_table_are_left_out() -> None:
    ink = inked(IMAGES[1], 8)
    clean = prepare(taken(written(ink)), True).digits[0]
    marked = ink.copy()
    marked[20:24, 30:34] = marked[-30:-26, 50:54] = 1
    marked[10:14, 10:-10] = marked[-14:-10, 10:-10] = 1
    marked[10:-10, 10:14] = marked[10:-10, -14:-10] = 1
    picture = written(marked)
    picture[:8] = (70, 50, 40)
    for single in (True, False):
        (digit,) = prepare(taken(picture), single).digits
        assert digit.box == clean.box
        assert likeness(digit.ink, clean.ink) > 0.99


def test_ruled_lines_are_left_out() -> None:
    ink = inked(IMAGES[2], 8)
    clean = prepare(taken(written(ink)), True).digits[0]
    picture = written(ink)
    for row in range(20, len(picture), 60):
        picture[row : row + 3] = np.minimum(picture[row : row + 3], (90, 90, 110))
    (digit,) = prepare(taken(picture), False).digits
    assert np.abs(np.subtract(digit.box, clean.box)).max() <= 2
    assert likeness(digit.mask[10:200, 10:100], clean.mask[10:200, 10:100]) > 0.9


@pytest.mark.parametrize(
    "blank",
    [
        FLAT,
        FLAT[:1, :1],
        FLAT[:2],
        taken(FLAT + noise(FLAT.shape, 3, 5)),
        taken(FLAT * np.linspace(0.4, 1, 120)[:, np.newaxis]),
    ],
)
def test_a_blank_page_has_no_ink(blank: Bytes) -> None:
    with pytest.raises(NoInkError, match="blank"):
        prepare(blank, False)
