"""What a cluster costs: `make bench-cluster`. docs/cluster.md has what it printed.

ENCODED in the environment names an encoded file whose rows train, data/encoded/train.npz if none.
Everything runs here: with more workers than cores the times say what they cost together, no more.
"""

import os
import statistics
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from stages.cluster.asked import Asked
from stages.cluster.engaged import elsewhere
from stages.common.artifacts import encoded
from stages.common.artifacts.checkpoint import Progress
from stages.common.artifacts.encoded import Encoded
from stages.network.first_weights import draw, uniform
from stages.network.recipe import POST, recipe_of
from stages.train import begun, train

Course = Generator[Progress, None, None]

SIZES = [784, 16, 16, 10]
TINY_ROWS, TINY_EPOCHS = 64, 60
LARGE_EPOCHS = 8
WORKERS = (1, 2, 4, 8, 16)
BATCHES = (128, 1024, 8192, 65_536)
BATCH_ROWS = 131_072  # that these are tried on


def course(rows: Encoded, workers: int, threads: int, **settings: object) -> Course:
    """Yield a training's epochs: on so many workers, or if 0, here."""
    told = POST | {"precision": "reproducible", "learning_rate": 0.8} | settings
    recipe, first = recipe_of(told), draw(SIZES, uniform, np.random.default_rng(0))
    where = Asked(workers, f"local:{workers}", "", None, 120)
    place = elsewhere(where, told, (rows.X, rows.Y), None) if workers else None
    start = begun(recipe, first, None)
    return train(recipe, start, rows, None, None, 10**6, threads, place=place)


def some(rows: Encoded, count: int) -> Encoded:
    """Return the first rows."""
    return Encoded(rows.X[:count], rows.Y[:count], rows.row[:count], rows.pixel_scale)


def seconds(epochs: Iterator[Progress], count: int = 1) -> float:
    """Return how long an epoch takes, on the average of some."""
    began = time.perf_counter()
    for _ in range(count):
        next(epochs)
    return (time.perf_counter() - began) / count


def overhead(rows: Encoded) -> None:
    """Print what an epoch takes beyond work, for some numbers of workers."""
    print(f"an epoch of {TINY_ROWS} rows a worker, median of {TINY_EPOCHS}, in ms")
    for workers in WORKERS:
        epochs = course(some(rows, TINY_ROWS * workers), workers, 1)
        with closing(epochs):
            next(epochs)
            times = [1000 * seconds(epochs) for _ in range(TINY_EPOCHS)]
        print(f"{workers:6} workers {statistics.median(times):8.1f}   least {min(times):.1f}")


def beside(rows: Encoded, count: int, **settings: object) -> None:
    """Print epochs on two workers of a thread beside epochs here by two threads, in turns."""
    here, there = course(rows, 0, 2, **settings), course(rows, 2, 1, **settings)
    with closing(here), closing(there):
        seconds(here)
        seconds(there)
        times = [(seconds(here), seconds(there)) for _ in range(count)]
    ours, theirs = map(statistics.median, zip(*times, strict=True))
    ratio = statistics.median(there / here for here, there in times)
    print(
        f"{len(rows.X):10,} rows {settings or ''}: here {ours:.3f} s, on two workers {theirs:.3f} s"
    )
    print(f"    {ratio:.3f} times as long, the median of {count} pairs", flush=True)


def main() -> None:
    """Print it all."""
    (rows,) = encoded.read_parts([Path(os.environ.get("ENCODED") or encoded.TRAIN)])
    with threadpool_limits(1, "blas"):
        overhead(rows)
        beside(rows, LARGE_EPOCHS)
        for batch_rows in BATCHES:
            if batch_rows < len(rows.X):
                beside(some(rows, BATCH_ROWS), 3, batch_rows=batch_rows)


if __name__ == "__main__":
    main()
