"""Digits that touch each other, cut apart where a picture may hold several."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stages.prepare.parts import Labels, Part

Mask = npt.NDArray[np.bool_]

_WIDE = 1.4  # times its height: of MNIST's test images, one in a hundred is as wide
_NOTABLE = 0.1  # of the picture's longer side
_EDGE = 0.2  # of a part's height: no cut is so near to its left or right end
_THIN = 1.6  # times the width of a stroke, that the ink in a column is at most where it is cut
_TALL = 0.75  # of the part's height: so high are both sides of a cut


def separated(labels: Labels, parts: Sequence[Part], width: float) -> Mask:
    """Return the mask of all parts, without the columns in which two digits touch.

    width: of the strokes, in pixels.
    """
    mask = labels > 0
    for part in parts:
        if part.size >= _NOTABLE * max(labels.shape):
            box = slice(part.top, part.bottom), slice(part.left, part.right)
            own = labels[box] == part.labels[0]
            for column in _cuts(own, width):
                mask[box[0], part.left + column] &= ~own[:, column]
    return mask


def _cuts(own: Mask, width: float) -> list[int]:
    """Return the columns in which a part's ink (height, width) is to be cut, if it is too wide."""
    height, length = own.shape
    beside = max(1, int(_EDGE * height))
    if length < _WIDE * height or length <= 2 * beside:
        return []
    ink = own[:, beside:-beside].sum(axis=0)
    column = beside + int(ink.argmin())
    sides = own[:, :column], own[:, column + 1 :]
    if ink.min() > _THIN * width or min(map(_height, sides)) < _TALL * height:
        return []
    left, right = (_cuts(side, width) for side in sides)
    return [*left, column, *(column + 1 + further for further in right)]


def _height(own: Mask) -> int:
    """Return from the first to the last row with ink how many there are."""
    rows = np.flatnonzero(own.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0
