"""Room on the disk: asked for before the work, and taken for what memory should not hold."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stages.common.errors import DigitsError

COPY = "for DVC's copy in its cache"
_CANNOT = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENODEV, errno.ESPIPE)  # pipes, some file systems
HELD = 32 << 20  # bytes; less than that stays in memory


def refuse_no_room(path: Path, wanted: int, what: str = "for it and beside it") -> None:
    """Raise DigitsError where the disk of `path` has no room for so many bytes more.

    what: what they are for.
    """
    free = shutil.disk_usage(_standing(path)).free
    if wanted > free:
        raise DigitsError(
            f"cannot write {path}: No space left on device: up to {wanted:,} bytes are needed "
            f"there, {what}, and {free:,} are free"
        )


def refuse_no_room_for_outs(path: Path, outs: int, aside: int = 0) -> None:
    """Raise DigitsError where the disk has no room for a stage's outs and for what it puts aside.

    Both in bytes. `path` is the first out. DVC copies outs to its cache, when what was put aside is
    gone.
    """
    refuse_no_room(path, outs + max(outs, aside), f"for it, beside it and {COPY}")


@contextmanager
def scratch_file(beside: Path, size: int = 0) -> Iterator[IO[bytes]]:
    """Yield an empty file for as long as the block runs: in memory, while it is small.

    On the disk it has no name, so that nothing is left of it, whatever ends this process.
    size: how many bytes will be written, where that is known; of many, their room is taken at once.
    Raises DigitsError, naming `beside`, where the system refuses within the block.
    """
    try:
        with tempfile.SpooledTemporaryFile(HELD, dir=str(_standing(beside))) as file:
            if size > HELD:
                reserve(file, 0, size)
            yield file
    except OSError as error:
        raise DigitsError(f"cannot write {beside}: {error.strerror or error}") from error


def reserve(file: IO[bytes], start: int, size: int) -> bool:
    """Give an open file its room on the disk, from a byte on, as zeros that need not be written.

    What is then written there cannot find the disk full, and costs the system less. Tells whether
    the system can do that. Raises OSError where there is no room.
    """
    if not size:
        return True
    if not hasattr(os, "posix_fallocate"):  # macOS
        return False
    try:
        os.posix_fallocate(file.fileno(), start, size)
    except OSError as error:
        if error.errno in _CANNOT:
            return False
        raise
    return True


def _standing(path: Path) -> Path:
    """Return the nearest folder above a path that is there."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
