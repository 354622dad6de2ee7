"""Test accuracy, commit by commit."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import BLUE, GREY, INK, new_figure, tidy

ABSENT = -1  # the place of a parent that is not drawn

_MOST_LABELS = 30

Places = npt.NDArray[np.int64]


def draw(
    names: Sequence[str],
    accuracy: npt.NDArray[np.float64],
    parent: Places,
    changed: npt.NDArray[np.bool_],
) -> Figure:
    """Return the figure, the first commit to the left.

    accuracy: (n,) shares, NaN for a commit without metrics, which gets a mark at the bottom.
    parent: (n,) the place of each commit's first parent, to which a line goes, or ABSENT.
    changed: (n,) whether a commit changed a param, which gets a ring.
    """
    figure = new_figure(max(6.0, min(14.0, 1.5 + 0.45 * len(names))), 4.2)
    axes = figure.subplots()
    _draw_lines(axes, accuracy, parent)
    _draw_marks(axes, accuracy, changed)
    axes.set(title="Test accuracy, commit by commit", ylabel="test accuracy")
    places = np.arange(len(names))
    step = -(-len(names) // _MOST_LABELS)
    axes.set_xticks(places[::step], names[::step], rotation=60, ha="right", family="monospace")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    tidy(axes)
    return figure


def _draw_lines(axes: Axes, accuracy: npt.NDArray[np.float64], parent: Places) -> None:
    """Draw a line from each commit to its first parent, where both are there with metrics."""
    (places,) = np.nonzero(parent != ABSENT)
    parents = parent[places]
    axes.plot(np.stack([parents, places]), np.stack([accuracy[parents], accuracy[places]]), BLUE)


def _draw_marks(
    axes: Axes, accuracy: npt.NDArray[np.float64], changed: npt.NDArray[np.bool_]
) -> None:
    """Draw the points, their rings and the marks at the bottom, with a legend if needed."""
    places, known = np.arange(len(accuracy)), np.isfinite(accuracy)
    axes.plot(places[known], accuracy[known], color=BLUE, marker="o", linestyle="none")
    rings, blanks = places[known & changed], places[~known]
    if len(rings):
        axes.scatter(
            rings,
            accuracy[rings],
            s=130,
            facecolors="none",
            edgecolors=INK,
            label="a param changed",
        )
    if len(blanks):
        low = np.full(len(blanks), axes.get_ylim()[0])
        axes.scatter(blanks, low, color=GREY, marker="x", label="no metrics")
    if len(rings) or len(blanks):
        axes.legend(frameon=False, loc="best")
