"""Cost and accuracy over the training; the blog post's published curve in a panel of its own."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from stages.figures.style import (
    BLUE,
    FULL,
    GREY,
    VERMILION,
    axes_at,
    head,
    new_figure,
    tidy,
    trace,
    write,
)

Scores = npt.NDArray[np.float64]

_LEFTS, _TOP = (100, 600, 1100), 150
_SIZE = (370, 330)
_POST = "its training rows: 30,000 others,\nraw pixels; "
_COST_TOP = 2.75  # nats; what the post's curve needs, and most runs


def draw(cost: Scores, accuracy: Scores, metrics: Mapping[str, float], post_cost: Scores) -> Figure:
    """Return the figure.

    cost, accuracy: (epochs,), before each epoch's update; costs in nats. metrics: those of the
    trained network, by their names in metrics.json. post_cost: (epochs of the post,).
    """
    figure = new_figure(FULL, 630)
    note = "Lines: before each epoch's update, as in history.csv. Marks: after the last one, "
    head(figure, "Learning curve", f"{note}as in metrics.json")
    left, middle, right = (axes_at(figure, left, _TOP, *_SIZE) for left in _LEFTS)
    _draw_run(left, cost, metrics, "cost")
    _draw_run(middle, accuracy, metrics, "accuracy")
    _draw_curve(right, post_cost, GREY, f"{_POST}{_told(post_cost[-1])} before\nthe last update")
    _set_cost_axis(left, max(*cost, metrics["train.cost"], metrics["test.cost"]))
    _set_cost_axis(right, post_cost.max())
    middle.set_ylim(0, 1)
    middle.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    titles = ("Cost: mean cross-entropy (nats)", "Accuracy", "Cost in the blog post (nats)")
    for axes, left_end, title in zip((left, middle, right), _LEFTS, titles, strict=True):
        write(figure, left_end - 76, _TOP - 48, title, fontsize=10)
        _finish(axes)
    return figure


def _draw_run(axes: Axes, values: Scores, metrics: Mapping[str, float], name: str) -> None:
    """Draw this run's curve, and what the trained network reaches."""
    _draw_curve(axes, values, BLUE, "training rows, each epoch")
    # The first is larger: where both are the same, both are seen.
    for rows, words, color, marker, size in (
        ("train", "training rows", BLUE, "o", 64),
        ("test", "test rows", VERMILION, "D", 22),
    ):
        end = metrics[f"{rows}.{name}"]
        label = f"{words}: {f'{end:.2%}' if name == 'accuracy' else _told(end)}"
        axes.scatter(len(values), end, s=size, color=color, marker=marker, label=label, zorder=3,
                     clip_on=False)  # fmt: skip


def _draw_curve(axes: Axes, values: Scores, color: str, label: str) -> None:
    """Draw a value for each epoch, at the number of those done before it."""
    marker = "." if len(values) == 1 else ""  # a line of one point is not to be seen
    trace(axes, np.arange(len(values)), values, color=color, linewidth=1.6, marker=marker,
              label=label)  # fmt: skip
    axes.set_xlim(0, len(values))


def _told(cost: float) -> str:
    """Return a cost as it is written in a key."""
    return f"{cost:.4f}" if cost < 1000 else f"{cost:.4g}"


def _set_cost_axis(axes: Axes, highest: float) -> None:
    """Set an axis from 0 to above the highest cost, the same for all runs where it can be."""
    axes.set_ylim(0, _COST_TOP if highest <= _COST_TOP else 1.05 * highest)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))


def _finish(axes: Axes) -> None:
    """Set what all panels share."""
    axes.set_xlabel("epochs done", fontsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(-0.02, -0.21),
                borderpad=0, borderaxespad=0, labelspacing=0.3)  # fmt: skip
    tidy(axes)
