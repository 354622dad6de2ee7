"""What the figures share: size, type and colours."""

import io
from contextlib import AbstractContextManager

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def tidy(axes: Axes) -> None:
    """Take away the frame's upper and right sides, and put a faint grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)


def to_png(figure: Figure) -> bytes:
    """Return the figure as PNG; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    # Without the name of its maker, a picture changes only when its pixels do.
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()
