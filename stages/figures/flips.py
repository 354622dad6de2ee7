"""The test images that one network reads right and another wrong."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures import tiles
from stages.figures.style import BLUE, FULL, GREY, VERMILION, new_figure, write

COLUMNS, ROWS = 12, 4  # of images in each half of the sheet
ROOM = COLUMNS * ROWS

_ROOM = 84  # pixels for an image, framed by one more on each side
_PITCH = (121, 124)  # pixels from one image to the next; the text goes above
_HEAD = 64  # pixels of a half's heading
_LEFT, _TOP = 42, 24

Integers = npt.NDArray[np.integer]


class Half(NamedTuple):
    """Images that flipped one way, the first ROOM of `total`.

    images: (n, side²) uint8. actual, before, after: (n,) the digit and what each network read.
    """

    images: npt.NDArray[np.uint8]
    actual: Integers
    before: Integers
    after: Integers
    total: int


def draw(spoiled: Half, mended: Half) -> Figure:
    """Return a sheet of what went from right to wrong, and below it from wrong to right."""
    figure = new_figure(FULL, 2 * _TOP + _height(spoiled) + _height(mended))
    _draw_half(figure, spoiled, "From right to wrong", VERMILION, _TOP)
    _draw_half(figure, mended, "From wrong to right", BLUE, _TOP + _height(spoiled))
    return figure


def _height(half: Half) -> int:
    """Return how many pixels down a half takes."""
    return _HEAD + -(-len(half.images) // COLUMNS) * _PITCH[1]


def _draw_half(figure: Figure, half: Half, title: str, color: str, top: int) -> None:
    """Draw images in lines, each with its digit and both readings above it."""
    shown = len(half.images)
    count = f"{half.total:,}" if shown == half.total else f"{shown} of {half.total:,}"
    write(figure, _LEFT, top, f"{title}: {count}", fontsize=11, fontweight="bold", color=color)
    if shown:
        key = "digit: read before → after"
        write(figure, FULL - _LEFT, top + 4, key, ha="right", color=GREY)
    for place, pixels in enumerate(half.images):
        left = _LEFT + place % COLUMNS * _PITCH[0]
        down = top + _HEAD + place // COLUMNS * _PITCH[1] + 10
        tiles.place(figure, tiles.ink(pixels), left, down, _ROOM)
        text = f"{half.actual[place]}: {half.before[place]} → {half.after[place]}"
        write(figure, left, down - 3, text, va="bottom")
