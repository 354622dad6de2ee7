"""The post's run among ours: its curve over the bands, its test accuracy beside the others'."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter, ScalarFormatter

from stages.figures.style import INK, new_figure, tidy
from stages.study.figures.colours import COLOURS, NAMES
from stages.study.post import Post
from stages.study.summary import Band, inside

Scores = npt.NDArray[np.float64]


def draw(bands: dict[str, Band], test_accuracy: dict[str, Scores], post: Post) -> Figure:
    """Return the figure: costs in nats, (epochs,), and test accuracies, (runs,), by pixels."""
    figure = new_figure(11, 5)
    left, right = figure.subplots(1, 2, width_ratios=(5, 3))
    runs = len(next(iter(test_accuracy.values())))
    _draw_curves(left, bands, post.cost, runs)
    _draw_accuracies(right, test_accuracy, post.test_accuracy)
    for axes in (left, right):
        tidy(axes)
    right.grid(visible=False, axis="x")
    return figure


def _draw_curves(axes: Axes, bands: dict[str, Band], post_cost: Scores, runs: int) -> None:
    """Draw the post's cost over the bands, on a logarithmic scale: it ends far below its start."""
    for name, around in bands.items():
        epochs, colour = np.arange(1, len(around.lowest) + 1), COLOURS[name]
        held = inside(post_cost, around)
        label = (
            f"{runs} seeds, {NAMES[name]}: around the post\nin {held.sum()} of {len(held)} epochs"
        )
        axes.fill_between(
            epochs, around.lowest, around.highest, color=colour, alpha=0.4, lw=0, label=label
        )
    shown = post_cost[: len(epochs)]
    axes.plot(np.arange(1, len(shown) + 1), shown, color=INK, linewidth=1.1, label="the post")
    axes.set(title="Cost: the post over the range of our runs", xlabel="epoch", yscale="log")
    axes.set_ylabel("mean cross-entropy (nats), training rows")
    axes.yaxis.set_major_locator(FixedLocator([0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.set_xlim(0, len(epochs))
    axes.legend(frameon=False)


def _draw_accuracies(axes: Axes, test_accuracy: dict[str, Scores], published: float) -> None:
    """Draw each run as a dot, their mean as a bar, and the post as a line across."""
    for place, (name, values) in enumerate(test_accuracy.items()):
        spots = place + _aside(values)
        axes.hlines(values.mean(), place - 0.35, place + 0.35, color=COLOURS[name], linewidth=2.5)
        axes.scatter(spots, values, s=36, color=COLOURS[name], edgecolors="white", zorder=3)
    axes.axhline(published, color=INK, linewidth=1.5, linestyle="--", zorder=1)
    note, below = f"the post: {published:.2%}", (-2, -5)
    axes.annotate(
        note, (1.55, published), below, textcoords="offset points", ha="right", va="top", color=INK
    )
    axes.set(title="Accuracy on the test rows, a dot a seed", xlim=(-0.55, 1.55))
    means = [f"{NAMES[name]}\nmean {values.mean():.2%}" for name, values in test_accuracy.items()]
    axes.set_xticks(range(len(means)), means)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _aside(values: Scores, step: float = 0.07, near: float = 0.0009) -> Scores:
    """Return how far to shift each dot (runs,), so that those of near values stand side by side."""
    shifts = np.zeros(len(values))
    placed: list[tuple[float, float]] = []
    for index in np.argsort(values, kind="stable"):
        taken = {shift for value, shift in placed if values[index] - value < near}
        free = (sign * step * rank for rank in range(len(values)) for sign in (1, -1))
        shifts[index] = next(shift for shift in free if shift not in taken)
        placed.append((float(values[index]), float(shifts[index])))
    return shifts
