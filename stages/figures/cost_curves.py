"""The cost curves of two runs."""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures.style import BLUE, GREY, new_figure, tidy

Scores = npt.NDArray[np.float64]


def draw(before: Scores, after: Scores, names: tuple[str, str]) -> Figure:
    """Return the figure. Costs are (epochs,) each, in nats, epoch 1 first; names in that order."""
    figure = new_figure(8, 4.2)
    axes = figure.subplots()
    # The first is wide and pale, so that both show where they are the same.
    styles = ((GREY, 4.0, 0.6), (BLUE, 1.5, 1.0))
    for cost, name, (color, width, alpha) in zip((before, after), names, styles, strict=True):
        label = f"{name}: {cost[-1]:.4f} at the end"
        epochs = np.arange(1, len(cost) + 1)
        axes.plot(epochs, cost, color=color, linewidth=width, alpha=alpha, label=label)
    axes.set(title="Cost on the training rows", xlabel="epoch", ylim=(0, None))
    axes.set_ylabel("mean cross-entropy (nats)")
    axes.legend(frameon=False)
    tidy(axes)
    return figure
