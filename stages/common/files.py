"""Write a file so that it is there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from stages.common.errors import DigitsError

_STREAMS = (Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd"))  # the open files of a process

# Of the block of `together` that runs: files that are whole, and whose places they are to take.
_waiting: ContextVar[list[tuple[Path, Path]] | None] = ContextVar("_waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Let the files that are replaced in the block take their places when it ends without error.

    So where a disk fills up, all of them are the old ones. Only where a renaming itself fails, or a
    kill comes between two of them, are those before it new and the rest old. Raises DigitsError as
    `replacing`.
    """
    made: list[tuple[Path, Path]] = []
    before = _waiting.set(made)
    try:
        yield
        for beside, path in made:
            with _naming(path):
                _put(beside, path)
    finally:
        _waiting.reset(before)
        for beside, _ in made:
            beside.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the place of `path` when the block ends without error.

    The bytes go to a file beside `path`, are synced, and are renamed over it: a reader sees
    the old file or the new one, whatever kills the writer. Creates missing folders. What is no
    file (a pipe, /dev/null) stays what it is, and is written to. Raises DigitsError, naming the
    file, where the system refuses (a full disk, a read-only folder).
    """
    with _naming(path), path.open("ab") if _is_stream(path) else _beside(path) as file:
        yield file


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn what the system raises into a DigitsError that names the file."""
    try:
        yield
    except OSError as error:
        raise DigitsError(f"cannot write {path}: {error.strerror or error}") from error


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """Yield a new file beside `path` that is renamed over it at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
    ) as file:
        beside = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            # A temporary file is private; an artifact has the mode that any new file has.
            beside.chmod(0o666 & ~_umask())
            waiting = _waiting.get()
            if waiting is None:
                _put(beside, path)
            else:
                waiting.append((beside, path))
        except BaseException:
            beside.unlink(missing_ok=True)  # gone, if a Ctrl-C came after the rename
            raise


def _put(beside: Path, path: Path) -> None:
    """Rename a file over another, for good."""
    beside.replace(path)
    _sync_folder(path.parent)


def _is_stream(path: Path) -> bool:
    """Tell whether a path is a device or a pipe, or leads to one, as /dev/stdout does."""
    if not path.exists() or path.is_dir():
        return False
    return not path.is_file() or path.absolute().parent in _STREAMS


def _umask() -> int:
    """Return the process's file mode mask, which can be read only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` outlast a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
