"""Reproducible training: the same bytes for any order and partition of the rows, and any BLAS."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.activations import ACTIVATIONS
from stages.network.batches import Whole
from stages.network.descent import Task, begin, descend
from stages.network.exact import ExactNetwork
from stages.network.first_weights import draw, uniform
from stages.network.parameters import Parameters, sizes_of
from stages.network.partition import partition
from stages.network.propagation import Sums, add, learn
from tests.network.helpers import arrays, encoded, recipe, run_epochs
from tests.network.products import matrix
from tests.scratch import ROOT

SIZES = [784, 16, 16, 10]


def start(sizes: Sequence[int] = SIZES) -> Parameters:
    return draw(sizes, uniform, np.random.default_rng(3))


def digest(costs: Sequence[float], parameters: Parameters) -> str:
    """Return a digest of all bits of a training."""
    numbers = [np.array(costs), *arrays(parameters)]
    content = b"".join(np.ascontiguousarray(one).astype("<f8").tobytes() for one in numbers)
    return hashlib.sha256(content).hexdigest()


def trained(rows: Encoded, epochs: int = 3, threads: int = 1, **settings: Any) -> str:
    """Return the digest of some epochs."""
    how: dict[str, Any] = {"learning_rate": 0.8, "precision": "reproducible"} | settings
    course = run_epochs(start(), rows, epochs=epochs, threads=threads, **how)
    return digest([epoch.cost for epoch in course], course[-1].parameters)


def shuffled(rows: Encoded, seed: int) -> Encoded:
    order = np.random.default_rng(seed).permutation(len(rows.X))
    return encoded(rows.X[order], rows.Y[order], rows.pixel_scale)


@pytest.mark.parametrize("scale", [255.0, 1.0])
def test_the_order_of_the_rows_changes_no_bit(many_digits: Encoded, scale: float) -> None:
    rows = replace(many_digits, pixel_scale=scale)
    assert trained(shuffled(rows, 1)) == trained(rows)
    assert trained(shuffled(rows, 2), threads=3) == trained(rows)


@pytest.mark.parametrize(("group_images", "chunk_images"), [(128, 128), (100, 300), (1024, 8192)])
def test_other_sizes_of_groups_change_no_bit(
    many_digits: Encoded, group_images: int, chunk_images: int
) -> None:
    X, Y = many_digits.X, many_digits.Y
    chunks = partition(X, Y, 16, np.dtype(float), group_images, chunk_images)
    how = recipe("reproducible", 0.8)
    task = Task(sizes_of(start()), Whole(chunks), 255.0, None)
    found = list(descend(how, task, begin(how, start()), 0, 3, 2))
    costs = [epoch.cost for epoch in found]
    assert digest(costs, found[-1].parameters) == trained(many_digits)


def sums_of(network: ExactNetwork, rows: Encoded) -> Sums:
    """Return what some rows add to an epoch."""
    chunks = partition(rows.X, rows.Y, 16, np.dtype(float))
    return reduce(add, (learn(network, matrix(chunk), chunk.truth) for chunk in chunks))


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 299])
def test_sums_of_parts_add_up_to_those_of_all(digits: Encoded, parts: int) -> None:
    network = ExactNetwork(start(), 255.0, ACTIVATIONS["sigmoid"])
    rows = shuffled(digits, parts)
    some = [
        sums_of(network, encoded(X, Y, 255.0))
        for X, Y in zip(np.array_split(rows.X, parts), np.array_split(rows.Y, parts), strict=True)
    ]
    found, expected = reduce(add, reversed(some)), sums_of(network, digits)
    assert network.nats(found.cost) == network.nats(expected.cost)
    assert found.right == expected.right
    for one, other in zip(found.gradient, expected.gradient, strict=True):
        assert np.array_equal(one.split().high, other.split().high)
        assert np.array_equal(one.split().low, other.split().low)


# Settings under which the same NumPy computes as on other processors.
ELSEWHERE = {
    "Prescott": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX2 FMA3",
    "Haswell": "AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL",
}
_EVERY = {"SkylakeX": "", "Zen": "AVX2 FMA3", "Nehalem": "", "Sandybridge": "AVX512_SKX"}


def trained_as_on(kernel: str, features: str) -> list[str]:
    """Return what a process trains whose BLAS and NumPy take this processor for another."""
    environment = os.environ | {
        "OPENBLAS_CORETYPE": kernel,
        "NPY_DISABLE_CPU_FEATURES": features,
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = (sys.executable, "-W", "ignore", "-m", "tests.network.test_everywhere")
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout.split()


# A value of every family of methods that is not the post's.
METHODS: dict[str, Any] = {
    "batch_rows": 128,
    "activation": "silu",
    "update": "adamw",
    "weight_decay": 0.01,
    "clip_norm": 0.5,
    "schedule": "cosine",
    "warmup_epochs": 1,
    "averaging": "ema",
    "average_decay": 0.9,
    "label_smoothing": 0.1,
    "dropout": 0.2,
    "shift": 2.0,
    "rotate": 10.0,
    "elastic": 2.0,
}


def small_trainings() -> list[str]:
    """Return the digests of trainings, the post's and one by other methods, that read no file."""
    rng = np.random.default_rng(9)
    pixels = rng.integers(0, 256, (700, 784)) * (rng.random((700, 784)) < 0.2)
    rows = encoded(
        pixels.astype(np.uint8), np.eye(10, dtype=np.uint8)[rng.integers(0, 10, 700)], 255.0
    )
    return [trained(rows, epochs=5), trained(rows, epochs=2, **METHODS)]


@pytest.mark.parametrize("kernel", ELSEWHERE)
def test_another_processors_arithmetic_changes_no_bit(kernel: str) -> None:
    assert trained_as_on(kernel, ELSEWHERE[kernel]) == small_trainings()


@pytest.mark.whole
@pytest.mark.parametrize("kernel", _EVERY)
def test_every_processors_arithmetic_changes_no_bit(kernel: str) -> None:
    assert trained_as_on(kernel, _EVERY[kernel]) == small_trainings()


def test_the_bits_are_known() -> None:
    # The same on every machine: a change of the arithmetic is to be seen.
    assert small_trainings() == [
        "bf7cfb81a18d0c86ee79b3e58343eb7ab8c13c2203da6328231d164d737830e4",
        "50f8aae77580eb4aeb5b95d8f574e5b7e7f9be7048db41c4bffca35f7107e418",
    ]


if __name__ == "__main__":
    print(*small_trainings(), sep="\n")
