"""Time an epoch of training against the peers that are installed: `make bench`.

The job is the post's: 30,000 rows of 784 pixels, 784-16-16-10, batch gradient descent, in float32
where no other precision is named.
Every contestant has a process of its own and the same initial weights; they run in turn, round
after round, so that a machine that slows down slows them all. Before times are compared, all must
have found the same costs, epoch by epoch as far as all went. Mini-batches have a part of their
own. Writes results.json, README.md, training.png and mini_batches.png to reports/benchmark/, and
its parts of docs/performance.md.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from stages.common.artifacts import reports
from stages.common.files import replacing
from stages.encode import one_hot
from stages.figures.style import plain, to_png
from stages.ingest import read_source
from stages.network import first_weights, parameters
from tests.benchmarks.batches_figure import draw_batches
from tests.benchmarks.contest import Contestant, check_costs, compare, say, summary
from tests.benchmarks.figure import draw
from tests.benchmarks.hardware import hardware
from tests.benchmarks.mini_batches import measure_mini_batches
from tests.benchmarks.precisions import measure_precisions
from tests.benchmarks.report import replaced, to_markdown

OURS = "this project"
PEERS = (
    "this project, reproducible",
    "this project, float64",
    "PyTorch",
    "JAX",
    "scikit-learn, float32",
    "scikit-learn, float64",
    "plain NumPy",
    "per-image loop",
)
REPEATS = (1, 2, 4, 8)
REPORTS, PAGE = Path("reports/benchmark"), Path("docs/performance.md")


def find_source() -> Path:
    """Return the largest set of digits at hand."""
    folder = Path(os.environ.get("DIGITS_DATA", "../shared/data"))
    choices = [
        folder / "digits-42000.csv.gz",
        Path("data/raw/mnist"),
        Path("data/raw/mnist-5k.csv.gz"),
    ]
    return next(path for path in choices if path.exists())


def write_data(source: Path, rows: int, path: Path) -> str:
    """Write `rows` rows of the source, repeated where it has fewer, and weights; say which."""
    digits = read_source(source)
    taken = np.resize(np.arange(len(digits.label)), rows)
    initial = first_weights.draw([784, 16, 16, 10], first_weights.uniform, np.random.default_rng(0))
    arrays: dict[str, Any] = {
        f"{letter}{number}": array
        for number, layer in enumerate(parameters.cast(initial, np.float32), start=1)
        for letter, array in zip("Wb", layer, strict=True)
    }
    arrays |= {"X": digits.pixels[taken], "Y": one_hot(digits.label[taken], 10)}
    np.savez(path, **arrays)
    repeated = "" if rows <= len(digits.label) else ", repeated"
    return f"{rows:,} rows of {source.name}{repeated}"


def measure_scaling(folder: Path, rounds: int, epochs: int, rows: int) -> dict[str, Any]:
    """Return our time an epoch for multiples of the rows in data.npz, run in turn."""
    runs = {repeat * rows: _multiple(folder, repeat) for repeat in REPEATS}
    for number in range(rounds):
        for count, run in runs.items():
            say(f"scaling, round {number + 1} of {rounds}: {count:,} rows")
            run.run(epochs)
    for run in runs.values():
        run.close()
    return {str(count): summary(run.seconds) for count, run in runs.items()}


def _multiple(folder: Path, repeat: int) -> Contestant:
    """Return us, ready to train on the rows of data.npz repeated so many times."""
    with np.load(folder / "data.npz", allow_pickle=False) as file:
        arrays: dict[str, Any] = {key: file[key] for key in file.files}
    for key in ("X", "Y"):
        arrays[key] = np.tile(arrays[key], (repeat, 1))
    path = folder / f"times-{repeat}.npz"
    np.savez(path, **arrays)
    return Contestant(OURS, path, 255.0)


def measure_square_product() -> float:
    """Return the GFLOP/s of a square float32 product by all the BLAS's threads."""
    A = np.random.default_rng(0).random((2048, 2048), np.float32)
    times = []
    with threadpool_limits(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    ):
        for _ in range(20):
            start = time.perf_counter()
            A @ A
            times.append(time.perf_counter() - start)
    return float(2 * 2048**3 / statistics.median(times) / 1e9)


