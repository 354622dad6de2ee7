"""One-hot labels, images of another side, and the scale that travels with the pixels."""

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages import encode
from stages.common import params
from stages.common.artifacts import digits, encoded
from stages.common.artifacts.sides import SIDES
from tests.common.artifacts.made import assert_same
from tests.common.shared import message_of
from tests.stages.made import put_params, random_digits


@given(labels=st.lists(st.integers(0, 9), max_size=50))
def test_a_row_holds_a_1_at_its_label_and_0_elsewhere(labels: list[int]) -> None:
    Y = encode.one_hot(np.array(labels, np.uint8), 10)
    assert Y.dtype == np.uint8
    assert Y.shape == (len(labels), 10)
    assert Y.tolist() == [[int(digit == label) for digit in range(10)] for label in labels]


@given(classes=st.integers(1, 12))
def test_every_class_has_its_column(classes: int) -> None:
    Y = encode.one_hot(np.arange(classes, dtype=np.uint8), classes)
    assert np.array_equal(Y, np.diag([1] * classes))


@given(
    n=st.integers(1, 9),
    seed=st.integers(0, 99),
    scale=st.floats(0, 1e6, exclude_min=True),
)
def test_encoding_loses_nothing(n: int, seed: int, scale: float) -> None:
    source = random_digits(n, seed)
    made = encode.encode(source, 28, scale)
    assert np.array_equal(made.X, source.pixels)
    assert made.X.dtype == np.uint8
    assert np.array_equal(made.Y @ np.arange(10), source.label)
    assert np.array_equal(made.row, source.row)
    assert made.pixel_scale == scale


Pixels = npt.NDArray[np.uint8]


def covered(side: int) -> list[dict[int, Fraction]]:
    """Return, of each of `side` pixels in a line, how much it covers of which of 28."""
    step, cells = Fraction(28, side), [Fraction(cell) for cell in range(28)]
    shares = [
        [min((at + 1) * step, it + 1) - max(at * step, it) for it in cells] for at in range(side)
    ]
    return [{cell: share for cell, share in enumerate(line) if share > 0} for line in shares]


def by_fractions(image: Pixels, side: int) -> list[list[int]]:
    """Return an image (28, 28) at another side: each area's mean, halves rounded up."""
    ink, area = image.tolist(), Fraction(28, side) ** 2

    def mean(rows: dict[int, Fraction], columns: dict[int, Fraction]) -> Fraction:
        parts = [rows[i] * columns[j] * ink[i][j] for i in rows for j in columns]
        return sum(parts, Fraction(0)) / area

    lines = covered(side)
    return [[math.floor(mean(one, two) + Fraction(1, 2)) for two in lines] for one in lines]


def averaged(image: Pixels, side: int) -> npt.NDArray[Any]:
    return encode.averaged(image.reshape(1, 784), side).reshape(side, side)


def test_the_sides_are_those_of_the_params() -> None:
    declared = params.declared()
    assert tuple(declared["encode"]["side"]["enum"]) == SIDES
    (first,) = declared["initialize"]["layers"]["prefixItems"]
    assert first["enum"] == [side * side for side in SIDES]


@pytest.mark.parametrize("side", SIDES)
def test_each_pixel_is_the_mean_of_its_area(side: int) -> None:
    image = np.random.default_rng(side).integers(0, 256, (28, 28), dtype=np.uint8)
    found = averaged(image, side)
    assert found.dtype == np.uint8
    assert found.tolist() == by_fractions(image, side)


def test_known_means() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[0, :2] = 255, 1  # 256 over 4 pixels; over 12 1/4 of them; over 49/25 and 49/16
    image[27, 27] = 2  # 1/2 over 4 pixels: a half is rounded up
    assert averaged(image, 14)[[0, 13], [0, 13]].tolist() == [64, 1]
    assert averaged(image, 8)[[0, 7], [0, 7]].tolist() == [21, 0]  # 20.90, 0.16
    # Of 20, a pixel is 1 2/5 wide: (255 + 2/5) / (49/25) = 130.3, (3/5) / (49/25) = 0.31.
    assert averaged(image, 20)[0, :3].tolist() == [130, 0, 0]
    # Of 16, 1 3/4: (255 + 3/4) / (49/16) = 83.5102, (1/4) / (49/16) = 0.08.
    assert averaged(image, 16)[0, :3].tolist() == [84, 0, 0]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("ink", [0, 1, 254, 255])
def test_a_sheet_of_one_ink_keeps_it(ink: int, side: int) -> None:
    assert np.all(averaged(np.full((28, 28), ink, np.uint8), side) == ink)


@given(side=st.sampled_from(SIDES), seed=st.integers(0, 999))
def test_ink_is_kept_but_for_rounding(side: int, seed: int) -> None:
    image = random_digits(1, seed).pixels[0]
    found = averaged(image, side)
    assert abs(found.mean() - image.mean()) <= 0.5


def test_images_do_not_mix_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    source = random_digits(7, seed=3).pixels
    alone = [averaged(image, 16).ravel().tolist() for image in source]
    monkeypatch.setattr(encode, "_BLOCK_ROWS", 3)
    assert encode.averaged(source, 16).tolist() == alone
    assert encode.averaged(source[:0], 16).shape == (0, 256)


@pytest.fixture
def parts(project: Path) -> list[digits.Digits]:
    """Return the three parts that are written for the stage, one of them without a row."""
    made = [random_digits(n, seed) for n, seed in ((5, 1), (0, 2), (3, 3))]
    made[2].row[:] += 100  # no row is in both
    for path, part in zip(digits.PARTS, made, strict=True):
        digits.write(project / path, part)
    return made


@pytest.mark.parametrize(
    ("side", "scale"), [(28, 255.0), (28, 1), (28, 0.001), (16, 1.0), (8, 1_000_000)]
)
def test_all_parts_are_encoded_by_the_params(
    side: int, scale: float, parts: list[digits.Digits]
) -> None:
    put_params(encode__pixel_scale=scale, encode__side=side)
    encode.main()
    for path, source in zip(encoded.PARTS, parts, strict=True):
        made = encoded.read(path)
        assert_same(made, encode.encode(source, side, float(scale)))
        assert (made.side, made.pixel_scale) == (side, scale)
        assert np.array_equal(made.X, encode.averaged(source.pixels, side))


@pytest.mark.usefixtures("project")
def test_without_its_input_it_names_the_stage_before() -> None:
    assert "'split'" in message_of(encode.main)
