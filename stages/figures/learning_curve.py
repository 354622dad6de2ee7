"""Cost and training accuracy against epoch, with the blog post's published curve behind."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import BLUE, GREY, INK, new_figure, tidy

Scores = npt.NDArray[np.float64]


def draw(cost: Scores, accuracy: Scores, post_cost: Scores) -> Figure:
    """Return the figure. All arrays are (epochs,), epoch 1 first; costs in nats."""
    figure = new_figure(10, 4.2)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_cost(left, cost, post_cost)
    _draw_course(right, accuracy, "")
    right.set(title="Accuracy on the training rows", xlabel="epoch", ylim=(0, 1))
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    _name_end(right, accuracy, f"{accuracy[-1]:.1%}")
    tidy(right)
    return figure


def _draw_cost(axes: Axes, cost: Scores, post_cost: Scores) -> None:
    """Draw both curves; the post's stays behind."""
    label = "the blog post (30,000 rows of raw pixels)"
    axes.plot(np.arange(1, len(post_cost) + 1), post_cost, color=GREY, linewidth=1, label=label)
    _draw_course(axes, cost, "this run")
    axes.set(title="Cost on the training rows", xlabel="epoch", ylim=(0, None))
    axes.set_ylabel("mean cross-entropy (nats)")
    axes.legend(frameon=False)
    _name_end(axes, cost, f"{cost[-1]:.3f}" if cost[-1] < 1000 else f"{cost[-1]:.2g}")
    tidy(axes)


def _draw_course(axes: Axes, values: Scores, label: str) -> None:
    """Draw this run's curve."""
    marker = "o" if len(values) == 1 else ""  # a line of one point is not to be seen
    epochs = np.arange(1, len(values) + 1)
    axes.plot(epochs, values, color=BLUE, linewidth=2, marker=marker, label=label)


def _name_end(axes: Axes, values: Scores, text: str) -> None:
    """Write a curve's last value below its end."""
    axes.annotate(
        text,
        (len(values), values[-1]),
        (0, -14),
        textcoords="offset points",
        ha="right",
        color=INK,
    )
