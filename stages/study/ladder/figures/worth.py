"""What each idea is worth: added to the rungs below it, and left out of the top."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

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
from stages.study.ladder.intervals import Spread

_LEFT, _TOP, _WIDTH, _PITCH, _ASIDE = 440, 190, 400, 46, 130


class Idea(NamedTuple):
    """An idea: what it adds to the rungs below, and what the top loses without it, if known."""

    label: str
    added: Spread | None
    left_out: Spread | None


def draw(ideas: Sequence[Idea]) -> Figure:
    """Return the figure, a row an idea; differences are shares of the test rows."""
    tall = _PITCH * len(ideas)
    figure = new_figure(FULL, _TOP + tall + 100)
    note = (
        "Points of test accuracy, seed by seed: the mean difference and its 95 % interval. Grey "
        "where the interval holds 0:\nthe seeds do not show that the idea does anything there."
    )
    head(figure, "What each idea is worth", note)
    for number, idea in enumerate(ideas):
        down = _TOP + _PITCH * number + _PITCH // 2
        write(figure, _LEFT - 14, down, idea.label, ha="right", va="center")
    added, left_out = ([idea.added for idea in ideas], [idea.left_out for idea in ideas])
    _draw_panel(figure, _LEFT, "added to the rungs below it", added)
    right = _LEFT + _WIDTH + _ASIDE
    _draw_panel(figure, right, "left out of the top: what is lost", left_out)
    return figure


def _draw_panel(
    figure: Figure, left: int, title: str, differences: Sequence[Spread | None]
) -> None:
    """Draw one column of differences, and their numbers beside it."""
    write(figure, left, _TOP - 40, title, fontsize=10)
    axes = axes_at(figure, left, _TOP, _WIDTH, _PITCH * len(differences))
    axes.axvline(0, color=INK, linewidth=1)
    for number, one in enumerate(differences):
        if one:
            _draw_difference(axes, number, one)
            down = _TOP + _PITCH * number + _PITCH // 2
            write(figure, left + _WIDTH + 12, down, _signed(100 * one.mean, ".2f"), va="center")
    _scale(axes, [one for one in differences if one])
    axes.set_ylim(len(differences) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlabel("points of accuracy", fontsize=9)
    tidy(axes)
    axes.spines["left"].set_visible(False)


def _draw_difference(axes: Axes, number: int, one: Spread) -> None:
    """Draw a mean difference and its interval."""
    low, high = (one.mean if end is None else end for end in (one.low, one.high))
    colour = GREY if low <= 0 <= high else BLUE if low > 0 else VERMILION
    axes.hlines(number, 100 * low, 100 * high, color=colour, linewidth=4, alpha=0.6)
    axes.scatter([100 * one.mean], [number], s=34, color=colour, edgecolors="white", zorder=3)


def _scale(axes: Axes, differences: Sequence[Spread]) -> None:
    """Have the axis reach over all differences, wide near 0 and narrow where they are large."""
    ends = [100 * (end or 0.0) for one in differences for end in (one.mean, one.low, one.high)]
    low, high = 1.4 * min([*ends, -0.3]), 1.4 * max([*ends, 0.3])
    axes.set_xscale("symlog", linthresh=0.3, linscale=1)
    axes.set_xlim(low, high)
    axes.set_xticks([tick for tick in (-10, -1, 0, 1, 10) if low <= tick <= high])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: _signed(tick, "g")))
    axes.minorticks_off()


def _signed(number: float, digits: str) -> str:
    """Return a number with its sign."""
    return f"{number:+{digits}}".replace("-", "−") if number else "0"
