"""What the figures share: size, type and colours."""

import io
from contextlib import AbstractContextManager

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures import png

# From the palette of Okabe and Ito (2008), whose colours colour-blind readers tell apart.
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREY = "#8C8C8C"
INK = "#262626"

_DOTS_PER_INCH = 150


def plain() -> AbstractContextManager[None]:
    """Return a context to draw in: Matplotlib's own settings, whatever the user's are."""
    return matplotlib.style.context("default")


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` by `height` inches."""
    return Figure((width, height), _DOTS_PER_INCH, facecolor="white", layout="constrained")


def tidy(axes: Axes) -> None:
    """Take away the frame's upper and right sides, and put a faint grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)


def to_png(figure: Figure) -> bytes:
    """Return the figure as PNG; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi="figure")
    width, height = figure.canvas.get_width_height()
    pixels = np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)
    return png.encode(pixels[..., :3], figure.dpi)  # the figure is opaque
