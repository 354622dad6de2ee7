"""The confusion matrix: which digits the network takes for which."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from stages.figures import tiles
from stages.figures.style import HALF, axes_at, head, new_figure, write

Counts = npt.NDArray[np.int64]

# A mistake's colour says what share of its digit's images it takes, in steps that are the same
# in every picture: most are a few per cent, and on one even scale to 100 all would look alike.
STEPS = (1, 2, 5, 10, 25)  # per cent: each ends a step, and 100 the last
_MISTAKES = ((253, 238, 226), (251, 214, 184), (245, 176, 130), (232, 131, 67), (196, 80, 0),
             (122, 46, 0))  # fmt: skip
_RIGHT, _NONE = (196, 222, 240), (255, 255, 255)
_COLOURS = np.array([_NONE, _RIGHT, *_MISTAKES], np.uint8)
_DARK = 6  # the first colour that white figures are read on

_CELL = 58
_LEFT, _TOP = 92, 100
_BOX = 88


def draw(confusion: Counts, title: str) -> Figure:
    """Return the figure of a matrix (actual, predicted) of counts; zeros are left out."""
    n, side = len(confusion), _CELL * len(confusion)
    figure = new_figure(HALF, _TOP + side + 196)
    head(figure, title)
    axes = axes_at(figure, _LEFT, _TOP, side, side)
    steps = _steps(confusion)
    axes.imshow(_COLOURS[steps], interpolation="nearest")
    _write_counts(figure, confusion, steps)
    axes.set(xticks=range(n), yticks=range(n), xlabel="predicted digit")
    write(figure, 24, _TOP - 36, "true digit", fontsize=10)
    axes.tick_params(length=0)
    axes.spines[:].set_color("#8C8C8C")
    for along in (axes.xaxis, axes.yaxis):
        along.set_minor_locator(FixedLocator([place + 0.5 for place in range(n - 1)]))
    axes.grid(which="minor", color="#D9D9D9", linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    _draw_key(figure, _TOP + side + 84)
    return figure


def _steps(confusion: Counts) -> Counts:
    """Return each cell's place in the colours: 0 where nothing is, 1 for what is read right."""
    support = confusion.sum(axis=1, keepdims=True)
    steps = np.full(confusion.shape, 2)
    for percent in STEPS:
        steps += 100 * confusion >= percent * support
    np.fill_diagonal(steps, 1)
    steps[confusion == 0] = 0
    return steps


def _write_counts(figure: Figure, confusion: Counts, steps: Counts) -> None:
    """Write each count that is not zero into its cell, in type that the widest of them fits."""
    widest = len(f"{confusion.max()}")
    size = 10 if widest <= 4 else 40 / widest
    for actual, predicted in zip(*np.nonzero(confusion), strict=True):
        write(
            figure,
            _LEFT + int(predicted) * _CELL + _CELL // 2,
            _TOP + int(actual) * _CELL + _CELL // 2 + 2,
            f"{confusion[actual, predicted]}",
            ha="center",
            va="center",
            fontsize=size,
            color="white" if steps[actual, predicted] >= _DARK else "black",
        )


def _draw_key(figure: Figure, top: int) -> None:
    """Name the colours."""
    steps = [f"{low}–{high}%" for low, high in pairwise(STEPS)]
    names = ("right", f"< {STEPS[0]}%", *steps, f"≥ {STEPS[-1]}%")
    left = _LEFT - _CELL // 2
    write(figure, left + _BOX + 10, top, "wrong: share of the true digit's images")
    for number, (colour, name) in enumerate(zip(_COLOURS[1:], names, strict=True)):
        across = left + number * _BOX + (10 if number else 0)
        tiles.paste(figure, np.full((24, _BOX - 4, 3), colour, np.uint8), across, top + 34)
        write(figure, across + _BOX // 2 - 2, top + 64, name, ha="center", fontsize=8.5)
