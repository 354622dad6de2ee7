"""The ladder as a chart: the test accuracy of each rung, and what others reached as lines."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures.style import (
    BLUE,
    FULL,
    GREY,
    INK,
    VERMILION,
    axes_at,
    head,
    new_figure,
    tidy,
    write,
)
from stages.study.ladder.figures.accuracy_axis import across, place
from stages.study.ladder.intervals import Spread

_LEFT, _TOP, _WIDTH, _PITCH = 440, 190, 840, 46


class Line(NamedTuple):
    """An accuracy drawn as a line, and its name."""

    accuracy: float
    name: str


def draw(rungs: Sequence[tuple[str, Spread]], lines: Sequence[Line]) -> Figure:
    """Return the figure; rungs: labels and accuracies, the lowest rung first."""
    tall = _PITCH * len(rungs)
    figure = new_figure(FULL, _TOP + tall + 90)
    note = (
        "Accuracy on the test rows: mean of the seeds, the interval of the mean (95 %, thick) and "
        "that of one more seed (99 %, thin).\nEach rung keeps all ideas of those above it. On the "
        "axis every halving of the errors is equally wide."
    )
    head(figure, "What each idea adds to the same 13,002 numbers", note)
    axes = axes_at(figure, _LEFT, _TOP, _WIDTH, tall)
    for number, (label, spread) in enumerate(rungs):
        down = _TOP + _PITCH * number + _PITCH // 2
        write(figure, _LEFT - 14, down, label, ha="right", va="center")
        write(figure, _LEFT + _WIDTH + 16, down, _told(spread), va="center", fontsize=9)
        _draw_spread(axes, number, spread)
    _draw_lines(axes, lines)
    ends = [end for _, one in rungs for end in (one.next_low, one.mean, one.next_high) if end]
    across(axes, [*(min(max(end, 0.5), 0.999) for end in ends), *(one.accuracy for one in lines)])
    axes.set_ylim(len(rungs) - 0.5, -0.5)
    axes.set_yticks([])
    tidy(axes)
    axes.spines["left"].set_visible(False)
    return figure


def _told(spread: Spread) -> str:
    """Return a mean with its standard deviation."""
    mean = f"{100 * spread.mean:.2f} %"
    return mean if spread.std is None else f"{mean} ± {100 * spread.std:.2f}"


def _draw_spread(axes: Axes, number: int, spread: Spread) -> None:
    """Draw one rung's mean and its intervals."""
    ends = (spread.next_low, spread.next_high), (spread.low, spread.high)
    for (low, high), width in zip(ends, (1.2, 5), strict=True):
        if low is not None and high is not None:
            axes.hlines(number, place(low), place(high), color=BLUE, linewidth=width)
    axes.scatter([place(spread.mean)], [number], s=34, color=BLUE, edgecolors="white", zorder=3)


def _draw_lines(axes: Axes, lines: Sequence[Line]) -> None:
    """Draw what others reached, each name at the top of its line."""
    for number, line in enumerate(sorted(lines)):
        colour = VERMILION if number == 0 else GREY
        axes.axvline(place(line.accuracy), color=colour, linewidth=1.3, linestyle="--", zorder=1)
        text = f"{line.name}\n{100 * line.accuracy:.2f} %"
        axes.annotate(
            text, (place(line.accuracy), 1), (0, 6), textcoords="offset points", ha="center",
            va="bottom", xycoords=("data", "axes fraction"), fontsize=8, color=INK,
        )  # fmt: skip
