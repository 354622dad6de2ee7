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

_LEFT, _TOP, _WIDTH, _PITCH, _ASIDE = 440, 190, 470, 46, 90


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
    panels = ("added to the rungs below it", "left out of the top: what is lost")
    lefts = (_LEFT, _LEFT + _WIDTH + _ASIDE)
    for number, idea in enumerate(ideas):
        down = _TOP + _PITCH * number + _PITCH // 2
        write(figure, _LEFT - 14, down, idea.label, ha="right", va="center")
    for left, name, place in zip(lefts, panels, (0, 1), strict=True):
        write(figure, left, _TOP - 40, name, fontsize=10)
        axes = axes_at(figure, left, _TOP, _WIDTH, tall)
        _draw_panel(axes, [(idea.added, idea.left_out)[place] for idea in ideas])
    return figure


def _draw_panel(axes: Axes, differences: Sequence[Spread | None]) -> None:
    """Draw one column of differences."""
    axes.axvline(0, color=INK, linewidth=1)
    for number, one in enumerate(differences):
        if one is None:
            continue
        low, high = (one.mean if end is None else end for end in (one.low, one.high))
        colour = GREY if low <= 0 <= high else BLUE if low > 0 else VERMILION
        axes.hlines(number, 100 * low, 100 * high, color=colour, linewidth=4, alpha=0.6)
        axes.scatter([100 * one.mean], [number], s=34, color=colour, edgecolors="white", zorder=3)
        axes.annotate(
            _signed(100 * one.mean, ".2f"), (100 * high, number), (6, 0),
            textcoords="offset points", va="center", fontsize=8, color=INK,
        )  # fmt: skip
    # The largest differences would leave no room to tell the small ones apart.
    axes.set_xscale("symlog", linthresh=0.3, linscale=1)
    axes.set_ylim(len(differences) - 0.5, -0.5)
    axes.set_yticks([])
    ends = [100 * (one.high or one.mean) for one in differences if one]
    starts = [100 * (one.low or one.mean) for one in differences if one]
    axes.set_xlim(min([*starts, -0.3]) * 1.6, max([*ends, 0.3]) * 2.2)
    axes.set_xticks([tick for tick in (-10, -3, -1, -0.3, 0, 0.3, 1, 3, 10) if _within(axes, tick)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: _signed(tick, "g")))
    axes.minorticks_off()
    axes.set_xlabel("points of accuracy", fontsize=9)
    tidy(axes)
    axes.spines["left"].set_visible(False)


def _signed(number: float, digits: str) -> str:
    """Return a number with its sign."""
    return f"{number:+{digits}}".replace("-", "−") if number else "0"


def _within(axes: Axes, tick: float) -> bool:
    """Tell whether a tick is on the horizontal axis."""
    low, high = axes.get_xlim()
    return low <= tick <= high
