"""The picture of `digits log`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import BLUE, GREY, INK, new_figure, tidy

if TYPE_CHECKING:
    from stages.tools.log import Entry

_MOST_LABELS = 30


def draw(entries: Sequence["Entry"]) -> Figure:
    """Return the test accuracy of commits, given newest first, drawn oldest first.

    A dot with a ring changed a param; a grey mark at the bottom has no readable metrics.
    """
    old_to_new = entries[::-1]
    accuracy = np.array([np.nan if e.accuracy is None else e.accuracy for e in old_to_new])
    places = np.arange(len(accuracy))
    figure = new_figure(max(6.0, min(14.0, 1.5 + 0.45 * len(accuracy))), 4.2)
    axes = figure.subplots()
    known = np.isfinite(accuracy)
    axes.plot(places[known], accuracy[known], color=BLUE, marker="o")
    ringed = known & np.array([bool(entry.params) for entry in old_to_new])
    ring = {"s": 130, "facecolors": "none", "edgecolors": INK}
    axes.scatter(places[ringed], accuracy[ringed], label="a param changed", **ring)
    low = axes.get_ylim()[0]
    axes.scatter(
        places[~known], np.full((~known).sum(), low), color=GREY, marker="x", label="no metrics"
    )
    axes.set(title="Test accuracy, commit by commit", ylabel="test accuracy")
    step = -(-len(places) // _MOST_LABELS)
    names = [entry.commit.sha[:7] for entry in old_to_new]
    axes.set_xticks(places[::step], names[::step], rotation=60, ha="right", family="monospace")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.3))
    tidy(axes)
    return figure
