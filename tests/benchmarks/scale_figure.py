"""What a row costs each stage, among few rows and among many, as a picture."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures.style import (
    BLUE,
    FULL,
    GREY,
    VERMILION,
    axes_at,
    head,
    new_figure,
    tidy,
    write,
)
from tests.benchmarks.scale_report import LINEAR, costs

_LEFT, _TOP, _ROW = 150, 150, 48  # pixels


def draw(results: dict[str, Any]) -> Figure:
    """Return the figure, for three sizes."""
    stages = results["stages"]
    small, middle, large = (f"{int(rows):,}" for rows in next(iter(stages.values())))
    height = _ROW * len(stages)
    figure = new_figure(FULL, _TOP + height + 120)
    head(
        figure,
        "Time that each further row costs a stage",
        f"Blue: from {small} to {middle} rows; vermilion: from there to {large}; the bar ends at "
        f"{LINEAR} of blue.\nWhere vermilion is within it, time grows no faster than the rows",
    )
    _draw_costs(axes_at(figure, _LEFT, _TOP, FULL - _LEFT - 60, height), stages)
    made = results["machine"]
    told = f"{made['cores']} cores of {made['processor']}, {made['system']}; {made['date']}"
    write(figure, 24, _TOP + height + 80, told, fontsize=8.5, color=GREY)
    return figure


def _draw_costs(axes: Axes, stages: dict[str, Any]) -> None:
    """Draw what a row costs each stage, the stages one below the other."""
    for place, by_size in enumerate(reversed(stages.values())):
        few, many = (1e6 * cost for cost in costs(by_size))
        axes.plot([0, LINEAR * max(few, 0)], [place, place], color=GREY, linewidth=1)
        axes.plot(few, place, "o", color=BLUE)
        axes.plot(many, place, "o", color=VERMILION)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set_yticks(range(len(stages)), [*reversed(stages)])
    axes.set(ylim=(-0.6, len(stages) - 0.4))
    axes.set_xlabel("microseconds a row", fontsize=9)
    tidy(axes)
