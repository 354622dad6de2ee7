"""The times of mini-batches as a part of the page of Markdown, and of docs/performance.md."""

from typing import Any

from tests.benchmarks.mini_batches import SLOWER

BEGIN, END = "<!-- mini-batches -->\n", "<!-- /mini-batches -->\n"
_HEAD = """\
## Mini-batches

An epoch in batches of 128 with AdamW, median of {rounds} rounds in turn: PyTorch by its modules
and its own AdamW, in the same order of images. Images are plain, or deformed anew every
epoch: affine, by up to a pixel, 8 degrees, a tenth of the scale and of shear; and elastic, by up to
a pixel more. They are deformed between batches, by all threads: nothing of it runs beside the
training, and its share is what an epoch takes longer than with plain images.

![Time of one epoch in mini-batches](mini_batches.png)

| network | threads | | images | ms an epoch | to PyTorch | to plain images | share of deforming \
| goal | peak memory |
|---|---|---|---|---|---|---|---|---|---|
"""
_PART = """\
Of the time that PyTorch, eager, takes for an epoch in batches of 128 with AdamW in the same round
({date}), this project's takes:

"""


def section(jobs: list[dict[str, Any]]) -> str:
    """Return the section of the page."""
    rows = [f"| {_job(job)} | {_row(job, row)} |" for job in jobs for row in job["table"]]
    return _HEAD.format(**jobs[0]) + "\n".join(rows) + "\n"


def part(results: dict[str, Any]) -> str:
    """Return what docs/performance.md says of mini-batches."""
    lines = [
        f"- {row['to PyTorch'][0]:.2g} in {_precision(row)}: {_network(job)}, {_threads(job)}\n"
        for job in results["mini_batches"]
        for row in job["table"]
        if "to PyTorch" in row
    ]
    lines += [
        f"- {_deforming(job, name)}\n"
        for job in results["mini_batches"]
        for name in job["bounds"]
        if not job["threads"] and len({row["way"] for row in job["table"]}) > 1
    ]
    return _PART.format(**results["machine"]) + "".join(lines)


def _deforming(job: dict[str, Any], name: str) -> str:
    """Return what deforming costs a precision in a job."""
    rows = [row for row in job["table"] if row["name"] == name and "to plain" in row]
    told = (
        f"{row['to plain'][0]:.2g} times with {row['way']} ones ({_share(row)} of it deforming)"
        for row in rows
    )
    return f"of its own with plain images, {_precision(rows[0])}: {', '.join(told)}"


def _job(job: dict[str, Any]) -> str:
    """Return a job's network and threads, as cells."""
    return f"{_network(job)} | {job['threads'] or 'all'}"


def _network(job: dict[str, Any]) -> str:
    """Return a job's network."""
    dropout = f", dropout {job['dropout']:g}" if job["dropout"] else ""
    return "-".join(map(str, job["layers"])) + dropout


def _threads(job: dict[str, Any]) -> str:
    """Return a job's threads in words."""
    return "one thread" if job["threads"] == 1 else "a thread a core"


def _precision(row: dict[str, Any]) -> str:
    """Return the precision of a row of ours."""
    return str(row["name"]).partition(", ")[2] or "float32"


def _row(job: dict[str, Any], row: dict[str, Any]) -> str:
    """Return the other cells of a row."""
    times = f"{row['median_ms']} ({row['min_ms']}–{row['max_ms']})"
    peer, plain = (_spread(row.get(key)) for key in ("to PyTorch", "to plain"))
    share = _share(row) if "to plain" in row else ""
    cells = [row["name"], row["way"], times, peer, plain, share, _goal(job, row)]
    return " | ".join([*cells, f"{row['peak_MiB']} MiB"])


def _spread(ratio: list[float] | None) -> str:
    """Return a median ratio with its spread."""
    return "{:.3g} ({:.3g}–{:.3g})".format(*ratio) if ratio else ""


def _share(row: dict[str, Any]) -> str:
    """Return what part of an epoch deforming takes, from its time to that of plain images."""
    return f"{max(0, 1 - 1 / row['to plain'][0]):.0%}"


def _goal(job: dict[str, Any], row: dict[str, Any]) -> str:
    """Return the bound of a row and whether it is kept."""
    if "to plain" in row:
        ratio, most = row["to plain"][0], SLOWER[row["way"]]
    elif "to PyTorch" in row:
        ratio, most = row["to PyTorch"][0], job["bounds"][row["name"]]
    else:
        return ""
    return f"{most:.3g}: {'met' if ratio <= most else 'missed'}"
