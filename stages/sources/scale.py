"""What the numbers of pixels mean: 0 to 255, fractions of 1, 0 and 1, or as ingest.highest says."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_PIXEL, Labelled, Part, joined

KEY = "ingest.highest"
DIMMEST = 128  # a source whose largest pixel is from 2 up to below it has another scale
# A fraction that is rounded to three decimals, or to half precision, is still told from the next.
_FOUR_DECIMALS = 255 * 0.5e-4 * (1 + 2**-10)
_SINGLE = 2.0**-24  # what single precision rounds a number below 1 by, at most, and its text
_STRAY = 0.01  # images that are 0 and 1 alone amid others, of which as many may be all but blank

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class Meaning(NamedTuple):
    """What some numbers mean: pixels, which of them mean none, and which are fractions of 255."""

    pixels: Bytes
    wrong: Mask
    fraction: Mask


def understood(values: Floats, highest: float | None) -> Meaning:
    """Return the pixels (n, 784) that numbers (n, 784) mean.

    highest: the number that is full ink; None: numbers are whole, from 0 to 255, or all from 0
    to 1 and multiples of 1/255 within rounding, which become 0 to 255.
    """
    with np.errstate(invalid="ignore"):
        if highest is not None:
            wrong = ~((values >= 0) & (values <= highest))
            pixels = scaled(np.where(wrong, 0, values), highest)
            return Meaning(pixels, wrong, np.zeros_like(wrong))
        whole = (values >= 0) & (values <= HIGHEST_PIXEL) & (values == np.floor(values))
        fraction = ~whole & (values > 0) & (values < 1) & _on_grid(values)
    if not fraction.any() or (values[whole] > 1).any():
        return Meaning(np.where(whole, values, 0).astype(np.uint8), ~whole, np.zeros_like(whole))
    wrong = ~(whole | fraction)
    return Meaning(np.rint(np.where(wrong, 0, values) * 255).astype(np.uint8), wrong, fraction)


def _on_grid(values: Floats) -> Mask:
    """Tell which numbers from 0 to 1 are multiples of 1/255, but for their rounding."""
    inside = np.where((values > 0) & (values < 1), values, 0)
    nearest = np.rint(inside * 255)
    as_half = inside.astype(np.float16) == (nearest / 255).astype(np.float16)
    three_decimals = np.abs(inside - np.round(nearest / 255, 3)) <= _SINGLE
    four_decimals = np.abs(inside * 255 - nearest) <= _FOUR_DECIMALS
    on_grid: Mask = as_half | three_decimals | four_decimals
    return on_grid


def scaled(values: npt.NDArray[np.number], highest: float) -> Bytes:
    """Return 255 v / highest for numbers v from 0 to `highest`, rounded to whole, halves up.

    Whole numbers are divided as such, exactly. Of others, one that only its own rounding keeps
    from a half counts as that half.
    """
    nearly = np.floor(values * (HIGHEST_PIXEL / highest) + (0.5 + 2**-15))
    if highest == int(highest):
        whole = np.asarray(values).astype(np.int64)
        twice = 2 * int(highest)
        exactly = (2 * HIGHEST_PIXEL * whole + int(highest)) // twice
        nearly = np.where(whole == values, exactly, nearly)
    pixels: Bytes = np.minimum(nearly, HIGHEST_PIXEL).astype(np.uint8)
    return pixels


def whole(pixels: Bytes, highest: float | None) -> Bytes | None:
    """Return the pixels that whole numbers from 0 to 255 mean, or None where one is above highest.

    Without `highest`, they are what they are.
    """
    if highest is None:
        return pixels
    if pixels.size and pixels.max() > highest:
        return None
    table = scaled(np.arange(min(int(highest), HIGHEST_PIXEL) + 1), highest)
    return np.take(table, pixels)


def settle(name: str, parts: Sequence[Part], highest: float | None) -> tuple[Labelled, list[str]]:
    """Return the digits of the parts of a source, all on one scale, and what is to be said of it.

    Raises DigitsError where it is not plain what the largest number means.
    """
    if highest is not None:
        return joined(parts), []
    largest = max((int(part.pixels.max()) for part in parts if part.pixels.size), default=0)
    fraction = next((part.fraction for part in parts if part.fraction), None)
    digits = joined(parts)
    if fraction:
        _stretch_whole(digits.pixels, parts, fraction)
        return digits, ["its pixels are fractions of 1, read as that many times 255"]
    if largest == 1:
        digits.pixels[:] *= HIGHEST_PIXEL
        return digits, ["its pixels are 0 and 1, and 1 is read as 255, ink"]
    if 1 < largest < DIMMEST and (digits.pixels.min(axis=1) < digits.pixels.max(axis=1)).any():
        raise DigitsError(
            f"{name}: its largest pixel is {largest}, and full ink may be that, or 255; expected "
            f"255, or 1. Say what full ink is: {KEY}: {largest}, or another number"
        )
    _refuse_two_scales(name, digits.pixels)
    return digits, []


def _refuse_two_scales(name: str, pixels: Bytes) -> None:
    """Raise DigitsError where many images are of 0 and 1 alone, and others go further."""
    of_ones = pixels.max(axis=1, initial=0) == 1
    if np.count_nonzero(of_ones) > _STRAY * len(pixels):
        raise DigitsError(
            f"{name}: the pixels of {np.count_nonzero(of_ones)} of {len(pixels)} images, the first "
            f"of them row {of_ones.argmax() + 1}, are 0 and 1 alone, where 1 may be ink, or all "
            f"but paper; others go up to {pixels.max()}. Expected one scale, or {KEY}: 255"
        )


def _stretch_whole(pixels: Bytes, parts: Sequence[Part], fraction: str) -> None:
    """Put the rows of the parts without a fraction on the scale of those with one, in place.

    Raises DigitsError, naming the first fraction, where they hold more than 0 and 1.
    """
    start = 0
    for part in parts:
        rows = slice(start, start := start + len(part.label))
        if part.fraction is None:
            if part.pixels.size and part.pixels.max() > 1:
                raise DigitsError(
                    f"{fraction}; expected a whole number from 0 to 255, as in other rows"
                )
            pixels[rows] *= HIGHEST_PIXEL


def expected(highest: float | None, number: float, others: Floats) -> str:
    """Say what was expected of a pixel in place of a number, NaN if it is none, amid others."""
    if highest is not None:
        return f"a number from 0 to {highest:g}, which is {KEY}"
    words = f"a whole number from 0 to {HIGHEST_PIXEL}"
    with np.errstate(invalid="ignore"):
        small = not (others > 16).any()
    if number < 0 and small:
        return (
            f"{words}: below 0, pixels look normalised (to -1…1, or by mean and deviation), "
            f"which is to be undone first"
        )
    if number > 0 and number % 1 != 0:
        return f"{words}, or all k/255; where full ink is another number, {KEY} must say which"
    if number > HIGHEST_PIXEL:
        return f"{words}; where full ink is a larger number, {KEY} must say which"
    return words
