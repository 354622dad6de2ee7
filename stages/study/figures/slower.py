"""What a smaller learning rate does, at both scales: the costs of one seed."""

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures.style import INK, new_figure, tidy
from stages.study.figures.colours import NAMES

Scores = npt.NDArray[np.float64]


def draw(costs: dict[str, dict[float, Scores]]) -> Figure:
    """Return the figure; costs: nats, (epochs,), by pixels and then by learning rate."""
    figure = new_figure(9, 3.9)
    panels = figure.subplots(1, len(costs), sharey=True)
    for axes, (name, by_rate) in zip(panels, costs.items(), strict=True):
        _draw_panel(axes, by_rate)
        axes.set(title=NAMES[name][0].upper() + NAMES[name][1:], xlabel="epoch", ylim=(0, 2.75))
        tidy(axes)
    panels[0].set_ylabel("mean cross-entropy (nats)")
    panels[0].legend(title="learning rate", frameon=False, ncols=2, loc="lower left", fontsize=8)
    return figure


def _draw_panel(axes: Axes, by_rate: dict[float, Scores]) -> None:
    """Draw the curves of one scale, the largest learning rate darkest."""
    # The palette cividis is made to look the same to colour-blind readers; its end is too pale.
    shades = matplotlib.colormaps["cividis"](np.linspace(0, 0.85, len(by_rate)))
    for shade, (rate, cost) in zip(shades, by_rate.items(), strict=True):
        axes.plot(np.arange(1, len(cost) + 1), cost, color=shade, linewidth=1.3, label=f"{rate:g}")
        axes.annotate(
            f"{cost[-1]:.2f}",
            (len(cost), cost[-1]),
            (3, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=8,
        )
