"""What the numbers of pixels mean: told apart, put on one scale, or refused."""

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.sources import scale
from stages.sources.columns import Part
from tests.common.shared import message_of, share

KS = np.arange(256)
ROUNDINGS = {
    "float64": KS / 255,
    "float32": (KS / 255).astype(np.float32).astype(np.float64),
    "float16": (KS / 255).astype(np.float16).astype(np.float64),
    "float16 as text": np.array([float(str(value)) for value in (KS / 255).astype(np.float16)]),
    "6 decimals": np.round(KS / 255, 6),
    "4 decimals": np.round(KS / 255, 4),
    "3 decimals": np.round(KS / 255, 3),
    "3 decimals, float32": np.round(KS / 255, 3).astype(np.float32).astype(np.float64),
}


@pytest.mark.parametrize("case", ROUNDINGS)
def test_fractions_are_k_of_255(case: str) -> None:
    found = scale.understood(ROUNDINGS[case][None], None)
    assert found.pixels.tolist() == [KS.tolist()]
    assert not found.wrong.any()
    assert found.fraction.sum() == 254  # 0 and 1 are whole


@pytest.mark.parametrize(
    "value", [0.5, 0.3, 1 / 256 * 128, 0.252, 0.01, 1.5, -0.5, 255.5, np.nan, np.inf]
)
def test_other_fractions_are_wrong(value: float) -> None:
    values = np.array([[0.0, 1.0, 51 / 255, value]])
    assert scale.understood(values, None).wrong.tolist() == [[False, False, False, True]]


def test_a_fraction_amid_whole_numbers_is_wrong() -> None:
    found = scale.understood(np.array([[0.0, 17.0, 51 / 255]]), None)
    assert found.wrong.tolist() == [[False, False, True]]


def exactly(value: float, highest: float) -> int:
    """Return 255 v / highest, halves up, in exact arithmetic."""
    return int(Fraction(value) * 255 / Fraction(highest) + Fraction(1, 2))


@share(0.3)
@given(highest=st.integers(1, 65535), part=st.floats(0, 1))
def test_whole_numbers_are_scaled_exactly(highest: int, part: float) -> None:
    value = int(part * highest)
    assert scale.scaled(np.array([float(value)]), highest).tolist() == [exactly(value, highest)]


@share(0.3)
@given(highest=st.floats(0.01, 1000), part=st.floats(0, 1))
def test_other_numbers_are_scaled_but_for_their_own_rounding(highest: float, part: float) -> None:
    (found,) = scale.scaled(np.array([part * highest]), highest).tolist()
    wanted = Fraction(part * highest) * 255 / Fraction(highest) + Fraction(1, 2)
    assert found in (int(wanted), min(255, int(wanted + Fraction(1, 2**14))))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_half_goes_up_however_it_was_rounded(kind: type[np.floating]) -> None:
    assert scale.scaled(np.array([0.1, 0.3, 0.5, 0.7, 0.9], kind), 1).tolist() == [
        26, 77, 128, 179, 230
    ]  # fmt: skip
    assert scale.scaled(np.array([0, 1, 8, 15, 16]), 16).tolist() == [0, 16, 128, 239, 255]


@pytest.mark.parametrize("highest", [1, 1.0, 15, 16, 100, 127.5, 255, 255.0, 300.0])
def test_bytes_and_other_numbers_are_scaled_alike(highest: float) -> None:
    counted = np.arange(min(int(highest), 255) + 1, dtype=np.uint8)
    quick = scale.whole(counted, highest)
    slow = scale.understood(counted[None].astype(np.float64), highest)
    assert quick is not None
    assert quick.tolist() == slow.pixels[0].tolist()
    above = np.array([int(highest) + 1], np.uint16)
    assert scale.understood(above[None].astype(np.float64), highest).wrong.all()


def part(value: int, fraction: str | None = None) -> Part:
    """Return an image of paper with one pixel of ink."""
    pixels = np.zeros((1, 784), np.uint8)
    pixels[0, 400] = value
    return Part(np.array([3], np.uint8), pixels, fraction)


def settled(*parts: Part, highest: float | None = None) -> tuple[npt.NDArray[np.uint8], list[str]]:
    digits, notes = scale.settle("a.csv", parts, highest)
    return digits.pixels[:, 400], notes


def test_the_whole_source_tells_its_scale() -> None:
    assert settled(part(1), *[part(255)] * 99)[0].tolist() == [1, *[255] * 99]
    assert settled(part(1), part(0))[0].tolist() == [255, 0]
    pixels, (note,) = settled(part(1), part(51, "a.csv: line 3, column pixel400: '0.2'"), part(0))
    assert pixels.tolist() == [255, 51, 0]
    assert "fractions of 1" in note


@pytest.mark.parametrize("largest", [2, 16, 127])
def test_a_dim_source_is_refused(largest: int) -> None:
    message = message_of(lambda: settled(part(1), part(largest)))
    assert message.startswith(f"a.csv: its largest pixel is {largest}, and full ink may be that")
    assert f"ingest.highest: {largest}" in message
    assert settled(part(128))[0].tolist() == [128]
    assert settled(part(largest), highest=255)[0].tolist() == [largest]


def test_images_of_0_and_1_amid_others_are_refused() -> None:
    message = message_of(lambda: settled(part(255), part(0), part(1), part(1)))
    assert "the pixels of 2 of 4 images, the first of them row 3, are 0 and 1 alone" in message
    assert settled(part(255), part(1), highest=255)[0].tolist() == [255, 1]


def test_fractions_amid_whole_numbers_elsewhere_are_refused() -> None:
    place = "a.csv: line 3, column pixel400: '0.2'"
    message = message_of(lambda: settled(part(200), part(51, place)))
    assert message == f"{place}; expected a whole number from 0 to 255, as in other rows"


@pytest.mark.parametrize(
    ("highest", "number", "other", "words"),
    [
        (None, -0.42, 2.8, "below 0, pixels look normalised"),
        (None, -1.0, 255.0, "a whole number from 0 to 255"),
        (None, 0.3, 1.0, "or all k/255; where full ink is another number, ingest.highest"),
        (None, 65535.0, 65535.0, "where full ink is a larger number, ingest.highest"),
        (16.0, 17.0, 2.0, "a number from 0 to 16, which is ingest.highest"),
    ],
)
def test_what_was_expected(highest: float | None, number: float, other: float, words: str) -> None:
    assert words in scale.expected(highest, number, np.array([other]))
