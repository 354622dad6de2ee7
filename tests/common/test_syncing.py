"""A large file comes to the disk while it is written."""

import os
from pathlib import Path

import numpy as np
import pytest

from stages.common import syncing
from stages.common.artifacts import npz
from stages.common.errors import DigitsError


def test_what_is_written_is_synced_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, sync = list[int](), os.fsync

    def noting(handle: int) -> None:
        sizes.append(os.fstat(handle).st_size)
        sync(handle)

    monkeypatch.setattr(syncing, "_BYTES", 1000)
    monkeypatch.setattr(os, "fsync", noting)
    pieces = [np.full((1000, 8), number, np.uint8) for number in range(50)]
    npz.write(tmp_path / "a.npz", {"X": npz.Stream(np.uint8, (50_000, 8), pieces)}, 1)
    whole = (tmp_path / "a.npz").stat().st_size
    assert any(0 < size < whole for size in sizes)
    assert np.array_equal(npz.read(tmp_path / "a.npz", 1, "encode")["X"], np.concatenate(pieces))


def test_a_disk_that_refuses_on_the_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    npz.write(path, {"X": np.zeros(9)}, 1)
    before, sync, refused = path.read_bytes(), os.fsync, list[int]()

    def refusing_once(handle: int) -> None:
        if not refused:
            refused.append(handle)
            raise OSError(5, "Input/output error")
        sync(handle)

    monkeypatch.setattr(syncing, "_BYTES", 8)
    monkeypatch.setattr(os, "fsync", refusing_once)
    with pytest.raises(DigitsError, match=r"cannot write .*a\.npz: Input/output error"):
        npz.write(path, {"X": np.ones(9)}, 1)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.npz"]
