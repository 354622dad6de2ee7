"""What the figures share: geometry, type and colours.

A figure is laid out in pixels of its PNG, from its top left corner: what falls on whole pixels is
sharp, and no layout depends on how long a text happens to be.
"""

import io
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Transform

from stages.figures import png

# From the palette of Okabe and Ito (2008), whose colours colour-blind readers tell apart.
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
GREY = "#6E6E6E"
INK = "#262626"
PALE = "#E5E5E5"

# A page of GitHub shows the one about 420 pixels wide, in a table of two columns, and the other
# 840: type of 9 points is then 10 pixels high.
HALF, FULL = 750, 1500

_DOTS_PER_INCH = 150
_FRAME = "#B8B8B8"
# Off the grid of pixels and of their halves: what is centred there is not rounded up by one
# processor and down by another.
_ASIDE = 0.3


def plain() -> AbstractContextManager[None]:
    """Return a context to draw in: Matplotlib's own settings, whatever the user's are."""
    return matplotlib.style.context("default")


def new_figure(width: int, height: int) -> Figure:
    """Return an empty figure of `width` by `height` pixels, framed: pages may be dark."""
    inches = (width / _DOTS_PER_INCH, height / _DOTS_PER_INCH)
    # Half of the line is outside of the picture: one pixel remains.
    line = 2 * 72 / _DOTS_PER_INCH
    return Figure(inches, _DOTS_PER_INCH, facecolor="white", edgecolor=_FRAME, linewidth=line)


def size_of(figure: Figure) -> tuple[int, int]:
    """Return a figure's width and height in pixels."""
    width, height = (round(inches * _DOTS_PER_INCH) for inches in figure.get_size_inches())
    return width, height


def axes_at(figure: Figure, left: int, top: int, width: int, height: int) -> Axes:
    """Return new axes at a place in pixels, from the figure's top left corner."""
    across, down = size_of(figure)
    bottom = down - top - height
    return figure.add_axes(
        (
            (left + _ASIDE) / across,
            (bottom + _ASIDE) / down,
            width / across,
            height / down,
        )
    )


def write(figure: Figure, left: int, top: int, text: str, **style: Any) -> Text:
    """Write a text whose upper left corner is at a place in pixels, unless `style` aligns it."""
    across, down = size_of(figure)
    style = {"ha": "left", "va": "top", "fontsize": 9, "color": INK, **style}
    return figure.text((left + _ASIDE) / across, (down - top + _ASIDE) / down, text, **style)


def head(figure: Figure, title: str, note: str = "") -> None:
    """Write a title at the top, and a note of one or two lines below it."""
    write(figure, 24, 18, title, fontsize=11, fontweight="bold")
    if note:
        write(figure, 24, 52, note, color=GREY, linespacing=1.3)


class _OnGrid(Transform):
    """Moves points to whole 64ths of a pixel.

    Where three of them lie on one straight line, numbers so short say exactly that it goes
    straight on; in longer ones, each processor would see a bend of its own.
    """

    input_dims = output_dims = 2

    def transform_non_affine(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return points (n, 2), in pixels, on the grid."""
        return np.floor(np.asarray(values) * 64 + _ASIDE) / 64


def trace(axes: Axes, x: npt.ArrayLike, y: npt.ArrayLike, **style: Any) -> None:
    """Draw a line from point to point that has the same pixels on every processor."""
    axes.plot(x, y, transform=axes.transData + _OnGrid(), **style)


def tidy(axes: Axes) -> None:
    """Take away the frame's upper and right sides, and put a faint grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)


def ramp(colour: str, steps: int) -> npt.NDArray[np.uint8]:
    """Return colours from white to `colour` in equal steps: (steps, 3) red, green, blue."""
    end = np.array([round(255 * part) for part in to_rgb(colour)])
    place = np.arange(steps)[:, None]
    return ((255 * (steps - 1 - place) + end * place) // (steps - 1)).astype(np.uint8)


def to_png(figure: Figure) -> bytes:
    """Return the figure as PNG; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi="figure")
    width, height = figure.canvas.get_width_height()
    pixels = np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)
    return png.encode(pixels[..., :3], figure.dpi)  # the figure is opaque
