"""How strong the ink is at each pixel, whatever light is on the paper, whichever is darker."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.signedinteger]

_LUMA = (299, 587, 114)  # thousandths; source: ITU-R BT.601
_SMOOTH = 9  # pixels that are added: those of a square of 3 a side
_DARKEST_PAPER = 64 * _SMOOTH  # in darker places, ink is not told from noise


def square_sums(x: Whole, radius: int) -> Whole:
    """Return the sums over squares of 2 radius + 1 pixels a side; x goes on as it ends."""
    for _ in range(2):  # down the columns, then along the rows
        sums = np.pad(x, ((radius + 1, radius), (0, 0)), mode="edge").cumsum(axis=0)
        x = (sums[2 * radius + 1 :] - sums[: -2 * radius - 1]).T
    return x


def ink_is_darker(picture: Bytes) -> bool:
    """Tell whether the ink is darker than the paper.

    Ink is thin: where it is, a pixel differs more from its surroundings than paper does. So the
    third power of the difference, summed, has the sign of the ink; the two sides of a shadow's
    edge cancel each other. Surroundings of two sizes have a vote each: in smaller ones light gaps
    between wide strokes in a shadow would count most, in larger ones a corner of the paper.
    """
    luma = picture.astype(np.int64) @ np.array(_LUMA)
    total = 0.0
    for part in (16, 6):
        radius = max(1, max(picture.shape[:2]) // part)
        difference = luma / 1000 - square_sums(luma, radius) / (1000 * (2 * radius + 1) ** 2)
        cubes = difference * difference * difference
        total += float(cubes.sum()) / max(float(np.abs(cubes).sum()), 1.0)
    return total <= 0


def shade_of(picture: Bytes, darker: bool) -> Whole:
    """Return the shade, 0 to 255 · 9: paper high and ink low, of whatever colour the ink is.

    Of a colour that channel counts in which it is farthest from white paper, or from black.
    Nine pixels are added, which takes off noise.
    """
    grey = picture.min(axis=2) if darker else 255 - picture.max(axis=2)
    return square_sums(grey.astype(np.int32), 1)


def strength_of(shade: Whole, radius: int) -> Floats:
    """Return the strength of the ink (height, width), 0 to 1, of strokes below 2 radius wide.

    The paper is the shade without what is dark and narrow: what light falls on it stays, with the
    edges of shadows. Ink takes away the same share of bright light and of dim light.
    """
    paper = _closed(shade, radius)
    return (paper - shade) / np.maximum(paper, _DARKEST_PAPER)


def _closed(shade: Whole, radius: int) -> Whole:
    """Return the shade with what is low and narrow filled: the largest in a square, then smallest.

    Source: "closing" of mathematical morphology. Outside, the picture goes on as it ends.
    """
    wide = np.pad(shade.astype(np.int16), 2 * radius, mode="edge")
    filled = _extreme(_extreme(wide, radius, np.maximum), radius, np.minimum)
    return filled[2 * radius : -2 * radius, 2 * radius : -2 * radius]


def _extreme(x: Whole, radius: int, larger: Callable[..., Any]) -> Whole:
    """Return the largest, or smallest, of each square of 2 radius + 1 pixels a side."""
    for _ in range(2):  # down the columns, then along the rows
        x, covered = np.pad(x, ((radius, radius), (0, 0)), mode="edge"), 1
        while covered < 2 * radius + 1:
            step = min(covered, 2 * radius + 1 - covered)
            x, covered = larger(x[:-step], x[step:]), covered + step
        x = x.T
    return x
