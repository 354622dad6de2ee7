"""A stage that cannot write says so in one line, leaves what was there, and recovers."""

import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from stages.common import files
from stages.common.artifacts import npz, parquet, reports
from tests import processes
from tests.faults.stages import STAGES, Outcome, run_here, run_process, run_unprivileged

whole = pytest.mark.whole
# They write through one function: of each format, one stage is enough.
QUICK = ("split", "encode", "plot")
some_stages = pytest.mark.parametrize(
    "stage", [stage if stage in QUICK else pytest.param(stage, marks=whole) for stage in STAGES]
)
one_stage = pytest.mark.parametrize(
    "stage", [stage if stage == "encode" else pytest.param(stage, marks=whole) for stage in STAGES]
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the root of a file system of 4 MB, which is unmounted afterwards."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if processes.run(command).returncode != 0:
        pytest.skip("this machine does not let root mount a file system")
    yield folder
    assert processes.run(["umount", "--lazy", str(folder)]).returncode == 0


def contents(folder: Path) -> dict[str, bytes]:
    """Return every artifact and report, half-written ones included."""
    files = [*folder.glob("data/**/*"), *folder.glob("reports/**/*")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


def fill(folder: Path, pages: int) -> Path:
    """Fill a disk so that only some pages are free; return the file that does it."""
    filler = folder / "filler"
    room = os.statvfs(folder)
    filler.write_bytes(bytes((room.f_bavail - pages) * room.f_frsize))
    return filler


def assert_cannot_write(outcome: Outcome, stage: str, why: str) -> None:
    assert outcome.code == 1
    assert len(outcome.lines) == 1, outcome.lines
    assert f"{stage}: cannot write " in outcome.lines[0]
    assert why in outcome.lines[0]


@pytest.mark.parametrize("pages", [0, *(pytest.param(n, marks=whole) for n in (1, 3))])
@some_stages
def test_a_full_disk(
    stage: str,
    pages: int,
    made_project: Path,
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = small_disk / "project"
    shutil.copytree(made_project, folder)
    monkeypatch.chdir(folder)
    before = contents(folder)
    filler = fill(small_disk, pages)
    outcome = run_here(stage, capsys)
    if outcome.code != 0 or pages == 0:
        assert_cannot_write(outcome, stage, "No space left on device")
    assert contents(folder) == before
    filler.unlink()
    again = run_here(stage, capsys)
    assert again.code == 0
    # Three epochs teach nothing, and evaluate says so.
    assert [line for line in again.lines if not line.startswith("evaluate: warning: ")] == []
    assert contents(folder) == before
    monkeypatch.chdir("/")


@pytest.mark.parametrize("writes", [3, pytest.param(1, marks=whole), pytest.param(9, marks=whole)])
@pytest.mark.parametrize("stage", ["split", "encode", pytest.param("evaluate", marks=whole)])
def test_a_disk_that_fills_up_in_the_middle(
    stage: str,
    writes: int,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    before = contents(project)
    monkeypatch.setattr(files, "replacing", filling(writes))
    for module in (npz, parquet, reports):
        monkeypatch.setattr(module, "replacing", files.replacing)
    assert_cannot_write(run_here(stage, capsys), stage, "No space left on device")
    assert contents(project) == before


LAST = {"split": 2, "encode": 2, "train": 2, "evaluate": 5, "plot": 4, "export": 1}


@pytest.mark.parametrize(
    "stage", [stage if stage in ("split", "evaluate") else pytest.param(stage, marks=whole)
              for stage in LAST]
)  # fmt: skip
def test_a_disk_that_fills_up_at_the_last_file(
    stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = [path for path in project.glob("[dr]*/**/*") if path.is_file()]
    before = {path: path.stat().st_ino for path in outs}
    left = iter(range(LAST[stage]))
    monkeypatch.setattr(os, "fsync", lambda _: refuse() if next(left, None) is None else None)
    assert_cannot_write(run_here(stage, capsys), stage, "No space left on device")
    assert {path: path.stat().st_ino for path in outs} == before


def refuse() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Filling(io.BufferedIOBase):
    """A file on a disk that fills up: each write takes one of those that are left."""

    def __init__(self, file: IO[bytes], left: Iterator[int]) -> None:
        self._file, self._left = file, left

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, content: Any) -> int:
        if next(self._left, None) is None:
            refuse()
        return self._file.write(content)


def filling(writes: int) -> Callable[[Path], AbstractContextManager[IO[bytes]]]:
    """Return `replacing` on a disk that has room for so many writes."""
    left, replacing = iter(range(writes)), files.replacing

    @contextmanager
    def full(path: Path) -> Iterator[IO[bytes]]:
        with replacing(path) as file:
            yield Filling(file, left)  # type: ignore[misc]

    return full


@one_stage
def test_no_file_may_grow(stage: str, project: Path) -> None:
    before = contents(project)
    limited = ["bash", "-c", 'ulimit -f 0; exec "$@"', "bash"]
    outcome = run_process(stage, project, before=limited)
    assert_cannot_write(outcome, stage, "File too large")
    assert contents(project) == before


@one_stage
def test_a_folder_that_must_not_be_written(
    stage: str, made_project: Path, open_folder: Path
) -> None:
    folder = open_folder / "project"
    shutil.copytree(made_project, folder)
    shutil.rmtree(folder / ".cache")
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    before = contents(folder)
    try:
        outcome = run_unprivileged(stage, folder)
    finally:
        for path in folders:
            path.chmod(0o755)
    assert_cannot_write(outcome, stage, "Permission denied")
    assert contents(folder) == before
