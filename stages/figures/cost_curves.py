"""The cost curves of two runs."""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from stages.figures.style import BLUE, FULL, VERMILION, axes_at, head, new_figure, tidy, trace

Scores = npt.NDArray[np.float64]


def draw(before: Scores, after: Scores, names: tuple[str, str]) -> Figure:
    """Return the figure. Costs are (epochs,) each, in nats, epoch 1 first; names in that order."""
    figure = new_figure(FULL, 640)
    note = "Mean cross-entropy (nats), before each epoch's update"
    head(figure, "Cost on the training rows", note)
    axes = axes_at(figure, 90, 100, 1380, 380)
    # The first is wide and pale, so that both show where they are the same.
    styles = ((VERMILION, 5.0, 0.45), (BLUE, 1.5, 1.0))
    for cost, name, (color, width, alpha) in zip((before, after), names, styles, strict=True):
        label = f"{name}: {cost[-1]:.4f} in epoch {len(cost)}"
        marker = "o" if len(cost) == 1 else ""  # a line of one point is not to be seen
        epochs = np.arange(1, len(cost) + 1)
        trace(axes, epochs, cost, color=color, linewidth=width, alpha=alpha, label=label,
                  marker=marker, markersize=3 + 2 * width, clip_on=False)  # fmt: skip
    top = 1.05 * max(*before, *after)
    axes.set(xlabel="epoch", xlim=(0, max(len(before), len(after))), ylim=(0, top or 1))
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True, steps=[1, 2, 5, 10]))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(-0.01, -0.17), borderaxespad=0)
    tidy(axes)
    return figure
