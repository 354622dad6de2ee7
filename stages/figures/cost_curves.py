"""The cost curves of two runs."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from stages.figures.style import BLUE, FULL, VERMILION, axes_at, head, new_figure, tidy, trace

Course = Mapping[str, npt.NDArray[np.float64]]

_COST, _VALIDATION = "cost", "validation_cost"


def draw(before: Course, after: Course, names: tuple[str, str]) -> Figure:
    """Return the figure of two courses, each (epochs,) by their names in history.csv.

    Costs are in nats; where rows validated, theirs is dotted. names: of the two, in that order.
    """
    figure = new_figure(FULL, 640)
    note = "Mean cross-entropy (nats), before each update"
    if any(_VALIDATION in course for course in (before, after)):
        note += "; dotted: on the rows that validate, after each epoch"
    head(figure, "Cost on the training rows", note)
    axes = axes_at(figure, 90, 100, 1380, 380)
    # The first is wide and pale, so that both show where they are the same.
    _draw_course(axes, before, names[0], VERMILION, 5.0, 0.45)
    _draw_course(axes, after, names[1], BLUE, 1.5, 1.0)
    top = 1.05 * max(float(np.max(line.get_ydata())) for line in axes.lines)
    epochs = max(len(before[_COST]), len(after[_COST]))
    axes.set(xlabel="epoch", xlim=(0, epochs), ylim=(0, top or 1))
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True, steps=[1, 2, 5, 10]))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(-0.01, -0.17), borderaxespad=0)
    tidy(axes)
    return figure


def _draw_course(
    axes: Axes, course: Course, name: str, color: str, width: float, alpha: float
) -> None:
    """Draw the costs of a course."""
    cost = course[_COST]
    label = f"{name}: {cost[-1]:.4f} in epoch {len(cost)}"
    marker = "o" if len(cost) == 1 else ""  # a line of one point is not to be seen
    epochs = np.arange(1, len(cost) + 1)
    trace(axes, epochs, cost, color=color, linewidth=width, alpha=alpha, label=label,
          marker=marker, markersize=3 + 2 * width, clip_on=False)  # fmt: skip
    if _VALIDATION in course:
        trace(axes, epochs, course[_VALIDATION], color=color, linewidth=width, alpha=alpha,
              linestyle=":", clip_on=False)  # fmt: skip
