"""The strokes of a digit brought to one width, that which MNIST's have."""

import numpy as np
import numpy.typing as npt

from stages.prepare.distances import FAR, UNIT, distances, stroke_width
from stages.prepare.resizing import resampled

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

BOX = 20  # pixels of MNIST's that the longer side of a digit takes
FINE = 8  # pixels of the mask to one of MNIST's
# The median width of a stroke of MNIST's test images, measured as here, in its pixels.
WIDTH = 2.8
_THINNEST = 0.6  # of that width: what is left of a stroke at least
_TRIES = 3
_LEAST, _MOST = 0.5, 1.6  # bounds of the size before the strokes change, in BOXes
# Where a mask shrinks, so much ink in a pixel is enough: a line thinner than that stays whole.
_THIN = 0.15
_MARGIN = 3 * FINE  # of paper around the digit


def normal(ink: Floats) -> Mask:
    """Return a digit as a mask, its strokes WIDTH and its longer side BOX pixels long, about.

    ink: (height, width), 1 for full ink, with the edge of the strokes at 1/2 and paper around.
    The mask has FINE pixels to one of MNIST's, and paper around.
    """
    box = box_of(ink > 0.5)
    size, aim = float(BOX * FINE), WIDTH * FINE
    for _ in range(_TRIES):
        mask = _enlarged(ink, box, size)
        inside = distances(mask, 0)
        width = stroke_width(mask, inside)
        # Where strokes become wider, so does the digit: it is made smaller before.
        wanted = min(max(BOX * FINE - (aim - width), _LEAST * BOX * FINE), _MOST * BOX * FINE)
        if abs(wanted - size) < 1:
            break
        size = wanted
    more = (aim - width) / 2 * UNIT
    if more >= 0:
        return mask | (distances(~mask, FAR) <= more)
    middle = _middle(inside, width)
    return (inside > -more) | (mask & (distances(~middle, FAR) <= _THINNEST * aim / 2 * UNIT))


def box_of(mask: Mask) -> tuple[int, int, int, int]:
    """Return the box of a mask's ink: top, left, bottom and right."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _enlarged(ink: Floats, box: Box, size: float) -> Mask:
    """Return the ink in a box as a mask whose longer side is `size` pixels, paper around it."""
    top, left, bottom, right = box
    times = size / max(bottom - top, right - left)
    height, width = (max(1, round(side * times)) for side in (bottom - top, right - left))
    margin = _MARGIN / times
    wide = (top - margin, left - margin, bottom + margin, right + margin)
    fine = resampled(ink, wide, (height + 2 * _MARGIN, width + 2 * _MARGIN))
    return fine > (0.5 if times >= 1 else _THIN)


def _middle(inside: npt.NDArray[np.int64], width: float) -> Mask:
    """Return the middle of the strokes: where the distance inside is larger than beside."""
    around = np.pad(inside, 1)
    height, length = inside.shape
    peaks = inside >= width / 4 * UNIT
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        one = around[1 - down : 1 - down + height, 1 - across : 1 - across + length]
        other = around[1 + down : 1 + down + height, 1 + across : 1 + across + length]
        step = UNIT if down == 0 or across == 0 else UNIT + 1
        # On no shortest way from paper on to a pixel that is farther inside.
        peaks &= (one < inside + step) & (other < inside + step)
    return peaks
