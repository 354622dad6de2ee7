"""How a picture was read: each step of its preparation, and what goes on in the network."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures.style import BLUE, FULL, GREY, PALE, VERMILION, axes_at, head, new_figure, write
from stages.figures.tiles import paste

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

MOST_DIGITS = 8  # that are drawn
_ROOM, _SMALL, _GAP, _LEFT, _TOP = 440, 224, 36, 24, 76
_ROW = _SMALL + 64
_COLUMNS = 16  # units of a layer in a line


class Shown(NamedTuple):
    """A digit on its way: pictures with their names, the network's hidden layers, and P (10,).

    hidden: of each layer, its activations (units,).
    """

    steps: Sequence[tuple[str, Bytes]]
    hidden: Sequence[Floats]
    P: Floats


def draw(steps: Sequence[tuple[str, Bytes]], digits: Sequence[Shown]) -> Figure:
    """Return the figure of the steps before digits are cut out, and of each digit.

    A picture is (height, width), 0 black and 255 white, or (height, width, 3).
    """
    count = min(len(digits), MOST_DIGITS)
    room = max(_size(pixels, _ROOM)[0] for _, pixels in steps) + 60
    figure = new_figure(FULL, _TOP + room + count * _ROW)
    more = f"; the first {count} are drawn" if count < len(digits) else ""
    found = "a digit" if len(digits) == 1 else f"{len(digits)} digits{more}"
    head(figure, f"How it was read: {found}")
    for place, (name, pixels) in enumerate(steps):
        _picture(figure, name, pixels, (_LEFT + place * (_ROOM + _GAP), _TOP), _ROOM)
    for row, digit in enumerate(digits[:count]):
        _row(figure, digit, _TOP + room + row * _ROW)
    return figure


def _row(figure: Figure, digit: Shown, top: int) -> None:
    """Draw what becomes of one digit."""
    left = _LEFT
    for name, pixels in digit.steps:
        _picture(figure, name, pixels, (left, top), _SMALL)
        left += _SMALL + _GAP
    _layers(figure, digit.hidden, left, top)
    _bars(figure, digit.P, FULL - 310, top)


def _picture(figure: Figure, name: str, pixels: Bytes, place: tuple[int, int], room: int) -> None:
    """Draw a picture as large as it may be, its name above."""
    left, top = place
    write(figure, left, top, name, color=GREY)
    (height, width), (rows, columns) = pixels.shape[:2], _size(pixels, room)
    scaled = pixels[np.arange(rows) * height // rows][:, np.arange(columns) * width // columns]
    colours = scaled if scaled.ndim == 3 else np.repeat(scaled[..., np.newaxis], 3, axis=2)
    framed = np.pad(colours, ((1, 1), (1, 1), (0, 0)), constant_values=176)
    paste(figure, framed, left, top + 26)


def _size(pixels: Bytes, room: int) -> tuple[int, int]:
    """Return the rows and columns of a picture as large as it may be, its frame left out."""
    longest = max(pixels.shape[:2])
    rows, columns = (max(1, (room - 2) * side // longest) for side in pixels.shape[:2])
    return rows, columns


def _layers(figure: Figure, hidden: Sequence[Floats], left: int, top: int) -> None:
    """Draw each hidden layer's activations as squares, the darker the larger."""
    write(figure, left, top, "hidden layers", color=GREY)
    down = top + 26
    for values in hidden:
        lines = -(-len(values) // _COLUMNS)
        side = max(2, min(20, (_SMALL // len(hidden) - 12) // lines))
        low, high = min(0.0, float(values.min())), max(1e-9, float(np.abs(values).max()))
        shade = np.full(lines * _COLUMNS, 255)
        shade[: len(values)] = 235 - 235 * (values - low) / (high - low)
        squares = shade.reshape(lines, _COLUMNS).astype(np.uint8)
        large = squares.repeat(side, axis=0).repeat(side, axis=1)
        paste(figure, np.repeat(large[..., np.newaxis], 3, axis=2), left, down)
        down += lines * side + 12


def _bars(figure: Figure, P: Floats, left: int, top: int) -> None:
    """Draw the probabilities as bars, the largest in another colour."""
    write(figure, left, top, "probabilities", color=GREY)
    axes = axes_at(figure, left + 20, top + 30, 200, _SMALL - 8)
    colours = [VERMILION if digit == P.argmax() else BLUE for digit in range(len(P))]
    axes.barh(range(len(P)), P, color=colours, height=0.7)
    axes.set_xlim(0, 1)
    axes.invert_yaxis()
    axes.set_yticks(range(len(P)))
    axes.set_xticks([])
    axes.tick_params(labelsize=9, length=0)
    axes.set_facecolor(PALE)
    for side in axes.spines.values():
        side.set_visible(False)
    for digit, p in enumerate(P):
        axes.text(1.04, digit, f"{100 * p:.1f} %", va="center", fontsize=9, color=GREY)
