"""The test images that one network reads right and another wrong."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures.style import BLUE, INK, VERMILION, new_figure

COLUMNS, ROWS = 10, 4  # of images in each half of the sheet
ROOM = COLUMNS * ROWS

_SIDE = 28  # pixels
_PITCH_X, _PITCH_Y = 40, 44  # pixels from one image to the next; the text goes between

Integers = npt.NDArray[np.integer]


class Half(NamedTuple):
    """Images that flipped one way, the first ROOM of `total`.

    images: (n, 784) uint8. actual, before, after: (n,) the digit and what each network read.
    """

    images: npt.NDArray[np.uint8]
    actual: Integers
    before: Integers
    after: Integers
    total: int


def draw(spoiled: Half, mended: Half) -> Figure:
    """Return a sheet of what went from right to wrong, and below it from wrong to right."""
    heights = [_lines(half) for half in (spoiled, mended)]
    figure = new_figure(10, 1.2 + 1.15 * sum(heights))
    above, below = figure.subplots(2, 1, height_ratios=heights)
    _draw_half(above, spoiled, "From right to wrong", VERMILION)
    _draw_half(below, mended, "From wrong to right", BLUE)
    return figure


def _lines(half: Half) -> int:
    """Return how many lines of images a half takes."""
    return max(1, -(-len(half.images) // COLUMNS))


def _draw_half(axes: Axes, half: Half, title: str, color: str) -> None:
    """Draw images in lines, each with its digit and both readings above it."""
    # One picture of all: an axes for each image would take ten times as long.
    sheet = np.zeros((_lines(half) * _PITCH_Y, COLUMNS * _PITCH_X), np.uint8)
    for place, pixels in enumerate(half.images):
        top = (place // COLUMNS + 1) * _PITCH_Y - _SIDE
        left = place % COLUMNS * _PITCH_X
        sheet[top : top + _SIDE, left : left + _SIDE] = pixels.reshape(_SIDE, _SIDE)
        text = f"{half.actual[place]}: {half.before[place]} → {half.after[place]}"
        axes.text(left + _SIDE / 2, top - 2, text, ha="center", va="bottom", fontsize=9, color=INK)
    axes.imshow(sheet, cmap="gray_r", vmin=0, vmax=255)
    axes.set_axis_off()
    shown = len(half.images)
    count = f"{half.total:,}" if shown == half.total else f"{shown} of {half.total:,}"
    axes.set_title(f"{title}: {count}", loc="left", fontweight="bold", color=color)
    axes.set_title("digit: read before → after", loc="right", fontsize=9, color=INK)
