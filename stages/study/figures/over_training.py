"""Shares of the first layer over training, at both scales."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import INK, new_figure, tidy
from stages.study.figures.colours import COLOURS, NAMES

Scores = npt.NDArray[np.float64]


def draw(moments: Scores, panels: dict[str, dict[str, Scores]]) -> Figure:
    """Return the figure, with a panel for each title.

    moments: (k,) epochs, rising, the first 0. panels: by title and then by pixels, (runs, k)
    shares from 0 to 1; a line is their mean and a band their range.
    """
    figure = new_figure(5.7 * len(panels) + 0.6, 3.8)
    every = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (title, shares) in zip(every, panels.items(), strict=True):
        for name, values in shares.items():
            _draw_share(axes, moments, values, name)
        # The beginning happens fast: straight up to epoch 1, logarithmic from there.
        axes.set_xscale("symlog", linthresh=1)
        axes.set_xticks(moments, _labels(moments), fontsize=9)
        axes.minorticks_off()
        axes.set(title=title, xlabel="after epoch", ylim=(-0.03, 1.03))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        tidy(axes)
    return figure


def _draw_share(axes: Axes, moments: Scores, values: Scores, name: str) -> None:
    """Draw the mean and the range of `values` (runs, k), and write both ends beside."""
    low, middle, high = values.min(axis=0), values.mean(axis=0), values.max(axis=0)
    axes.fill_between(moments, low, high, color=COLOURS[name], alpha=0.3, lw=0)
    axes.plot(moments, middle, color=COLOURS[name], marker="o", markersize=4, linewidth=2)
    below = middle.mean() > 0.5
    axes.annotate(
        f"{NAMES[name]}: {middle[0]:.1%} at first, {middle[-1]:.1%} at last",
        (moments[-1], low.min() if below else high.max()),
        (0, -13 if below else 13),
        textcoords="offset points",
        ha="right",
        va="center",
        color=INK,
    )


def _labels(moments: Scores) -> list[str]:
    """Return the number of each moment, or nothing where the next is too near for another."""
    following = [*moments[1:], np.inf]
    return [
        f"{moment:.0f}" if after >= 1.6 * moment else ""
        for moment, after in zip(moments, following, strict=True)
    ]
