"""How far each pixel is from the nearest of another kind, and how wide strokes are by that."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

UNIT = 3  # a step to the next pixel; one across a corner is 4
_CORNER = 4
FAR = 10**6


def distances(mask: Mask, outside: int) -> Whole:
    """Return the distance from each pixel to the nearest that is False, in thirds of a pixel.

    outside: the distance of what is beyond the border, 0 or FAR. Source: Borgefors (1986),
    "Distance transformations in digital images", the chamfer distance of 3 and 4.
    """
    found = np.pad(np.where(mask, FAR, 0), 1, constant_values=outside)
    _sweep(found)
    _sweep(found[::-1])
    return found[1:-1, 1:-1]


def _sweep(found: Whole) -> None:
    """Let each row of `found`, in place, take shorter ways from the row above and along itself."""
    ramp = UNIT * np.arange(found.shape[1])
    for above, row in zip([found[0], *found[:-1]], found, strict=True):
        np.minimum(row, above + UNIT, out=row)
        np.minimum(row[1:], above[:-1] + _CORNER, out=row[1:])
        np.minimum(row[:-1], above[1:] + _CORNER, out=row[:-1])
        row[:] = np.minimum.accumulate(row - ramp) + ramp
        row[::-1] = np.minimum.accumulate(row[::-1] - ramp) + ramp


def stroke_width(mask: Mask, inside: Whole) -> float:
    """Return how wide the strokes of a mask are, in pixels, from the distances inside of it.

    Across a stroke the distance rises and falls evenly: its mean is a quarter of the width.
    """
    return 4 * float(inside[mask].mean()) / UNIT


def widest_strokes(inside: Whole) -> float:
    """Return how wide the wider strokes of a mask are, in pixels, from the distances inside of it.

    Where there are thin lines too, as on ruled paper, they count for less than in `stroke_width`:
    the squares of distances that rise evenly to half the width are a third of it times their sum.
    """
    return 3 * float((inside * inside).sum() / inside.sum()) / UNIT
