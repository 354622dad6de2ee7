"""Cost and accuracy over the training; the blog post's published curve in a panel of its own.

Where the learning rate is not constant, as it was in the post, it has the place of that curve.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from stages.figures.style import (
    BLUE,
    FULL,
    GREEN,
    GREY,
    INK,
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
_HEIGHT = 654
_MORE = 54  # pixels down that the key needs where rows validate


class Run(NamedTuple):
    """A training, costs in nats.

    course: (epochs,) each, by their names in history.csv; what is of the rows that validate, and
    the learning rate, may be absent. metrics: those of the trained network, by their names in
    metrics.json. snapshots: (k,) each, by their names in snapshots.csv.
    """

    course: Mapping[str, Scores]
    metrics: Mapping[str, float]
    snapshots: Mapping[str, Scores]


def draw(run: Run, post_cost: Scores) -> Figure:
    """Return the figure. post_cost: (epochs of the post,)."""
    figure = new_figure(FULL, _HEIGHT + (_MORE if "validation_cost" in run.course else 0))
    head(figure, "Learning curve", _note(run.course))
    panels = _panels(run, post_cost)
    for left, (title, draw_on) in zip(_LEFTS, panels.items(), strict=True):
        axes = axes_at(figure, left, _TOP, *_SIZE)
        draw_on(axes)
        write(figure, left - 76, _TOP - 48, title, fontsize=10)
        _finish(axes)
    return figure


def _note(course: Mapping[str, Scores]) -> str:
    """Say what lines and marks are; the post's own training has one update an epoch."""
    if not course.keys() & {"validation_cost", "learning_rate"}:
        lines = "Lines: before each epoch's update, as in history.csv. Marks: after it, as in "
        return f"{lines}snapshots.csv and, at the end, in metrics.json"
    others = ", validation rows after each epoch" if "validation_cost" in course else ""
    lines = f"Lines: training rows before each update{others} (history.csv)"
    return f"{lines}. Marks: the network (snapshots.csv, metrics.json)"


def _panels(run: Run, post_cost: Scores) -> Mapping[str, Callable[[Axes], None]]:
    """Return what draws each panel, by its title, from left to right."""
    cost = {"Cost: mean cross-entropy (nats)": partial(_draw_costs, run)}
    accuracy, rate = {"Accuracy": partial(_draw_accuracies, run)}, run.course.get("learning_rate")
    if rate is not None:
        return cost | {"Learning rate": partial(_draw_rate, rate)} | accuracy
    return cost | accuracy | {"Cost in the blog post (nats)": partial(_draw_post, post_cost)}


def _draw_costs(run: Run, axes: Axes) -> None:
    """Draw the panel of costs."""
    _draw_run(axes, run, "cost")
    names = [name for name in ("cost", "validation_cost") if name in run.course]
    curves = [*(run.course[name] for name in names), run.snapshots["cost"]]
    ends = run.metrics["train.cost"], run.metrics["test.cost"]
    _set_cost_axis(axes, max(*ends, *(curve.max() for curve in curves)))


def _draw_accuracies(run: Run, axes: Axes) -> None:
    """Draw the panel of accuracies."""
    _draw_run(axes, run, "accuracy")
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _draw_post(cost: Scores, axes: Axes) -> None:
    """Draw the panel of the post's costs."""
    _draw_curve(axes, cost, GREY, f"{_POST}{_told(cost[-1])} before\nthe last update")
    _set_cost_axis(axes, cost.max())


def _draw_rate(rate: Scores, axes: Axes) -> None:
    """Draw the panel of the learning rate."""
    _draw_curve(axes, rate, INK, "of each epoch's last step", done=1)
    axes.set_ylim(0, 1.05 * rate.max() or 1)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))


def _draw_run(axes: Axes, run: Run, name: str) -> None:
    """Draw this run's curves, what it came to on its way, and what the trained network reaches."""
    _draw_curve(axes, run.course[name], BLUE, "training rows, each epoch")
    validation = run.course.get(f"validation_{name}")
    if validation is not None:
        best = f":\nlowest {_told(validation.min())} after epoch {validation.argmin() + 1}"
        label = f"validation rows, each epoch{best if name == 'cost' else ''}"
        _draw_curve(axes, validation, GREEN, label, done=1)
    _draw_snapshots(axes, run.snapshots, name)
    # The first is larger: where both are the same, both are seen.
    for rows, words, color, marker, size in (
        ("train", "training rows", BLUE, "o", 64),
        ("test", "test rows", VERMILION, "D", 22),
    ):
        end = run.metrics[f"{rows}.{name}"]
        label = f"{words}: {f'{end:.2%}' if name == 'accuracy' else _told(end)}"
        axes.scatter(len(run.course[name]), end, s=size, color=color, marker=marker, label=label,
                     zorder=3, clip_on=False)  # fmt: skip


def _draw_snapshots(axes: Axes, snapshots: Mapping[str, Scores], name: str) -> None:
    """Draw what the network came to on its way; its end has a mark already."""
    epochs, values = snapshots["epoch"][:-1], snapshots[name][:-1]
    if len(epochs):
        axes.scatter(epochs, values, s=22, marker="D", facecolors="white", edgecolors=VERMILION,
                     label="test rows, after some epochs", zorder=3, clip_on=False)  # fmt: skip


def _draw_curve(axes: Axes, values: Scores, color: str, label: str, done: int = 0) -> None:
    """Draw a value for each epoch, at the number of those done by then: `done` at the first."""
    marker = "." if len(values) == 1 else ""  # a line of one point is not to be seen
    trace(axes, np.arange(done, len(values) + done), values, color=color, linewidth=1.6,
          marker=marker, label=label)  # fmt: skip
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
