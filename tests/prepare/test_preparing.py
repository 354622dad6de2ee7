"""What comes out of the preparation is as MNIST's own files are, whatever a picture is like."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts import encoded, models, trained
from stages.prepare.preparing import NoInkError, prepare
from stages.tools.predict.guessing import probabilities
from tests.prepare.pictures import (
    DISTORTIONS,
    Bytes,
    inked,
    noise,
    on_a_table,
    shadow,
    some_digits,
    taken,
    written,
)
from tests.scratch import ROOT

MANY = 250  # images that a network reads
NETWORKS = [ROOT / trained.TRAINED, *sorted((ROOT / models.FOLDER).glob("*.npz"))]
IMAGES, _ = some_digits(12)
FLAT = np.full((90, 120, 3), 200, np.uint8)


def likeness(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """Return the correlation of two images."""
    return float(np.corrcoef(one.ravel().astype(float), other.ravel().astype(float))[0, 1])


@cache
def prepared(name: str, number: int) -> Bytes:
    """Return what becomes of the image with a number, distorted."""
    (digit,) = prepare(DISTORTIONS[name](inked(IMAGES[number], 5)), number % 2 == 0).digits
    return digit.image


@pytest.mark.parametrize(("number", "name"), [*enumerate(DISTORTIONS)])
def test_an_image_is_as_mnists_are(number: int, name: str) -> None:
    image = prepared(name, number)
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
    assert likeness(prepared("enlarged", 0), prepared(name, 0)) > 0.95


def test_mnists_own_images_stay_about_as_they_are() -> None:
    likenesses = [
        likeness(prepare(np.repeat(image[..., np.newaxis], 3, 2), True).digits[0].image, image)
        for image in IMAGES[:5]
    ]
    assert min(likenesses) > 0.5
    assert np.median(likenesses) > 0.75


def test_the_size_of_a_picture_makes_little_difference() -> None:
    small, large = (
        prepare(taken(written(inked(IMAGES[0], times))), True).digits[0].image for times in (3, 12)
    )
    assert likeness(small, large) > 0.95


@cache
def pictured(name: str) -> Bytes:
    """Return what becomes of the first test images, distorted: (MANY, 784)."""
    X = encoded.read(ROOT / encoded.TEST).X[:MANY]
    if X.shape[1] != 784:
        pytest.skip("the network's images are not of 28 x 28 pixels")
    pictures = (DISTORTIONS[name](inked(x.reshape(28, 28), 5)) for x in X)
    return np.array([prepare(picture, True).digits[0].image.ravel() for picture in pictures])


@pytest.mark.whole
@pytest.mark.parametrize("name", DISTORTIONS)
@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: str(path.stem))
def test_a_network_reads_pictures_as_well_as_mnists_images(path: Path, name: str) -> None:
    if not path.exists() or not (ROOT / encoded.TEST).exists():
        pytest.skip("there is no trained network here: make repro")
    network, test = trained.read(path), encoded.read(ROOT / encoded.TEST)
    labels = test.Y[:MANY].argmax(axis=1)
    right, before = (
        np.count_nonzero(probabilities(network, images).argmax(axis=1) == labels)
        for images in (pictured(name), test.X[:MANY])
    )
    assert right >= before - 0.02 * MANY


def test_digits_in_a_row_are_read_from_left_to_right() -> None:
    ink = np.concatenate([inked(image, 4) for image in IMAGES[:3]], axis=1)
    found = prepare(taken(written(ink) + noise(ink.shape, 3, 4)), False).digits
    assert len(found) == 3
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


def test_a_digit_may_fill_the_picture() -> None:
    ink = np.zeros((200, 40))
    ink[4:196, 8:34] = 1  # a 1: more ink than paper
    assert prepare(taken(written(ink)), True).digits[0].box == (4, 8, 196, 34)
    ink = np.zeros((200, 150))
    ink[2:12, 2:148] = ink[2:198, 138:148] = 1  # a 7: its bar goes across, as a ruled line does
    assert prepare(taken(written(ink)), True).digits[0].box == (2, 2, 198, 148)


@pytest.mark.parametrize("dark", [1.0, 0.5])
def test_ink_is_told_from_gaps_in_a_shadow(dark: float) -> None:
    down, across = np.mgrid[:200, :200] - 100
    ring = (np.abs(np.hypot(down / 50, across / 38) - 1) < 0.22).astype(np.float64)
    found = prepare(taken(written(ring) * shadow(ring.shape, dark)), True)
    assert found.darker
    top, left, bottom, right = found.digits[0].box
    assert [bottom - top, right - left] == pytest.approx([122, 93], abs=3)


def test_a_finger_at_the_border_is_no_digit() -> None:
    ink = inked(IMAGES[0], 8)
    clean = prepare(taken(written(ink)), True).digits[0]
    wide = np.pad(ink, ((0, 0), (0, 260)))
    down, across = np.mgrid[: wide.shape[0], : wide.shape[1]]
    finger = np.hypot((down - 200) / 50, (across - wide.shape[1]) / 230)[..., np.newaxis] < 1
    picture = np.where(finger, (150, 110, 90), written(wide))
    for single in (True, False):
        (digit,) = prepare(taken(picture), single).digits
        assert np.abs(np.subtract(digit.box, clean.box)).max() <= 3


def test_paper_on_a_dark_table_is_no_ink() -> None:
    ink = inked(IMAGES[0], 8)
    clean = prepare(taken(written(ink)), True).digits[0]
    found = prepare(on_a_table(ink), True)
    assert found.darker
    assert likeness(found.digits[0].image, clean.image) > 0.95


def test_a_frame_may_go_on_outside_of_the_picture() -> None:
    ink = inked(IMAGES[0], 8)
    clean = prepare(taken(written(ink)), True).digits[0]
    ink[4:-10, 10:14] = ink[4:-10, -14:-10] = ink[-14:-10, 10:-10] = 1
    (digit,) = prepare(taken(written(ink)), True).digits
    assert np.abs(np.subtract(digit.box, clean.box)).max() <= 3


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


def test_a_small_digit_among_many_paler_lines_is_found() -> None:
    ink = np.zeros((300, 400))
    ink[120:160, 200:240] = inked(IMAGES[0], 1)
    picture = written(ink)
    for row in range(10, 300, 30):
        picture[row : row + 2, 20:380] *= 0.8  # too short to be ruled lines
    (digit,) = prepare(taken(picture), True).digits
    top, left, bottom, right = digit.box
    assert (top >= 115, left >= 195, bottom <= 165, right <= 245) == (True,) * 4
