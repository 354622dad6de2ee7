"""The times of mini-batches as a picture: one field a job."""

from typing import Any

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
from tests.benchmarks.figure import settings_of

_LEFT, _TOP, _ROW, _GAP = 380, 150, 40, 110  # pixels


def draw_batches(results: dict[str, Any]) -> Figure:
    """Return the figure."""
    jobs, told = results["mini_batches"], settings_of(results)[1:]
    heights = [_ROW * len(job["table"]) for job in jobs]
    below = _TOP + sum(heights) + _GAP * len(jobs)
    figure = new_figure(FULL, below + 26 * len(told) + 20)
    head(
        figure,
        "Time of one epoch in batches of 128 with AdamW",
        f"{results['job']}, plain or deformed anew; dots: medians of {jobs[0]['rounds']} rounds; "
        "bars: from the lowest to the highest",
    )
    top = _TOP
    for job, height in zip(jobs, heights, strict=True):
        _draw(figure, job, top, height)
        top += height + _GAP
    for number, line in enumerate(told):
        write(figure, 24, below + 26 * number, line, fontsize=8.5, color=GREY)
    return figure


def _draw(figure: Figure, job: dict[str, Any], top: int, height: int) -> None:
    """Draw a job, its contestants one below the other."""
    dropout = f", dropout {job['dropout']:g}" if job["dropout"] else ""
    threads = "one thread" if job["threads"] == 1 else "a thread a core"
    title = f"{'-'.join(map(str, job['layers']))}{dropout}; {threads}"
    write(figure, _LEFT, top - 30, title, fontsize=10)
    axes = axes_at(figure, _LEFT, top, 1000, height)
    table = job["table"][::-1]
    for place, row in enumerate(table):
        median = row["median_ms"]
        spread = [[median - row["min_ms"]], [row["max_ms"] - median]]
        color = BLUE if row["name"] == "PyTorch" else VERMILION
        axes.errorbar(median, place, xerr=spread, color=color, marker="o", capsize=3)
        axes.annotate(told_time(median), (row["max_ms"], place), (6, 0), va="center",
                      textcoords="offset points", fontsize=9)  # fmt: skip
    names = [row["name"] + ("" if row["way"] == "plain" else f", {row['way']}") for row in table]
    axes.set_yticks(range(len(table)), names)
    axes.set(xlim=(0, 1.15 * max(row["max_ms"] for row in table)), ylim=(-0.6, len(table) - 0.4))
    axes.set_xlabel("milliseconds an epoch", fontsize=9)
    tidy(axes)


def told_time(median_ms: float) -> str:
    """Return a time to three digits or whole milliseconds."""
    return f"{median_ms:,.0f} ms" if median_ms >= 100 else f"{median_ms:.3g} ms"