def results_of(contestants: list[Contestant]) -> dict[str, Any]:
    """Return the times of all contestants and the ratios of ours to theirs, round by round."""
    (ours,) = (c for c in contestants if c.name == OURS)
    table: dict[str, Any] = {}
    for c in contestants:
        if c.missing:
            table[c.name] = {"missing": c.missing}
            continue
        ratios = [mine / theirs for mine, theirs in zip(ours.seconds, c.seconds, strict=True)]
        table[c.name] = summary(c.seconds) | {
            "ratio": round(statistics.median(ratios), 4),
            "ratio_min": round(min(ratios), 4),
            "ratio_max": round(max(ratios), 4),
            "peak_MiB": round(c.peak_bytes / 2**20),
            "cost_of_epoch_10": c.costs[9],
        }
    return table


def machine() -> dict[str, Any]:
    """Return what the times depend on."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {"Python": platform.python_version(), "NumPy": np.__version__}
    for package in ("scikit-learn", "torch", "jax"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    blas = [f"{p['internal_api']} {p['version']} ({p.get('architecture')})"
            for p in threadpool_info() if p["user_api"] == "blas"]  # fmt: skip
    prefixes = ("OPENBLAS_", "OMP_", "MKL_", "GOTO_", "VECLIB_", "BLIS_")
    settings = sorted(f"{k}={v}" for k, v in os.environ.items() if k.startswith(prefixes))
    return {
        **hardware(),
        "BLAS of NumPy": sorted(set(blas)),
        "BLAS settings": settings or "none",
        "versions": versions,
    }


def measure_floor(rows: int) -> dict[str, float]:
    """Return what the two large products of all pixels cost, at a square product's rate."""
    rate = measure_square_product()
    gflop = 2 * 2 * rows * 784 * 16 / 1e9
    return {
        "gflop": round(gflop, 2),
        "gflops_per_s": round(rate),
        "ms": round(gflop / rate * 1e3, 2),
    }


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Return all results; `folder` is for the data that the contestants read."""
    data, rounds, epochs = folder / "data.npz", arguments.rounds, arguments.epochs
    results: dict[str, Any] = {
        "job": write_data(arguments.source, arguments.rows, data),
        "rows": arguments.rows,
        "rounds": rounds,
        "epochs": epochs,
        "machine": machine(),
        "scales": {},
    }
    for scale in (255.0, 1.0):
        contestants = compare([OURS, *PEERS], data, scale, rounds, epochs)
        if scale == 255.0:  # raw training is chaotic: the same arithmetic drifts apart
            check_costs(contestants)
        results["scales"][f"{scale:g}"] = results_of(contestants)
    results["precisions"] = measure_precisions(data, rounds, epochs)
    results["mini_batches"] = measure_mini_batches(data, rounds, epochs)
    results["scaling"] = measure_scaling(folder, rounds, epochs, arguments.rows)
    results["floor"] = measure_floor(arguments.rows)
    return results


def main() -> None:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, default=find_source(), help="as ingest.source")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=15, help="epochs a round")
    parser.add_argument("--rows", type=int, default=30_000, help="rows that train")
    parser.add_argument("--out", type=Path, default=REPORTS, help="another folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = measure(arguments, Path(folder))
    say("")
    page = to_markdown(results)
    print(page)
    reports.write_json(arguments.out / "results.json", results)
    reports.write_text(arguments.out / "README.md", page)
    for name, drawn in (("training.png", draw), ("mini_batches.png", draw_batches)):
        with plain(), replacing(arguments.out / name) as file:
            file.write(to_png(drawn(results)))
    if arguments.out == REPORTS:
        reports.write_text(PAGE, replaced(PAGE.read_text(encoding="utf-8"), results))


if __name__ == "__main__":
    main()
