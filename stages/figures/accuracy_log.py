"""Test accuracy, commit by commit."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import BLUE, FULL, GREY, INK, axes_at, head, new_figure, tidy

Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

ABSENT = -1  # the place of a parent that is not drawn

_MOST_LABELS = 30
_LEAST_SPAN = 0.02  # of the axis: noise should not look like a cliff


def draw(
    names: Sequence[str], accuracy: Scores, parent: Places, changed: npt.NDArray[np.bool_]
) -> Figure:
    """Return the figure, the first commit to the left.

    accuracy: (n,) shares, NaN for a commit without metrics, which gets a mark at the bottom.
    parent: (n,) the place of each commit's first parent, to which a line goes, or ABSENT.
    changed: (n,) whether a commit changed a param, which gets a ring.
    """
    figure = new_figure(FULL, 600)
    axes = axes_at(figure, 120, 100, 1340, 360)
    low = _set_scale(axes, accuracy[np.isfinite(accuracy)])
    note = "" if low == 0 else f"The axis starts at {100 * low:.4g}%, not at 0"
    head(figure, "Test accuracy, commit by commit", note)
    _draw_lines(axes, accuracy, parent)
    _draw_marks(axes, accuracy, changed)
    places, step = np.arange(len(names)), -(-len(names) // _MOST_LABELS)
    # Turned about its end, a name ends below its tick.
    axes.set_xticks(places[::step], names[::step], rotation=45, rotation_mode="anchor",
                    ha="right", va="center", family="monospace")  # fmt: skip
    axes.set_xlim(-0.5, len(names) - 0.5)
    tidy(axes)
    return figure


def _set_scale(axes: Axes, known: Scores) -> float:
    """Set an axis around the values, and its ticks as exact as they are far apart."""
    low, high = min(known, default=0.0), max(known, default=1.0)
    margin = max((high - low) * 0.1, (_LEAST_SPAN - (high - low)) / 2)
    axes.set_ylim(max(0, low - margin), min(1, high + margin))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    return axes.get_ylim()[0]


def _draw_lines(axes: Axes, accuracy: Scores, parent: Places) -> None:
    """Draw a line from each commit to its first parent, where both are there with metrics."""
    (places,) = np.nonzero(parent != ABSENT)
    parents = parent[places]
    axes.plot(np.stack([parents, places]), np.stack([accuracy[parents], accuracy[places]]), BLUE,
              clip_on=False)  # fmt: skip


def _draw_marks(axes: Axes, accuracy: Scores, changed: npt.NDArray[np.bool_]) -> None:
    """Draw the points, their rings and the marks at the bottom, with a key where one is needed."""
    places, known = np.arange(len(accuracy)), np.isfinite(accuracy)
    size = 6 if len(places) <= 2 * _MOST_LABELS else 3  # points
    axes.plot(places[known], accuracy[known], "o", color=BLUE, markersize=size, clip_on=False,
              zorder=3)  # fmt: skip
    rings, blanks = places[known & changed], places[~known]
    if len(rings):
        axes.scatter(rings, accuracy[rings], s=(2 * size) ** 2, facecolors="none", edgecolors=INK,
                     clip_on=False, zorder=4, label="a param changed")  # fmt: skip
    if len(blanks):
        bottom = np.full(len(blanks), axes.get_ylim()[0])
        axes.scatter(blanks, bottom, color=GREY, marker="x", clip_on=False, zorder=4,
                     label="no metrics")  # fmt: skip
    if len(rings) or len(blanks):
        axes.legend(frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1.01, 1.01))
