"""Large arrays in memory and in a mapped file."""

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.common import mapped
from stages.common.mapped import Arrays
from tests.common.shared import message_of


def is_mapped(array: npt.NDArray[Any]) -> bool:
    """Tell whether an array's memory is another object's."""
    base = array
    while isinstance(base.base, np.ndarray):
        base = base.base
    return base.base is not None


@pytest.mark.parametrize("most", [1 << 20, 256 << 20])
def test_arrays_beyond_what_memory_is_to_hold_are_mapped(
    tmp_path: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "_MOST", most)
    with Arrays(tmp_path / "x", 1000) as room:
        room.expect(3_000_000)
        some = [room.empty((125,), float), *(room.empty((3, 100_000), np.int32) for _ in range(3))]
        for number, array in enumerate(some):
            array[...] = number
        assert [is_mapped(array) for array in some] == [False, True, True, True]
        assert [*tmp_path.iterdir()] == []
    # Whoever still has one may use it.
    assert [np.unique(array).tolist() for array in some] == [[0], [1], [2], [3]]
    assert all(array.ctypes.data % 64 == 0 for array in some[1:])


def test_a_copy_of_this_process_sees_the_file(tmp_path: Path) -> None:
    with Arrays(tmp_path / "x", 0) as room:
        array = room.empty((2,), np.uint8)
        array[:] = 7
        pid = os.fork()
        if pid == 0:
            os._exit(int(array[1]))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_what_the_disk_has_no_room_for_is_refused_before_the_work(tmp_path: Path) -> None:
    with Arrays(tmp_path / "x", 1 << 20) as room:
        room.expect(1 << 20)
        message = message_of(lambda: room.expect(10**18 + (1 << 20)))
    assert message.startswith(f"cannot write {tmp_path / 'x'}: No space left on device")
    assert "1,000,000,000,000,000,000 bytes are needed" in message


def test_a_disk_that_is_full_in_the_middle_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with Arrays(tmp_path / "x", 0) as room:
        room.empty((1,), np.uint8)
        monkeypatch.setattr("stages.common.mapped.mmap.mmap", full)
        message = message_of(lambda: room.empty((1 << 25,), np.uint8))
    assert message.startswith(f"cannot write {tmp_path / 'x'}: No space left on device: ")


def test_an_array_that_is_read_soon_is_asked_of_the_disk_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[tuple[int, int, int]]()

    class Mapping(mmap.mmap):
        def madvise(self, *advice: int) -> None:
            asked.append(advice)  # type: ignore[arg-type]
            super().madvise(*advice)

    monkeypatch.setattr("stages.common.mapped.mmap.mmap", Mapping)
    with Arrays(tmp_path / "x", 100) as room:
        held, first, second = (room.empty((size,), np.uint8) for size in (100, 5000, 9000))
        for array in (held, first, second):
            room.soon(array)
    page = mmap.PAGESIZE
    start = -(-5000 // 64) * 64
    assert asked == [
        (mmap.MADV_WILLNEED, 0, 5000),
        (mmap.MADV_WILLNEED, start - start % page, 9000 + start % page),
    ]
