"""Say what the pipeline came to, beside the last commit, as `make repro` does at its end.

In: reports/metrics.json, here and in the last commit. Out: a table on stdout.
"""

from stages.common.artifacts import committed, reports
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.tools import git, text

_HEADER = ("", "now", "last commit", "difference")
_WHERE = (
    "The reports are in reports/, the figures in reports/figures/. Open reports/page/index.html to "
    "draw a digit."
)

Metrics = dict[str, float]


def of_last_commit() -> Metrics:
    """Return the metrics that HEAD has; none without Git, or where they cannot be read."""
    path = reports.METRICS.as_posix()
    try:
        done = git.attempt("show", f"HEAD:./{path}")
        return {} if done.returncode else committed.metrics(done.stdout, path)
    except DigitsError:
        return {}


def render(now: Metrics, before: Metrics) -> str:
    """Return the table of the metrics now and before, and where all of it is."""
    rows = []
    for name, value in now.items():
        old = before.get(name)
        sides = ("–", "–") if old is None else (f"{old:.4f}", text.difference(old, value))
        rows.append((name, f"{value:.4f}", *sides))
    return f"\n{text.table(_HEADER, rows)}\n\n{_WHERE}"


def main() -> None:
    """Print what came out."""
    path = reports.METRICS
    now = committed.metrics(path.read_bytes(), path.as_posix())
    print(render(now, of_last_commit()))


if __name__ == "__main__":
    run_stage(main, __doc__)
