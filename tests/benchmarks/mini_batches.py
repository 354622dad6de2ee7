"""Mini-batches of 128 with AdamW beside PyTorch, and what it costs to deform the images."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages.network.first_weights import draw, he
from tests.benchmarks.contest import Contestant, check_costs, ratios, summary, take_turns

PYTORCH = "PyTorch, mini-batches"
FLOAT32, REPRODUCIBLE = "this project", "this project, reproducible"
AFFINE = {"shift": 1.0, "rotate": 8.0, "scale": 0.1, "shear": 0.1}
WAYS: dict[str, dict[str, float]] = {
    "plain": {},
    "affine": AFFINE,
    "elastic": AFFINE | {"elastic": 1.0},
}
# Time to that of plain images, at most.
SLOWER = {"affine": 5.0, "elastic": 8.0}


class Job(NamedTuple):
    """A network to train, with threads (0: one a core).

    bounds: the precisions that train it, and their time to PyTorch's at most. ways: how they see
    the images. share: of all epochs of a round that this job's rounds have.
    """

    layers: tuple[int, ...]
    threads: int
    dropout: float
    activation: str
    bounds: dict[str, float]
    ways: tuple[str, ...]
    share: float


_BOUNDS = {FLOAT32: 0.5, REPRODUCIBLE: 1.0}
JOBS = (
    Job((784, 16, 16, 10), 0, 0.0, "sigmoid", _BOUNDS, tuple(WAYS), 1 / 5),
    Job((784, 16, 16, 10), 1, 0.0, "sigmoid", _BOUNDS, ("plain", "affine"), 1 / 5),
    Job((784, 512, 512, 10), 0, 0.2, "relu", {FLOAT32: 0.8}, ("plain",), 1 / 15),
)


def measure_mini_batches(data: Path, rounds: int, epochs: int) -> list[dict[str, Any]]:
    """Return for each job the times of all that train it, run in turn."""
    return [_measure(job, data, rounds, max(1, round(epochs * job.share))) for job in JOBS]


def _measure(job: Job, data: Path, rounds: int, epochs: int) -> dict[str, Any]:
    """Return the times of one job."""
    paths = {way: _write(job, way, data) for way in job.ways}
    peer = Contestant(PYTORCH, paths["plain"], 255.0, job.threads)
    ours = {
        (name, way): Contestant(name, path, 255.0, job.threads)
        for name in job.bounds
        for way, path in paths.items()
    }
    take_turns([peer, *ours.values()], rounds, epochs, f"mini-batches, {job.layers[1]} units")
    if not job.dropout:  # PyTorch leaves out other units
        check_costs([peer, *(ours[name, "plain"] for name in job.bounds)], epochs=2)
    return {
        "layers": list(job.layers), "threads": job.threads, "dropout": job.dropout,
        "activation": job.activation, "bounds": job.bounds, "rounds": rounds, "epochs": epochs,
        "table": _table(peer, ours),
    }  # fmt: skip


def _table(peer: Contestant, ours: dict[tuple[str, str], Contestant]) -> list[dict[str, Any]]:
    """Return a row for PyTorch, where it is installed, and for each precision and way of ours."""
    table = [] if peer.missing else [{"name": "PyTorch", "way": "plain"} | _figures(peer)]
    for (name, way), one in ours.items():
        row = {"name": name, "way": way} | _figures(one)
        if way != "plain":
            row["to plain"] = ratios(one, ours[name, "plain"])
        elif not peer.missing:
            row["to PyTorch"] = ratios(one, peer)
        table.append(row)
    return table


def _figures(one: Contestant) -> dict[str, Any]:
    """Return the times and the memory of a contestant."""
    return summary(one.seconds) | {"peak_MiB": round(one.peak_bytes / 2**20)}


def _write(job: Job, way: str, data: Path) -> Path:
    """Write rows, first weights and settings of a job; return where."""
    with np.load(data, allow_pickle=False) as file:
        arrays: dict[str, Any] = {key: file[key] for key in ("X", "Y")}
    first = draw(job.layers, he, np.random.default_rng(0))
    for number, (W, b) in enumerate(first, start=1):
        arrays |= {f"W{number}": W.astype(np.float32), f"b{number}": b.astype(np.float32)}
    settings = {
        "learning_rate": 0.001, "batch_rows": 128, "update": "adamw",
        "activation": job.activation, "dropout": job.dropout, **WAYS[way],
    }  # fmt: skip
    path = data.with_name(f"{way}-{job.layers[1]}-{job.threads}.npz")
    np.savez(path, **arrays, settings=json.dumps(settings))
    return path
