"""The post's run among ours: its curve over the bands, its test accuracy beside the others'."""

import math

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import FULL, INK, axes_at, head, new_figure, tidy, trace, write
from stages.study.figures.colours import BOTH, COLOURS, NAMES, TINTS
from stages.study.post import Post
from stages.study.summary import Band, inside

Scores = npt.NDArray[np.float64]


def draw(bands: dict[str, Band], test_accuracy: dict[str, Scores], post: Post) -> Figure:
    """Return the figure: costs in nats, (epochs,), and test accuracies, (runs,), by pixels."""
    figure = new_figure(FULL, 880)
    runs = len(next(iter(test_accuracy.values())))
    note = (
        f"{runs} seeds at each pixel scale; a band reaches from the lowest to the highest of them"
    )
    head(figure, "The post's run among ours", note)
    above, below = (axes_at(figure, 90, top, 830, 250) for top in (136, 470))
    right = axes_at(figure, 1050, 136, 420, 584)
    write(figure, 24, 98, "Cost on the training rows: mean cross-entropy (nats)", fontsize=10)
    write(figure, 24, 428, "The same, divided by the median of the raw runs", fontsize=10)
    write(figure, 984, 98, "Accuracy on the test rows, a dot a seed", fontsize=10)
    median = bands["raw"].median
    _draw_curves(above, bands, post.cost, np.ones(len(median)))
    _draw_curves(below, bands, post.cost, median)
    above.set_ylim(0, None)
    below.set_xlabel("epoch", fontsize=9)
    below.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    _draw_key(below)
    _draw_accuracies(right, test_accuracy, post.test_accuracy)
    for axes in (above, below, right):
        tidy(axes)
    right.grid(visible=False, axis="x")
    return figure


def _draw_curves(axes: Axes, bands: dict[str, Band], post_cost: Scores, unit: Scores) -> None:
    """Draw the post's cost over the bands, both divided by `unit` (epochs,)."""
    for name, around in bands.items():
        held = inside(post_cost, around)
        label = f"{NAMES[name]}: around the post in {held.sum()} of {len(held)} epochs"
        _fill(axes, around.lowest / unit, around.highest / unit, TINTS[name], label)
    lowest = np.maximum.reduce([around.lowest for around in bands.values()])
    highest = np.minimum.reduce([around.highest for around in bands.values()])
    _fill(axes, lowest / unit, highest / unit, BOTH, "both bands")
    shown = post_cost[: len(unit)]
    curve = shown / unit[: len(shown)]
    epochs = np.arange(1, len(shown) + 1)
    trace(axes, epochs, curve, color=INK, linewidth=1.1, label="the post")
    axes.set_xlim(0, len(unit))


def _fill(axes: Axes, lowest: Scores, highest: Scores, colour: str, label: str) -> None:
    """Fill what lies between two curves (epochs,), but not where the first is the higher one."""
    epochs = np.arange(1, len(lowest) + 1)
    axes.fill_between(epochs, lowest, highest, lowest <= highest, color=colour, lw=0, label=label)


def _draw_key(axes: Axes) -> None:
    """Name the bands, their overlap and the curve, below the axes."""
    axes.legend(frameon=False, fontsize=9, ncols=2, loc="upper left", borderaxespad=0,
                bbox_to_anchor=(-0.08, -0.26))  # fmt: skip


def _draw_accuracies(axes: Axes, test_accuracy: dict[str, Scores], published: float) -> None:
    """Draw each run as a dot, their mean as a bar, and the post as a line across."""
    means = {name: math.fsum(values) / len(values) for name, values in test_accuracy.items()}
    for place, (name, values) in enumerate(test_accuracy.items()):
        spots = place + _aside(values)
        axes.hlines(means[name], place - 0.35, place + 0.35, color=COLOURS[name], linewidth=2.5)
        axes.scatter(spots, values, s=36, color=COLOURS[name], edgecolors="white", zorder=3)
    axes.axhline(published, color=INK, linewidth=1.5, linestyle="--", zorder=1)
    note, below = f"the post: {published:.2%}", (-2, -5)
    axes.annotate(
        note, (1.55, published), below, textcoords="offset points", ha="right", va="top", color=INK
    )
    axes.set_xlim(-0.55, len(means) - 0.45)
    names = [f"{NAMES[name]}\nmean {mean:.2%}" for name, mean in means.items()]
    axes.set_xticks(range(len(names)), names)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _aside(values: Scores, step: float = 0.07, near: float = 0.0013) -> Scores:
    """Return how far to shift each dot (runs,), so that those of near values stand side by side."""
    shifts = np.zeros(len(values))
    placed: list[tuple[float, float]] = []
    for index in np.argsort(values, kind="stable"):
        taken = {shift for value, shift in placed if values[index] - value < near}
        free = (sign * step * rank for rank in range(len(values)) for sign in (1, -1))
        shifts[index] = next(shift for shift in free if shift not in taken)
        placed.append((float(values[index]), float(shifts[index])))
    return shifts
