"""What the tests of the figures share."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any
from unittest.mock import patch

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import rgb_to_hsv, to_hex, to_rgb, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.text import Text

from stages.figures.style import size_of

# Okabe and Ito (2008), "Color Universal Design".
OKABE_ITO = {
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
}


def assert_legible(figure: Figure, width: int, height: int | None = None) -> None:
    """Assert a figure's size in pixels, and that no text leaves it or lies on another.

    Its lines are to be traced as well, so that they are the same on every processor.
    """
    drawn: list[Text] = []
    draw = Text.draw

    def note(text: Text, *arguments: Any, **more: Any) -> None:
        if text.get_visible() and text.get_text():
            drawn.append(text)
        draw(text, *arguments, **more)

    with patch.object(Text, "draw", note):
        figure.draw_without_rendering()
    across, down = size_of(figure)
    assert (across, down) == (width, down if height is None else height)
    assert_traced(figure)
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn]
    assert boxes
    for words, box in boxes:
        assert 0 < box.x0 < box.x1 < across, words
        assert 0 < box.y0 < box.y1 < down, words
    straight = [text.get_rotation() in (0, 90) for text in drawn]
    level = [pair for pair, is_level in zip(boxes, straight, strict=True) if is_level]
    for (one, first), (two, second) in combinations(level, 2):
        assert not first.padded(-1).overlaps(second.padded(-1)), (one, two)


def assert_traced(figure: Figure) -> None:
    """Assert that the bends of a figure's lines lie on whole 64ths of a pixel: see style.trace."""
    for line in (line for axes in figure.axes for line in axes.lines):
        places = np.asarray(line.get_xydata())
        if line.get_linestyle() != "None" and len(places) > 2:
            points = line.get_transform().transform(places) * 64
            assert np.array_equal(points, np.rint(points)), line.get_label()


def texts_of(figure: Figure) -> list[str]:
    """Return all that is written in a figure."""
    texts = figure.findobj(mpl.text.Text)
    return [text.get_text() for text in texts if isinstance(text, mpl.text.Text)]


def key_of(axes: Axes) -> list[str]:
    """Return what a legend names."""
    legend = axes.get_legend()
    assert legend
    return [text.get_text() for text in legend.get_texts()]


def pasted(figure: Figure) -> list[npt.NDArray[np.uint8]]:
    """Return the images that are put on a figure pixel for pixel, in their order."""
    return [np.asarray(image.get_array(), np.uint8) for image in figure.images]


def framed(image: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Return an image's pixels without its frame, which is asserted, one for each of `side`²."""
    inner = image[1:-1, 1:-1]
    for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
        assert len(np.unique(edge)) == 1
        assert 100 < edge[0, 0] < 220
    zoom = len(inner) // side
    assert inner.shape == (side * zoom, side * zoom, 3)
    small = inner[::zoom, ::zoom]
    assert np.array_equal(small.repeat(zoom, axis=0).repeat(zoom, axis=1), inner)
    return small


def coloured(figure: Figure) -> set[str]:
    """Return the colours of lines and marks that are not black, white or grey."""
    colours = {to_hex(to_rgb(colour)).upper() for colour in _colours(figure)}
    return {colour for colour in colours if rgb_to_hsv(to_rgb(colour))[1] > 0.1}


def _colours(figure: Figure) -> Iterator[str]:
    for axes in figure.axes:
        artists: list[Artist] = [*axes.lines, *axes.collections]
        for artist in artists:
            for name in ("get_color", "get_facecolor", "get_edgecolor"):
                if hasattr(artist, name):
                    for colour in to_rgba_array(getattr(artist, name)()):
                        yield to_hex(colour)
