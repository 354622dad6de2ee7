"""Shares of the first layer over training, at both scales."""

import math

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import FULL, HALF, axes_at, new_figure, tidy, trace, write
from stages.study.figures.colours import COLOURS, NAMES, TINTS

Scores = npt.NDArray[np.float64]


def draw(moments: Scores, panels: dict[str, dict[str, Scores]]) -> Figure:
    """Return the figure, with a panel for each title, one or two.

    moments: (k,) epochs, rising, the first 0; they stand equally far apart. panels: by title and
    then by pixels, (runs, k) shares from 0 to 1; a line is their mean and a band their range.
    """
    figure = new_figure(HALF if len(panels) == 1 else FULL, 640)
    for number, (title, shares) in enumerate(panels.items()):
        left = number * HALF
        write(figure, left + 24, 20, title, fontsize=11, linespacing=1.3)
        axes = axes_at(figure, left + 92, 100, HALF - 92 - 40, 380)
        for name, values in shares.items():
            _draw_share(axes, values, name)
        axes.set_xticks(range(len(moments)), [f"{moment:.0f}" for moment in moments])
        axes.set(xlabel="after epoch (equally far apart, not to scale)", ylim=(-0.03, 1.03))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(-0.03, -0.17),
                    borderaxespad=0, fontsize=9)  # fmt: skip
        tidy(axes)
    return figure


def _draw_share(axes: Axes, values: Scores, name: str) -> None:
    """Draw the mean and the range of `values` (runs, k), and name both ends."""
    places = np.arange(values.shape[1])
    middle = [math.fsum(column) / len(column) for column in values.T]
    axes.fill_between(places, values.min(axis=0), values.max(axis=0), color=TINTS[name], lw=0)
    label = f"{NAMES[name]}: {middle[0]:.1%} at first, {middle[-1]:.1%} at last"
    trace(axes, places, middle, color=COLOURS[name], marker="o", markersize=4, linewidth=2,
              label=label)  # fmt: skip
