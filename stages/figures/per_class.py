"""Precision and recall of each digit, with what the sample's size leaves open."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, PercentFormatter

from stages.figures.interval import wilson
from stages.figures.style import BLUE, HALF, VERMILION, axes_at, head, new_figure, tidy, write

Counts = npt.NDArray[np.int64]

_TOP = 128
_ROW = 58  # pixels from one digit to the next
_APART = 0.16  # rows between a digit and its two marks


def draw(confusion: Counts) -> Figure:
    """Return the figure of a matrix (actual, predicted) of counts: two marks for each digit.

    A share of nothing has no mark: precision where no image is read as the digit, recall where
    none shows it.
    """
    hits, support = confusion.diagonal(), confusion.sum(axis=1)
    n = len(hits)
    figure = new_figure(HALF, _TOP + n * _ROW + 168)
    note = "Test images. Bars: 95% intervals for so many images (Wilson)"
    head(figure, "Precision and recall of each digit", note)
    axes = axes_at(figure, 138, _TOP, 570, n * _ROW)
    write(figure, 24, _TOP - 30, "digit (its images)", fontsize=10)
    recall = _draw_shares(axes, hits, support, _APART, "recall: right, of all that show the digit")
    precision = _draw_shares(
        axes, hits, confusion.sum(axis=0), -_APART, "precision: right, of all read as the digit"
    )
    _draw_scale(axes, min(recall, precision))
    names = [f"{digit}  ({count:,})" for digit, count in enumerate(support)]
    axes.set_yticks(range(n), names)
    axes.set_ylim(n - 0.5, -0.5)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(-0.02, -0.13),
                borderpad=0, borderaxespad=0, reverse=True)  # fmt: skip
    tidy(axes)
    axes.grid(visible=False, axis="y")
    return figure


def _draw_shares(axes: Axes, hits: Counts, of: Counts, aside: float, label: str) -> float:
    """Draw the shares hits / of, (n,), each with its interval; return the lowest end."""
    (digits,) = np.nonzero(of)
    share = hits[digits] / of[digits]
    low, high = wilson(hits[digits], of[digits])
    color, marker = (BLUE, "o") if aside < 0 else (VERMILION, "D")
    axes.hlines(digits + aside, low, high, color=color, linewidth=1.9, alpha=0.55, snap=True)
    axes.scatter(share, digits + aside, s=34, color=color, marker=marker, label=label, zorder=3,
                 clip_on=False)  # fmt: skip
    return min(low, default=0)


def _draw_scale(axes: Axes, lowest: float) -> None:
    """Set an axis that ends at 100 % and starts at 0, or says that it does not."""
    start = 0 if lowest < 0.5 else int(lowest * 10) * 10
    axes.set_xlim(start / 100, 1)
    step = 20 if start == 0 else 10 if start < 80 else 5
    axes.xaxis.set_major_locator(FixedLocator([at / 100 for at in range(start, 101, step)]))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_xlabel("share" if start == 0 else f"share (the axis starts at {start}%, not at 0)")
