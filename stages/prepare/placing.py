"""A digit in its place among 28 x 28 pixels, as in MNIST: its centre of mass on their centre."""

import numpy as np
import numpy.typing as npt

from stages.prepare.resizing import resampled
from stages.prepare.stroke_widths import BOX, box_of

SIDE = 28
_CENTRE = 14  # where MNIST's centres of mass are, to half a pixel; the first pixel's centre is 0

Mask = npt.NDArray[np.bool_]
Image = npt.NDArray[np.uint8]


def placed(mask: Mask) -> Image:
    """Return the image (28, 28) of a digit: its longer side 20 pixels, with soft edges.

    Whole pixels move it to the centre, but never to the border.
    """
    top, left, bottom, right = box_of(mask)
    ink = mask[top:bottom, left:right].astype(np.float64)
    longest = max(ink.shape)
    height, width = (max(1, (2 * BOX * side + longest) // (2 * longest)) for side in ink.shape)
    digit = _softened(resampled(ink, (0, 0, *ink.shape), (height, width)))
    image = np.zeros((SIDE, SIDE))
    down, across = _offset(digit.sum(axis=1)), _offset(digit.sum(axis=0))
    image[down : down + height, across : across + width] = digit
    return np.floor(image * 255 + 0.5).astype(np.uint8)


def _softened(digit: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a digit with a quarter of each pixel taken from beside it in each direction.

    Its box stays, and its fullest ink is 1. MNIST's edges are a little sharper; but networks of
    every size read strangers' digits better so, and are less sure of what they read wrong.
    """
    for _ in range(2):  # down the columns, then along the rows
        wide = np.pad(digit, ((1, 1), (0, 0)), mode="edge")
        digit = ((wide[:-2] + 6 * digit + wide[2:]) / 8).T
    soft: npt.NDArray[np.float64] = digit / digit.max()
    return soft


def _offset(sums: npt.NDArray[np.float64]) -> int:
    """Return where a digit begins, by the sums of its rows or columns (length,)."""
    centre = float(sums @ np.arange(len(sums)) / sums.sum())
    return min(max(int(np.floor(_CENTRE - centre + 0.5)), 1), SIDE - 1 - len(sums))
