"""The benchmark as a page of Markdown, and as a part of docs/performance.md."""

from typing import Any

from tests.benchmarks import batches_report

OURS = "this project"
REPRODUCIBLE = "this project, reproducible"
# Ours to theirs, at most.
GOALS = {
    "PyTorch": 0.22,
    "scikit-learn, float32": 0.22,
    "scikit-learn, float64": 0.22,
    "per-image loop": 1 / 85,
}
_HEAD = """\
# Time of one epoch

Made by `make bench`; the numbers are also in `results.json`.

{job}; network 784-16-16-10, float32 where no other is named;
median (min–max) of {rounds} rounds of {epochs} epochs, in turn, each after a warm-up of half a
second. The ratio is this project's time, in float32, to the other's, round by round. scikit-learn
computes in the type of its input; float64 is what it makes of anything that is not float32.

![Time of one epoch](training.png)
"""
_FLOOR = """\
## The floor

The two large products, of all pixels, cost {gflop} GFLOP: {ms} ms at the {gflops_per_s} GFLOP/s
that a square float32 product reaches here. An epoch takes {share:.2f} times that; it can come
below 1, because pixels that are blank in a whole block are left out.
"""


BEGIN, END = "<!-- benchmark -->\n", "<!-- /benchmark -->\n"
_PART = """\
One epoch over {job}, network 784-16-16-10, float32, pixels divided by 255, takes
{median_ms} ms on {cores} cores of {processor} ({date}). That is, of the time that another takes
in the same round:

"""


def replaced(page: str, results: dict[str, Any]) -> str:
    """Return docs/performance.md with these results between its lines for them."""
    page = between(page, BEGIN, END, part(results))
    text = batches_report.part(results)
    return between(page, batches_report.BEGIN, batches_report.END, text)


def between(page: str, first: str, last: str, text: str) -> str:
    """Return a page with a text between two of its lines."""
    before, begin, rest = page.partition(first)
    _, end, after = rest.partition(last)
    assert begin, f"the page has no line {first}"
    assert end, f"the page has no line {last}"
    return before + begin + text + end + after


def part(results: dict[str, Any]) -> str:
    """Return what that page says of the results."""
    scaled = results["scales"]["255"]
    head = _PART.format(**results | results["machine"] | scaled[OURS])
    others = {name: row for name, row in scaled.items() if name != OURS and "missing" not in row}
    return head + "".join(f"- {row['ratio']:.2g} of {name}\n" for name, row in others.items())


def _ratio(row: dict[str, Any], name: str) -> str:
    """Return our time to a contestant's, with its spread."""
    if name == OURS:
        return ""
    return f"{row['ratio']:.3g} ({row['ratio_min']:.3g}–{row['ratio_max']:.3g})"


def to_markdown(results: dict[str, Any]) -> str:
    """Return the results as a page."""
    ours = results["scales"]["255"][OURS]["median_ms"]
    floor = results["floor"] | {"share": ours / results["floor"]["ms"]}
    parts = [_HEAD.format(**results)]
    parts += [_scale(scale, table) for scale, table in results["scales"].items()]
    parts.append(_precisions(results["precisions"]))
    parts.append(batches_report.section(results["mini_batches"]))
    parts += [_FLOOR.format(**floor), _scaling(results["scaling"]), _machine(results["machine"])]
    return "\n".join(parts)


def _scale(scale: str, table: dict[str, Any]) -> str:
    """Return the table of one pixel scale."""
    lines = [f"## Pixels divided by {scale}", ""]
    lines += ["| | ms an epoch | ratio | goal | peak memory |", "|---|---|---|---|---|"]
    lines += [_row(name, row) for name, row in table.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, row: dict[str, Any]) -> str:
    """Return a contestant's row."""
    if "missing" in row:
        return f"| {name} | {row['missing']} is not installed | | | |"
    goal = ""
    if name in GOALS:
        met = "met" if row["ratio"] <= GOALS[name] else "missed"
        goal = f"{GOALS[name]:.3g}: {met}"
    memory = f"{row['peak_MiB']} MiB"
    return f"| {name} | {_times(row)} | {_ratio(row, name)} | {goal} | {memory} |"


def _times(row: dict[str, Any]) -> str:
    """Return a median with its spread."""
    return f"{row['median_ms']} ({row['min_ms']}–{row['max_ms']})"


def _scaling(scaling: dict[str, Any]) -> str:
    """Return the table of more rows."""
    first = next(iter(scaling))
    base = scaling[first]["median_ms"] / int(first)
    lines = ["## More rows", "", "| rows | ms an epoch | to the first in proportion |"]
    lines += ["|---|---|---|"]
    for rows, row in scaling.items():
        share = row["median_ms"] / int(rows) / base
        lines.append(f"| {int(rows):,} | {_times(row)} | {share:.2f} |")
    return "\n".join(lines) + "\n"


def _precisions(cases: list[dict[str, Any]]) -> str:
    """Return the table of what each precision costs."""
    lines = ["## The precisions", ""]
    lines += ["Each one's time, and its ratio to PyTorch's (float32, eager) in the same round.", ""]
    lines += [
        "| rows | network | threads | | ms an epoch | ratio to PyTorch | goal | peak memory |"
    ]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for case in cases:
        job = (
            f"{case['rows']:,} | {'-'.join(map(str, case['layers']))} | {case['threads'] or 'all'}"
        )
        lines += [
            f"| {job} | {name} | {_cost(name, row, case)} |" for name, row in case["table"].items()
        ]
    return "\n".join(lines) + "\n"


def _cost(name: str, row: dict[str, Any], case: dict[str, Any]) -> str:
    """Return the times, ratio, goal and memory of a precision in a case."""
    ratio, low, high = row.get("to PyTorch", (float("nan"),) * 3)
    goal = ""
    if name == REPRODUCIBLE and case["goal"] is not None:
        goal = f"{case['goal']:.3g}: {'met' if ratio <= case['goal'] else 'missed'}"
    shown = "" if name == "PyTorch" else f"{ratio:.3g} ({low:.3g}–{high:.3g})"
    return f"{_times(row)} | {shown} | {goal} | {row['peak_MiB']} MiB"


def _machine(machine: dict[str, Any]) -> str:
    """Return what the times depend on."""
    facts = {key: value for key, value in machine.items() if key != "versions"}
    lines = [f"- {key}: {value}" for key, value in (facts | machine["versions"]).items()]
    return "\n".join(["## The machine", "", *lines]) + "\n"
