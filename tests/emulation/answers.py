"""Print the MD5 of some files and arrays: on every machine the same. It needs NumPy alone."""

import hashlib
import tempfile
from pathlib import Path

import numpy as np

from stages.common.artifacts import encoded, weights
from stages.network.parameters import draw


def encoded_digits() -> bytes:
    """Return an NPZ file of encoded digits, read and written again."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 50)
    made = encoded.Encoded(
        X=rng.integers(0, 256, (50, 784), dtype=np.uint8),
        Y=np.eye(10, dtype=np.uint8)[labels],
        row=rng.permutation(50).astype(np.int32),
        pixel_scale=255.0,
    )
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.npz", Path(folder) / "second.npz"
        encoded.write(first, made)
        encoded.write(second, encoded.read(first))
        assert first.read_bytes() == second.read_bytes()
        return second.read_bytes()


def first_weights() -> bytes:
    """Return the NPZ file of the default first weights, read and written again."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.npz", Path(folder) / "second.npz"
        weights.write(first, draw([784, 16, 16, 10], np.random.default_rng(0)))
        weights.write(second, weights.read(first))
        assert first.read_bytes() == second.read_bytes()
        return second.read_bytes()


if __name__ == "__main__":
    for answer in (encoded_digits, first_weights):
        print(answer.__name__, hashlib.md5(answer(), usedforsecurity=False).hexdigest())
