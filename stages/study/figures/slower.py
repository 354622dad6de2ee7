"""What a smaller learning rate does, at both scales: the costs of one seed."""

from itertools import pairwise

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures.style import FULL, HALF, INK, axes_at, head, new_figure, tidy, trace, write
from stages.study.figures.colours import NAMES

Scores = npt.NDArray[np.float64]

_TOP, _SIZE = 152, (480, 400)
_TALL = 2.75  # nats, on the axis
_LINE = 26  # pixels that a name takes


def draw(costs: dict[str, dict[float, Scores]]) -> Figure:
    """Return the figure; costs: nats, (epochs,), by pixels and then by learning rate."""
    figure = new_figure(FULL, 640)
    note = (
        "One seed; cost on the training rows (mean cross-entropy, nats) before each epoch's update"
    )
    head(figure, "Smaller learning rates", note)
    for number, (name, by_rate) in enumerate(costs.items()):
        left = number * HALF + 92
        write(figure, left - 68, _TOP - 46, NAMES[name][0].upper() + NAMES[name][1:], fontsize=10)
        axes = axes_at(figure, left, _TOP, *_SIZE)
        _draw_panel(axes, by_rate)
        _name_ends(figure, left + _SIZE[0] + 12, by_rate)
        tidy(axes)
    return figure


def _draw_panel(axes: Axes, by_rate: dict[float, Scores]) -> None:
    """Draw the curves of one scale, the largest learning rate darkest."""
    # The palette cividis is made to look the same to colour-blind readers; its end is too pale.
    shades = matplotlib.colormaps["cividis"](np.linspace(0, 0.85, len(by_rate)))
    for shade, (rate, cost) in zip(shades, by_rate.items(), strict=True):
        epochs = np.arange(1, len(cost) + 1)
        trace(axes, epochs, cost, color=shade, linewidth=1.5, label=f"{rate:g}")
    axes.set(xlabel="epoch", ylim=(0, _TALL), xlim=(0, len(cost)))


def _name_ends(figure: Figure, left: int, by_rate: dict[float, Scores]) -> None:
    """Write each learning rate and its last cost beside its curve's end."""
    ends = [round(_SIZE[1] * (1 - cost[-1] / _TALL)) for cost in by_rate.values()]
    write(figure, left, _TOP - 34, "rate: last cost", fontsize=9)
    for down, (rate, cost) in zip(_apart(ends), by_rate.items(), strict=True):
        text = f"{rate:g}: {cost[-1]:.2f}"
        write(figure, left, _TOP + down, text, va="center", color=INK)


def _apart(places: list[int]) -> list[int]:
    """Return how far down each name goes: where it belongs, or a line above the one below it."""
    moved = list(places)
    order = sorted(range(len(places)), key=lambda number: -places[number])
    for below, above in pairwise(order):
        moved[above] = min(moved[above], moved[below] - _LINE)
    return moved
