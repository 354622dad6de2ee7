"""Room on the disk, asked for and taken."""

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
