"""How the rungs learn: accuracy on the validation rows over the epochs, a line a rung."""

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures.style import FULL, axes_at, head, new_figure, tidy, trace, write
from stages.study.ladder.figures.accuracy_axis import place, up

_LEFT, _TOP, _SIZE = 100, 116, (920, 560)
_LINE = 30  # pixels that a name takes


class Course(NamedTuple):
    """A rung: its label, the epochs (k,) and the mean of its seeds' accuracies there (k,)."""

    label: str
    epochs: npt.NDArray[np.int64]
    accuracy: npt.NDArray[np.float64]


def draw(courses: Sequence[Course]) -> Figure:
    """Return the figure, the lowest rung palest."""
    figure = new_figure(FULL, _TOP + _SIZE[1] + 84)
    note = "Accuracy on the validation rows after each epoch, the mean of the seeds."
    head(figure, "How the rungs learn", note)
    axes = axes_at(figure, _LEFT, _TOP, *_SIZE)
    # The palette cividis is made to look the same to colour-blind readers; its end is too pale.
    shades = matplotlib.colormaps["cividis"](np.linspace(0.85, 0, len(courses)))
    for shade, course in zip(shades, courses, strict=True):
        places = [place(float(one)) for one in course.accuracy]
        trace(axes, course.epochs, places, color=shade, linewidth=1.8)
    up(axes, [float(np.clip(one, 0.6, 0.999)) for course in courses for one in course.accuracy])
    axes.set_xscale("log")
    last = max(int(course.epochs[-1]) for course in courses)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if tick <= last]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlim(1, last)
    axes.set_xlabel("epoch (each doubling equally wide)", fontsize=9)
    tidy(axes)
    _name_ends(figure, courses, shades, axes.get_ylim())
    return figure


def _name_ends(
    figure: Figure,
    courses: Sequence[Course],
    shades: npt.NDArray[np.float64],
    ends: tuple[float, float],
) -> None:
    """Write each rung's name beside its curve's end, the names a line apart at least."""
    low, high = ends
    wanted = [
        _TOP + _SIZE[1] * (high - place(float(course.accuracy[-1]))) / (high - low)
        for course in courses
    ]
    for course, shade, down in zip(courses, shades, _apart(wanted), strict=True):
        write(
            figure, _LEFT + _SIZE[0] + 16, round(down), course.label, va="center",
            color=tuple(shade[:3]),
        )  # fmt: skip


def _apart(wanted: Sequence[float]) -> list[float]:
    """Return how far down each name goes: near where it belongs, a line apart, beside the axes."""
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    found = list(wanted)
    free = float(_TOP)
    for number in order:  # from the top down, and then up again from the bottom
        found[number] = max(found[number], free)
        free = found[number] + _LINE
    free = float(_TOP + _SIZE[1])
    for number in reversed(order):
        found[number] = min(found[number], free)
        free = found[number] - _LINE
    return found
