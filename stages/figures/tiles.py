"""Small square images on a figure, each framed, a whole number of its pixels to one of theirs."""

import math

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures.style import size_of

Colours = npt.NDArray[np.uint8]

_FRAME = 176  # grey


def ink(pixels: npt.NDArray[np.uint8]) -> Colours:
    """Return an image (side²,) of 0 for paper to 255 for ink, in grey: (side, side, 3)."""
    side = math.isqrt(len(pixels))
    return np.repeat(255 - pixels.reshape(side, side, 1), 3, axis=2)


def place(figure: Figure, image: Colours, left: int, top: int, room: int) -> None:
    """Put an image (side, side, 3) in a frame whose upper left corner is at a place in pixels.

    It is as large as whole multiples of its pixels allow in `room` pixels, the frame left out, and
    in the middle of them across.
    """
    zoom = max(1, room // len(image))
    enlarged = image.repeat(zoom, axis=0).repeat(zoom, axis=1)
    framed = np.pad(enlarged, ((1, 1), (1, 1), (0, 0)), constant_values=_FRAME)
    paste(figure, framed, left + (room - len(enlarged)) // 2, top)


def paste(figure: Figure, image: Colours, left: int, top: int) -> None:
    """Put an image (height, width, 3) on a figure, pixel for pixel."""
    bottom = size_of(figure)[1] - top - len(image)
    figure.figimage(image, left, bottom, origin="upper")
