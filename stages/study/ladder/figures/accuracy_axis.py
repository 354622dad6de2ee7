"""An axis of accuracies on which each halving of the errors is equally wide."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

_TICKS = (0.5, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995)


def place(accuracy: float) -> float:
    """Return where an accuracy below 1 is on the axis."""
    return -math.log2(1 - min(accuracy, 0.9999))


def across(axes: Axes, accuracies: Sequence[float]) -> None:
    """Have the horizontal axis reach over some accuracies, with ticks at round ones."""
    low, high = place(min(accuracies)) - 0.25, place(max(accuracies)) + 0.25
    shown = [tick for tick in _TICKS if low <= place(tick) <= high]
    axes.set_xlim(low, high)
    axes.set_xticks([place(tick) for tick in shown], [f"{100 * tick:g} %" for tick in shown])


def up(axes: Axes, accuracies: Sequence[float]) -> None:
    """Have the vertical axis reach over some accuracies, with ticks at round ones."""
    low, high = place(min(accuracies)) - 0.1, place(max(accuracies)) + 0.25
    shown = [tick for tick in _TICKS if low <= place(tick) <= high]
    axes.set_ylim(low, high)
    axes.set_yticks([place(tick) for tick in shown], [f"{100 * tick:g} %" for tick in shown])
