"""The benchmark as a picture."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures.style import BLUE, GREY, VERMILION, new_figure, tidy

OURS = "this project"


def draw(results: dict[str, Any]) -> Figure:
    """Return the figure: times of all contestants, and ours for more rows."""
    figure = new_figure(11, 4.4)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_times(left, results["scales"]["255"])
    _draw_scaling(right, results["scaling"])
    made = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    where = f"{made['cores']} cores of {made['processor']}, {made['date']}"
    figure.supxlabel(f"{results['job']}; {where}\n{versions}", fontsize=8, color=GREY)
    return figure


def _draw_times(axes: Axes, table: dict[str, Any]) -> None:
    """Draw a point for each contestant, the quickest on top, with its spread."""
    rows = sorted(
        ((name, row) for name, row in table.items() if "missing" not in row),
        key=lambda item: -float(item[1]["median_ms"]),
    )
    for place, (name, row) in enumerate(rows):
        median = row["median_ms"]
        spread = [[median - row["min_ms"]], [row["max_ms"] - median]]
        color = VERMILION if name == OURS else BLUE
        # A point: on a log scale a bar's length means nothing.
        axes.errorbar(median, place, xerr=spread, color=color, marker="o", capsize=3)
        axes.annotate(f"{median:.3g} ms", (row["max_ms"], place), (5, 0), va="center",
                      textcoords="offset points")  # fmt: skip
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set(title="One epoch (log scale)", xlabel="milliseconds: median, lowest, highest")
    axes.set_xscale("log")
    axes.set_xlim(right=axes.get_xlim()[1] * 3)
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
    axes.errorbar(rows, times, spread, color=VERMILION, marker="o", capsize=3, label=OURS)
    axes.set(title="More rows", xlabel="rows (thousands)", ylabel="milliseconds an epoch")
    axes.set_xticks(rows, [f"{count / 1000:g}" for count in rows])
    axes.set(xlim=(0, None), ylim=(0, None))
    axes.legend(frameon=False)
    tidy(axes)
