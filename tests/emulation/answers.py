"""Print the MD5 of some files and arrays: on every machine the same. It needs NumPy alone."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any, cast

import numpy as np

from stages.common.artifacts import encoded, weights
from stages.network import ieee
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import REPRODUCIBLE
from stages.network.augmentation import Augmentation
from stages.network.augmentation import draw as draw_deformations
from stages.network.batches import Whole, feed_of
from stages.network.compact import CompactMatrix, Scratch
from stages.network.descent import Task, begin, descend
from stages.network.first_weights import draw, he, uniform
from stages.network.parameters import Floats, flat
from stages.network.partition import partition
from stages.network.propagation import forward
from stages.network.recipe import POST, recipe_of
from stages.network.resampling import deform
from stages.network.teaching import aim_of

SIZES, EPOCHS, THREADS = [784, 16, 16, 10], 20, 2


def digits() -> encoded.Encoded:
    """Return 700 images in which some pixels are blank."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 700)
    ink = rng.integers(0, 256, (700, 784), dtype=np.uint8)
    shown = rng.integers(0, 4, (10, 784))[labels] == 0
    return encoded.Encoded(
        X=ink * shown,
        Y=np.eye(10, dtype=np.uint8)[labels],
        row=rng.permutation(700).astype(np.int32),
        pixel_scale=255.0,
    )


def encoded_digits() -> bytes:
    """Return an NPZ file of encoded digits, read and written again."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.npz", Path(folder) / "second.npz"
        encoded.write(first, digits())
        encoded.write(second, encoded.read(first))
        assert first.read_bytes() == second.read_bytes()
        return second.read_bytes()


def first_weights() -> bytes:
    """Return the NPZ file of the default first weights, read and written again."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.npz", Path(folder) / "second.npz"
        weights.write(first, draw(SIZES, uniform, np.random.default_rng(0)))
        weights.write(second, weights.read(first))
        assert first.read_bytes() == second.read_bytes()
        return second.read_bytes()


class Spawning(np.random.Generator):
    """A generator that spawns others, as every one does since NumPy 1.25: Debian's is older."""

    def spawn(self, n_children: int) -> list[np.random.Generator]:
        """Return generators of streams of their own."""
        source: Any = self.bit_generator
        return [
            np.random.Generator(np.random.PCG64(seed))
            for seed in source._seed_seq.spawn(n_children)
        ]


def deformed_digits() -> bytes:
    """Return the digits' pixels, deformed in every way."""
    ways = Augmentation(shift=3, rotate=20, scale=0.2, shear=0.2, elastic=4)
    X = digits().X
    return deform(
        X, draw_deformations(ways, 28, Spawning(np.random.PCG64(0)), len(X)), 28
    ).tobytes()


def training() -> bytes:
    """Return costs and weights of some epochs, and the probabilities that come of them."""
    assert ieee.fault() is None
    rows, start = digits(), draw(SIZES, uniform, np.random.default_rng(0))
    chunks = partition(rows.X, rows.Y, SIZES[1], REPRODUCIBLE.weights)
    how = recipe_of(POST | {"precision": "reproducible", "learning_rate": 0.8})
    task = Task(SIZES, Whole(chunks), rows.pixel_scale, None)
    epochs = list(descend(how, task, begin(how, start), 0, EPOCHS, THREADS))
    trained = epochs[-1].parameters
    numbers: list[Floats] = [np.array([[epoch.cost, epoch.accuracy] for epoch in epochs])]
    numbers += [array for layer in trained for array in layer]
    network = REPRODUCIBLE.network(trained, rows.pixel_scale, ACTIVATIONS["sigmoid"])
    for chunk in chunks:
        A0 = CompactMatrix(chunk, Scratch())
        numbers.append(forward(network, cast("Floats", A0))[2].P)
    return b"".join(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in numbers)


def methods() -> bytes:
    """Return what some epochs in batches leave, with each activation and most other methods."""
    rows, start, left = digits(), draw(SIZES, he, np.random.default_rng(0)), b""
    settings: dict[str, Any] = {"precision": "reproducible", "learning_rate": 0.01}
    settings |= {"batch_rows": 300, "update": "adamw", "weight_decay": 0.01, "clip_norm": 1.0}
    settings |= {
        "schedule": "one-cycle",
        "averaging": "ema",
        "dropout": 0.1,
        "label_smoothing": 0.1,
    }
    for name in ACTIVATIONS:
        how = recipe_of(POST | settings | {"activation": name})
        feed = feed_of(how, rows.X, rows.Y, SIZES[1], taught=False, threads=THREADS)
        task = Task(SIZES, feed, rows.pixel_scale, aim_of(how, None, rows.pixel_scale))
        *_, last = descend(how, task, begin(how, start), 0, 2, THREADS)
        left += flat(last.parameters).astype("<f8").tobytes()
    return left


if __name__ == "__main__":
    for answer in (encoded_digits, first_weights, deformed_digits, training, methods):
        print(answer.__name__, hashlib.md5(answer(), usedforsecurity=False).hexdigest())
