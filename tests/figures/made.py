"""What the tests of the figures share."""

import io
import struct
from collections.abc import Callable, Iterator

import matplotlib as mpl
import matplotlib.image as mpimg
from matplotlib.artist import Artist
from matplotlib.colors import rgb_to_hsv, to_hex, to_rgb, to_rgba_array
from matplotlib.figure import Figure

from stages.figures.style import to_png

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


def size_of(content: bytes) -> tuple[int, int]:
    """Return the width and height that a PNG states, once all of it could be decoded."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">2I", content[16:24])
    assert mpimg.imread(io.BytesIO(content)).shape[:2] == (height, width)
    return width, height


def assert_png(figure: Figure, width: int, height: int) -> None:
    """Assert that a figure is drawn in a size in pixels, and shows more than one colour."""
    content = to_png(figure)
    assert size_of(content) == (width, height)
    assert mpimg.imread(io.BytesIO(content)).std() > 0.001


def assert_same_bytes(draw: Callable[[], Figure]) -> None:
    """Assert that a figure drawn again has the same bytes, and not the name of its maker."""
    first = to_png(draw())
    assert to_png(draw()) == first
    assert b"matplotlib" not in first.lower()


def texts_of(figure: Figure) -> list[str]:
    """Return all that is written in a figure."""
    texts = figure.findobj(mpl.text.Text)
    return [text.get_text() for text in texts if isinstance(text, mpl.text.Text)]


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
