"""A share of the first layer over training, at both scales."""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import INK, new_figure, tidy
from stages.study.figures.colours import COLOURS, NAMES

Scores = npt.NDArray[np.float64]


def draw(title: str, what: str, moments: Scores, shares: dict[str, Scores]) -> Figure:
    """Return the figure.

    moments: (k,) epochs, rising, the first 0. shares: by pixels, (runs, k), each from 0 to 1.
    """
    figure = new_figure(6.5, 3.8)
    axes = figure.subplots()
    for name, values in shares.items():
        low, middle, high = values.min(axis=0), values.mean(axis=0), values.max(axis=0)
        axes.fill_between(moments, low, high, color=COLOURS[name], alpha=0.3, lw=0)
        axes.plot(moments, middle, color=COLOURS[name], marker="o", markersize=4, linewidth=2)
        text = f"{NAMES[name]}: {middle[0]:.1%} at first, {middle[-1]:.1%} at last"
        # Below a curve at the top, above one at the bottom.
        offset = (0, -14 if middle.mean() > 0.5 else 14)
        spot = (moments[-1], low[-1] if middle.mean() > 0.5 else high[-1])
        axes.annotate(
            text, spot, offset, textcoords="offset points", ha="right", va="center", color=INK
        )
    # The beginning happens fast: straight up to epoch 1, logarithmic from there.
    axes.set_xscale("symlog", linthresh=1)
    # Of neighbours too near for two numbers the later one has its number.
    axes.set_xticks(moments, _labels(moments), fontsize=9)
    axes.minorticks_off()
    axes.set(title=title, xlabel="after epoch", ylabel=what, ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    tidy(axes)
    return figure


def _labels(moments: Scores) -> list[str]:
    """Return the number of each moment, or nothing where the next is less than 1.6 times it."""
    following = [*moments[1:], np.inf]
    return [
        f"{moment:.0f}" if next_moment >= 1.6 * moment else ""
        for moment, next_moment in zip(moments, following, strict=True)
    ]
