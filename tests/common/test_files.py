"""A file is there whole or not at all."""

import errno
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.files import replacing, together
from tests import processes
from tests.common.shared import REPOSITORY, message_of


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


@given(old=st.none() | st.binary(max_size=100), new=st.binary(max_size=100))
def test_the_new_content_takes_the_place_of_the_old(
    old: bytes | None, new: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("replaced")
    if old is not None:
        (folder / "a").write_bytes(old)
    write(folder / "a", new)
    assert (folder / "a").read_bytes() == new
    assert names_in(folder) == ["a"]


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write(tmp_path / "b" / "c" / "a", b"new")
    assert (tmp_path / "b" / "c" / "a").read_bytes() == b"new"


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    (tmp_path / "link").symlink_to(tmp_path / "a")  # as /dev/stdout is
    reader = os.open(tmp_path / "a", os.O_RDONLY | os.O_NONBLOCK)
    for path in (tmp_path / "a", tmp_path / "link"):
        write(path, b"new")
        assert os.read(reader, 9) == b"new"
    os.close(reader)
    assert (tmp_path / "a").is_fifo()
    assert (tmp_path / "link").is_symlink()


def test_a_reader_sees_the_old_file_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with replacing(path) as file:
        for _ in range(3):
            file.write(b"new" * 100_000)
            file.flush()
            assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new" * 300_000


def test_a_reader_sees_no_file_before_the_first_is_whole(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as file:
        file.write(b"new")
        file.flush()
        assert not (tmp_path / "a").exists()


def test_a_reader_that_has_the_old_file_open_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with (tmp_path / "a").open("rb") as reader:
        write(tmp_path / "a", b"new")
        assert reader.read() == b"old"


def write_half(path: Path, error: BaseException) -> None:
    with replacing(path) as file:
        file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(1)])
@pytest.mark.parametrize("old", [b"old", None])
def test_an_exception_leaves_the_old_file_alone(
    error: BaseException, old: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(type(error)) as caught:
        write_half(path, error)
    assert caught.value is error
    assert names_in(tmp_path) == ([] if old is None else ["a"])
    assert old is None or path.read_bytes() == old


def test_files_that_are_replaced_together_take_their_places_at_the_end(tmp_path: Path) -> None:
    write(tmp_path / "a", b"old")
    with together():
        for name in ("a", "b", "a"):
            write(tmp_path / name, f"new {name}".encode())
        assert (tmp_path / "a").read_bytes() == b"old"
    assert [(tmp_path / name).read_bytes() for name in names_in(tmp_path)] == [b"new a", b"new b"]
    write(tmp_path / "a", b"newer")
    assert (tmp_path / "a").read_bytes() == b"newer"


def write_one_and_a_half(folder: Path) -> None:
    with together():
        write(folder / "a", b"new")
        write_half(folder / "b", SystemExit(1))


def test_where_one_cannot_be_written_none_of_them_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "a", b"old")
    with pytest.raises(SystemExit):
        write_one_and_a_half(tmp_path)
    assert names_in(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def write_where_a_folder_is(path: Path) -> None:
    with together():
        write(path, b"new")
        path.mkdir()


def test_a_place_that_cannot_be_taken_is_named(tmp_path: Path) -> None:
    message = message_of(lambda: write_where_a_folder_is(tmp_path / "a"))
    assert message.startswith(f"cannot write {tmp_path / 'a'}: ")
    assert names_in(tmp_path) == ["a"]


KILLED = """
import os, signal, sys
from pathlib import Path
from stages.common.files import replacing

with replacing(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    killed = processes.run([sys.executable, "-c", KILLED, path], cwd=REPOSITORY)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    # What it leaves beside the file is what Git ignores and `make clean` removes.
    (left,) = set(names_in(tmp_path)) - {"a"}
    assert left.startswith(".")
    assert left.endswith(".part")


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Set the mask of file modes for the length of a test."""
    mask: int = request.param
    old = os.umask(mask)
    yield mask
    # The function under test has to put it back too.
    assert os.umask(old) == mask


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o027, 0o077], indirect=True)
@pytest.mark.parametrize("there", [True, False])
def test_the_mode_is_that_of_any_new_file(umask: int, there: bool, tmp_path: Path) -> None:
    if there:
        (tmp_path / "a").touch(mode=0o600)
    write(tmp_path / "a", b"new")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


def test_a_link_is_replaced_and_its_target_kept(tmp_path: Path) -> None:
    # As in DVC's cache, which files may be links into: what it holds never changes.
    (tmp_path / "cached").write_bytes(b"old")
    (tmp_path / "a").symlink_to("cached")
    write(tmp_path / "a", b"new")
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "cached").read_bytes() == b"old"


def test_a_hard_link_is_broken(tmp_path: Path) -> None:
    (tmp_path / "cached").write_bytes(b"old")
    (tmp_path / "a").hardlink_to(tmp_path / "cached")
    write(tmp_path / "a", b"new")
    assert (tmp_path / "cached").read_bytes() == b"old"


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").write_bytes(b"old")
    path = tmp_path / "folder" / "a"
    assert str(path) in message_of(lambda: write(path, b"new"))
    assert (tmp_path / "folder").read_bytes() == b"old"


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    message = message_of(lambda: write(tmp_path / "a", b"new"))
    assert str(tmp_path / "a") in message
    assert "directory" in message
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_refuses_is_named(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, call, refuse)
    message = message_of(lambda: write(tmp_path / "a", b"new"))
    assert str(tmp_path / "a") in message
    assert "No space left on device" in message
    assert names_in(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_the_bytes_are_on_the_disk_before_the_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        calls.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def noted_replace(source: Path, target: Path) -> None:
        calls.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    write(tmp_path / "a", b"new")
    assert calls == ["file", "rename", "folder"]
