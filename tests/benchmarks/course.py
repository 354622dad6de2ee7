"""What the benchmark's contestants share: the data that they are given, and how they are timed."""

import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

RATE = 0.8
# A turn's first epochs are not timed: the caches are the last contestant's, and Linux takes a while
# to move a thread that has slept to a core of its own.
WARM_UP_S = 0.5

Data = dict[str, np.ndarray[Any, np.dtype[Any]]]
Layers = list[tuple[Any, Any]]
Run = Callable[[int], tuple[float, list[float]]]


def timed(course: Iterator[float]) -> Run:
    """Return the run of a contestant that yields the cost of one epoch after another."""

    costs: list[float] = []

    def run(epochs: int) -> tuple[float, list[float]]:
        until = time.perf_counter() + WARM_UP_S
        costs.append(next(course))
        while time.perf_counter() < until:
            costs.append(next(course))
        start = time.perf_counter()
        costs.extend(islice(course, epochs))
        return (time.perf_counter() - start) / epochs, costs

    return run


def layers(data: Data) -> Layers:
    """Return W and b of each layer, float32."""
    return [(data[f"W{n}"], data[f"b{n}"]) for n in (1, 2, 3)]


def settings(data: Data) -> dict[str, Any]:
    """Return the params of `train` in which the training differs from the post's."""
    found: dict[str, Any] = json.loads(str(data["settings"])) if "settings" in data else {}
    return found
