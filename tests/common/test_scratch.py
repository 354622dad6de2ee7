"""Room on the disk, asked for and taken."""

import errno
import os
from pathlib import Path

import pytest

from stages.common import scratch
from tests.common.shared import message_of


def test_what_is_needed_and_what_is_free_is_told(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "yet.npz"
    scratch.refuse_no_room(path, 1)
    message = message_of(lambda: scratch.refuse_no_room(path, 10**18))
    assert message.startswith(f"cannot write {path}: No space left on device: up to ")
    assert "1,000,000,000,000,000,000 bytes are needed" in message
    assert message.endswith(" are free")
    assert not path.parent.exists()


@pytest.mark.parametrize(("aside", "wanted"), [(0, 2 * 10**18), (3 * 10**18, 4 * 10**18)])
def test_outs_are_needed_twice_once_what_was_aside_is_gone(
    tmp_path: Path, aside: int, wanted: int
) -> None:
    path = tmp_path / "a.npz"
    scratch.refuse_no_room_for_outs(path, 1)
    message = message_of(lambda: scratch.refuse_no_room_for_outs(path, 10**18, aside))
    assert f"up to {wanted:,} bytes are needed there, " in message
    assert "for it, beside it and for DVC's copy in its cache, and " in message


def test_a_system_that_refuses_is_told_of_by_the_name_of_what_is_made(tmp_path: Path) -> None:
    def refused() -> None:
        with scratch.scratch_file(tmp_path / "x.npz"):
            raise OSError(28, "No space left on device")

    assert message_of(refused) == f"cannot write {tmp_path / 'x.npz'}: No space left on device"


def test_room_is_taken_before_it_is_written(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        if scratch.reserve(file, 0, 9000):  # where the system can
            assert (tmp_path / "x").stat().st_size == 9000
        assert scratch.reserve(file, 0, 0)
        file.write(b"some")
    assert (tmp_path / "x").read_bytes().startswith(b"some")


def test_where_no_room_can_be_taken_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/null").open("wb") as nothing:
        assert not scratch.reserve(nothing, 0, 10)
    monkeypatch.delattr("os.posix_fallocate", raising=False)  # as on macOS
    with (tmp_path / "x").open("wb") as file:
        assert not scratch.reserve(file, 0, 10)


def test_a_disk_without_room_to_take_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.posix_fallocate", full, raising=False)
    with (tmp_path / "x").open("wb") as file, pytest.raises(OSError, match="No space left"):
        scratch.reserve(file, 0, 10)


def test_a_large_scratch_file_has_its_room_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(scratch, "HELD", 10)
    monkeypatch.setattr(scratch, "reserve", lambda *asked: taken.append(asked[-1]))
    for size in (10, 11):
        with scratch.scratch_file(tmp_path / "x", size):
            pass
    assert taken == [11]
