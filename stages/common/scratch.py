"""Room on the disk: asked for before the work, and taken for what memory should not hold."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stages.common.errors import DigitsError

COPY = "for DVC's copy in its cache"
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
def scratch_file(beside: Path) -> Iterator[IO[bytes]]:
    """Yield an empty file for as long as the block runs: in memory, while it is small.

    On the disk it has no name, so that nothing is left of it, whatever ends this process.
    Raises DigitsError, naming `beside`, where the system refuses within the block.
    """
    try:
        with tempfile.SpooledTemporaryFile(HELD, dir=str(_standing(beside))) as file:
            yield file
    except OSError as error:
        raise DigitsError(f"cannot write {beside}: {error.strerror or error}") from error


def _standing(path: Path) -> Path:
    """Return the nearest folder above a path that is there."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
