"""The bytes of an NPZ file: they follow from its arrays, and from nothing of the machine."""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts import npz

ARRAYS: dict[str, npt.NDArray[Any]] = {
    "pixels": np.arange(12, dtype=np.uint8).reshape(3, 4),
    "W": (np.arange(6) / 8).reshape(2, 3),
    "row": np.array([1, 2], np.int32),
    "name": np.array("é"),
    "none": np.zeros((0, 3), np.float32),
    "scale": np.array(2.5),
}
# The same under Python 3.11.2 with NumPy 1.24, 3.12 and 3.13, and on a big-endian processor.
KNOWN = "60d561c1cc6a2171b153b11730053353"


def written(path: Path, arrays: Mapping[str, Any]) -> bytes:
    npz.write(path, arrays, version=1)
    return path.read_bytes()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_file_of_known_bytes(tmp_path: Path) -> None:
    assert md5(written(tmp_path / "some.npz", ARRAYS)) == KNOWN


# The limit that Python puts at 2 GiB, as if some members, or all, were larger.
@pytest.mark.parametrize(
    ("limit", "known"),
    [(150, "35e9a81a0e3f8a86c474817aff2415fa"), (100, "eace64eba20a321a03bde1008172aa43")],
)
def test_a_file_of_large_arrays_of_known_bytes(
    limit: int, known: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
    assert md5(written(tmp_path / "large.npz", ARRAYS)) == known
    assert_holds(tmp_path / "large.npz")


def test_the_order_in_memory_does_not_matter(tmp_path: Path) -> None:
    other = {
        name: np.asarray(array, array.dtype.newbyteorder(">"), order="F")
        for name, array in ARRAYS.items()
    }
    assert md5(written(tmp_path / "other.npz", other)) == KNOWN
    sliced = {name: np.stack([array, array], -1)[..., 0] for name, array in ARRAYS.items()}
    assert md5(written(tmp_path / "sliced.npz", sliced)) == KNOWN


def test_numpy_reads_what_was_written(tmp_path: Path) -> None:
    written(tmp_path / "some.npz", ARRAYS)
    assert_holds(tmp_path / "some.npz")


def assert_holds(path: Path) -> None:
    with np.load(path, allow_pickle=False) as found:
        assert found.files == [npz.VERSION_KEY, *ARRAYS]
        for name, array in ARRAYS.items():
            assert found[name].dtype.newbyteorder("=") == array.dtype  # little-endian in the file
            assert found[name].shape == array.shape
            assert np.array_equal(found[name], array)


def test_an_array_lies_in_the_file_as_in_memory(tmp_path: Path) -> None:
    content = written(tmp_path / "some.npz", ARRAYS)
    for array in ARRAYS.values():
        assert array.tobytes() in content
