"""What the numbers of pixels mean: 0 to 255, fractions of 1, 0 and 1, or as ingest.highest says."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_PIXEL, PIXELS_HOLD, Bytes, Labelled, Part, joined
from stages.sources.seen import Seen, all_seen

KEY = "ingest.highest"
DIMMEST = 128  # a source whose largest pixel is from 2 up to below it has another scale
# A fraction that is rounded to three decimals, or to half precision, is still told from the next.
_FOUR_DECIMALS = 255 * 0.5e-4 * (1 + 2**-10)
_SINGLE = 2.0**-24  # what single precision rounds a number below 1 by, at most, and its text
_STRAY = 0.01  # images that are 0 and 1 alone amid others, of which as many may be all but blank

Floats = npt.NDArray[np.float64]
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

    Raises DigitsError as `factor`.
    """
    times, notes = factor(name, all_seen(parts), highest)
    return joined([Labelled(part.label, stretched(part, times)) for part in parts]), notes


def stretched(part: Part, times: int) -> Bytes:
    """Return the pixels of a part; of one without a fraction, so many times what they are."""
    return part.pixels if part.fraction or times == 1 else part.pixels * np.uint8(times)


def factor(name: str, shown: Seen, highest: float | None) -> tuple[int, list[str]]:
    """Return by what pixels of parts without a fraction are multiplied, and what is to be said.

    shown: what the whole source, which messages call `name`, shows. Raises DigitsError where it
    is not plain what the largest number means.
    """
    if highest is not None:
        return 1, []
    if shown.fraction:
        if shown.whole_largest > 1:
            raise DigitsError(
                f"{shown.fraction}; expected a whole number from 0 to 255, as in other rows"
            )
        return HIGHEST_PIXEL, ["its pixels are fractions of 1, read as that many times 255"]
    if shown.largest == 1:
        return HIGHEST_PIXEL, ["its pixels are 0 and 1, and 1 is read as 255, ink"]
    if 1 < shown.largest < DIMMEST and shown.blank < shown.rows:
        raise DigitsError(
            f"{name}: its largest pixel is {shown.largest}, and full ink may be that, or 255; "
            f"expected 255, or 1. Say what full ink is: {KEY}: {shown.largest}, or another number"
        )
    _refuse_two_scales(name, shown)
    return 1, []


def factor_so_far(shown: Seen, highest: float | None) -> int | None:
    """Return what `factor` will, unless it raises, whatever follows rows that show this.

    None: that is not plain yet, as all pixels so far are 0 and 1.
    """
    if highest is not None or shown.whole_largest > 1:
        return 1
    return HIGHEST_PIXEL if shown.fraction else None


def _refuse_two_scales(name: str, shown: Seen) -> None:
    """Raise DigitsError where many images are of 0 and 1 alone, and others go further."""
    if shown.first_one is not None and shown.ones > _STRAY * shown.rows:
        raise DigitsError(
            f"{name}: the pixels of {shown.ones} of {shown.rows} images, the first of them row "
            f"{shown.first_one + 1}, are 0 and 1 alone, where 1 may be ink, or all but paper; "
            f"others go up to {shown.largest}. Expected one scale, or {KEY}: 255"
        )


def expected(highest: float | None, number: float, others: Floats) -> str:
    """Say what was expected of a pixel in place of a number, NaN if it is none, amid others."""
    if highest is not None:
        return f"a number from 0 to {highest:g}, which is {KEY}"
    with np.errstate(invalid="ignore"):
        small = not (others > 16).any()
    if number < 0 and small:
        return (
            f"{PIXELS_HOLD}: below 0, pixels look normalised (to -1…1, or by mean and deviation), "
            f"which is to be undone first"
        )
    if number > 0 and number % 1 != 0:
        return (
            f"{PIXELS_HOLD}, or all k/255; where full ink is another number, {KEY} must say which"
        )
    if number > HIGHEST_PIXEL:
        return f"{PIXELS_HOLD}; where full ink is a larger number, {KEY} must say which"
    return PIXELS_HOLD
