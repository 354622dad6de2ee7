"""Precision and recall of each digit."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import BLUE, GREY, VERMILION, new_figure, tidy
from stages.network.scores import ClassScores


def draw(scores: ClassScores) -> Figure:
    """Return the figure: two marks for each digit, joined by a line."""
    digits = np.arange(len(scores.support))
    figure = new_figure(8, 4.2)
    axes = figure.subplots()
    axes.vlines(digits, scores.precision, scores.recall, color=GREY, linewidth=1.5, zorder=1)
    axes.scatter(digits, scores.precision, s=60, color=BLUE, marker="o", label="precision")
    axes.scatter(digits, scores.recall, s=60, color=VERMILION, marker="D", label="recall")
    lowest = min(scores.precision.min(), scores.recall.min())
    axes.set(title="Precision and recall of each digit: test images", xlabel="digit")
    axes.set(xticks=digits, ylim=(max(0, np.floor(lowest * 20 - 0.5) / 20), 1.01))
    axes.set_xticklabels([f"{digit}\nof {n}" for digit, n in enumerate(scores.support)])
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.2))
    tidy(axes)
    return figure
