"""The benchmark as a picture."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from stages.figures.style import (
    BLUE,
    FULL,
    GREY,
    VERMILION,
    axes_at,
    head,
    new_figure,
    tidy,
    trace,
    write,
)

OURS = "this project"

_LEFT, _TOP, _ROW = 310, 130, 48  # pixels


def draw(results: dict[str, Any]) -> Figure:
    """Return the figure: times of all contestants, ours for more rows, and what it all ran with."""
    table = results["scales"]["255"]
    present = [name for name, row in table.items() if "missing" not in row]
    height = max(6, len(present)) * _ROW
    settings = settings_of(results)
    figure = new_figure(FULL, _TOP + height + 120 + 26 * len(settings))
    head(
        figure,
        "Time of one epoch of training",
        "Dots: medians; bars: from the lowest to the highest",
    )
    _draw_times(axes_at(figure, _LEFT, _TOP, 560, height), {name: table[name] for name in present})
    _draw_scaling(axes_at(figure, 1000, _TOP, 460, height), results["scaling"])
    write(figure, _LEFT, _TOP - 36, "Ours and others' (a logarithmic axis)", fontsize=10)
    write(figure, 1000, _TOP - 36, "Ours with more rows", fontsize=10)
    for number, line in enumerate(settings):
        write(figure, 24, _TOP + height + 96 + 26 * number, line, fontsize=8.5, color=GREY)
    return figure


def settings_of(results: dict[str, Any]) -> list[str]:
    """Return, in lines, all that the times depend on."""
    made = results["machine"]
    blas, chosen = made["BLAS of NumPy"], made["BLAS settings"]
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    chosen = chosen if isinstance(chosen, str) else ", ".join(chosen)
    return [
        f"{results['job']}, pixels / 255; network 784-16-16-10; float32 where no other is named; "
        f"{results['rounds']} rounds of {results['epochs']} epochs",
        f"{made['cores']} cores of {made['processor']}, {made['system']}; {made['date']}",
        versions,
        f"NumPy's BLAS: {', '.join(blas)}; its settings: {chosen}",
    ]


def _draw_times(axes: Axes, table: dict[str, Any]) -> None:
    """Draw a point for each contestant, the quickest on top, with its spread."""
    rows = sorted(table.items(), key=lambda item: -float(item[1]["median_ms"]))
    for place, (name, row) in enumerate(rows):
        median = row["median_ms"]
        spread = [[median - row["min_ms"]], [row["max_ms"] - median]]
        color = VERMILION if name.startswith(OURS) else BLUE
        # A point: on a log scale a bar's length means nothing.
        axes.errorbar(median, place, xerr=spread, color=color, marker="o", capsize=3)
        axes.annotate(f"{median:.3g} ms", (row["max_ms"], place), (6, 0), va="center",
                      textcoords="offset points", fontsize=9)  # fmt: skip
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.set_xlim(right=axes.get_xlim()[1] * 3)
    axes.set_xlabel("milliseconds an epoch", fontsize=9)
    tidy(axes)


def _draw_scaling(axes: Axes, scaling: dict[str, Any]) -> None:
    """Draw our time against the number of rows, over a line of proportional time."""
    rows = [int(count) for count in scaling]
    times = [row["median_ms"] for row in scaling.values()]
    spread = [
        [row["median_ms"] - row["min_ms"] for row in scaling.values()],
        [row["max_ms"] - row["median_ms"] for row in scaling.values()],
    ]
    axes.plot([0, rows[-1]], [0, times[0] * rows[-1] / rows[0]], color=GREY, linewidth=1,
              label="in proportion to the first")  # fmt: skip
    axes.errorbar(rows, times, spread, color=VERMILION, fmt="none", capsize=3)
    trace(axes, rows, times, color=VERMILION, marker="o", label=OURS)
    axes.set_xticks(rows, [f"{count / 1000:g}" for count in rows])
    axes.set_xlabel("rows (thousands)", fontsize=9)
    axes.set_ylabel("milliseconds an epoch", fontsize=9)
    axes.set(xlim=(0, None), ylim=(0, None))
    axes.legend(frameon=False, fontsize=9)
    tidy(axes)
