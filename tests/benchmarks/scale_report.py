"""What each stage takes as a part of docs/scale.md, and if it grows no faster than the rows."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from tests.benchmarks.report import between

BEGIN, END = "<!-- scale -->\n", "<!-- /scale -->\n"
LINEAR = 1.1  # what a row more costs from the second size on, to before that, at most
_HEAD = """\
Measured on {cores} cores of {processor} ({date}), on rows of `make many` in
IDX, of which nine in ten train, for {epochs} epochs; medians of {rounds} rounds, the smaller sizes
three times in each. A row costs what the stage takes longer with more of them, from the first
size to the second, and then to the third: at most {linear} of that, where time grows no faster than
the rows. Work is what the processors did for the stage: other programs that run, and a slow disk,
add little to it.

| stage | {sizes} | µs a row, first | then | to that | the same of work | memory of its own |
|---|{lines}---|---|---|---|---|
"""


def part(results: dict[str, Any]) -> str:
    """Return what docs/scale.md says of the results."""
    stages = results["stages"]
    sizes = [f"{int(rows):,} rows" for rows in next(iter(stages.values()))]
    told = {"sizes": " | ".join(sizes), "lines": "---|" * len(sizes)}
    head = _HEAD.format(**results, **results["machine"], **told, linear=LINEAR)
    return head + "".join(_line(stage, by_size) for stage, by_size in stages.items())


def replaced(page: str, results: dict[str, Any]) -> str:
    """Return docs/scale.md with these results between its lines for them."""
    return between(page, BEGIN, END, part(results))


def _line(stage: str, by_size: Mapping[str, Any]) -> str:
    """Return the line of a stage."""
    times = [f"{it['median_s']:.2f} s" for it in by_size.values()]
    cost = [f"{1e6 * each:.2f}" for each in costs(by_size)]
    work, *_ = verdict(by_size, "work_s").partition(":")  # the bound is on time
    both = [verdict(by_size), work]
    most = f"{max(it['peak_MiB'] for it in by_size.values())} MiB"
    return f"| `{stage}` | {' | '.join([*times, *cost, *both, most])} |\n"


def costs(by_size: Mapping[str, Any], key: str = "median_s") -> list[float]:
    """Return what a row more takes between each size and the next, in seconds.

    key: of time, or "work_s", of the processors' work.
    """
    sizes = [(int(rows), it[key]) for rows, it in by_size.items()]
    return [(later - earlier) / (more - rows) for (rows, earlier), (more, later) in pairwise(sizes)]


def verdict(by_size: Mapping[str, Any], key: str = "median_s") -> str:
    """Say whether the last sizes cost at most LINEAR a row of what those before do.

    What is within the spread of the smaller sizes' times is no growth at all.
    """
    if len(by_size) < 3:
        return "not asked"
    *smaller, last = by_size.values()
    spread = max(it["max_s"] - it["min_s"] for it in smaller)
    if last[key] - smaller[-1][key] <= spread:
        return "constant"
    *_, earlier, later = costs(by_size, key)
    ratio = later / earlier if earlier > 0 else float("inf")
    return f"{ratio:.2f}: {'met' if ratio <= LINEAR else 'missed'}"
