"""What each precision costs beside PyTorch: on few rows, in a wider network, and on one thread."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages.network.first_weights import draw, uniform
from tests.benchmarks.contest import check_costs, compare, ratios, summary

REPRODUCIBLE = "this project, reproducible"
NAMES = (REPRODUCIBLE, "this project", "this project, float64", "PyTorch")


class Case(NamedTuple):
    """A job: its rows (0: all), its layers and its threads (0: one a core).

    goal: the reproducible precision's time to PyTorch's, at most, where it has one.
    """

    rows: int
    layers: tuple[int, ...]
    threads: int
    goal: float | None


CASES = (
    Case(0, (784, 16, 16, 10), 0, 0.62),
    Case(0, (784, 16, 16, 10), 1, None),
    Case(3500, (784, 16, 16, 10), 0, 0.9),
    Case(0, (784, 128, 64, 10), 0, 1.1),
)


def measure_precisions(data: Path, rounds: int, epochs: int) -> list[dict[str, Any]]:
    """Return for each case the times of the precisions and PyTorch, run in turn."""
    return [_measure(case, data, rounds, epochs) for case in CASES]


def _measure(case: Case, data: Path, rounds: int, epochs: int) -> dict[str, Any]:
    """Return the times of one case."""
    path = data.with_name(f"{case.rows or 'all'}-rows-{case.layers[1]}-units.npz")
    rows = _write(case, data, path)
    contestants = compare(NAMES, path, 255.0, rounds, epochs, case.threads)
    check_costs(contestants)
    present = {c.name: c for c in contestants if not c.missing}
    table = {
        name: summary(c.seconds)
        | {"peak_MiB": round(c.peak_bytes / 2**20)}
        | {f"to {other}": ratios(c, present[other]) for other in NAMES if other in present}
        for name, c in present.items()
    }
    return case._asdict() | {"rows": rows, "layers": list(case.layers), "table": table}


def _write(case: Case, data: Path, path: Path) -> int:
    """Write a case's rows and first weights; return how many rows there are."""
    with np.load(data, allow_pickle=False) as file:
        arrays: dict[str, Any] = {key: file[key][: case.rows or None] for key in ("X", "Y")}
    first = draw(case.layers, uniform, np.random.default_rng(0))
    for number, (W, b) in enumerate(first, start=1):
        arrays |= {f"W{number}": W.astype(np.float32), f"b{number}": b.astype(np.float32)}
    np.savez(path, **arrays)
    return len(arrays["X"])
