"""How far training has come, kept so that a killed run can go on and a longer one go further.

Checkpoints live in a folder that Git and DVC do not know. Each is named by a fingerprint of all
that decides what its epochs gave: to go on from one gives the same bytes as never to have stopped.
One that is damaged or not ours is told of and left unused.
"""

import hashlib
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz
from stages.common.errors import DigitsError

FOLDER = Path(".cache/train")
MOST_FILES = 5
SAVE_SECONDS = 2.0  # from one save to the next, at least
_SAVE_SHARE = 0.01  # of the time that saving may take

_VERSION = 3
_STATE, _COURSE, _LOOKS = "state_", "course_", "looks"


class Progress(NamedTuple):
    """Training after some epochs.

    arrays: all that it goes on from, by name. course: what each epoch found, in lists by name, of
    which there is one at least. looks: (k, p) what was kept of all p parameters on the way.
    """

    arrays: dict[str, npt.NDArray[Any]]
    course: dict[str, list[float]]
    looks: npt.NDArray[np.float32]

    @property
    def epochs(self) -> int:
        """Return how many epochs are done."""
        return len(next(iter(self.course.values())))


def fingerprint(parts: Iterable[bytes | str | npt.NDArray[np.generic]]) -> str:
    """Return a SHA-256, in hexadecimal, of some texts and arrays, their types and shapes."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).data)
        else:
            content = part if isinstance(part, bytes) else part.encode()
            digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()


class Keeper:
    """Keeps the checkpoints of one run: `keep` when it is time, `save` at once."""

    def __init__(self, key: str) -> None:
        """Keep them under the fingerprint `key`."""
        self.path = FOLDER / f"{key}.npz"
        self._key = key
        self._next = time.monotonic() + SAVE_SECONDS
        self._failed = False  # the last time

    def keep(self, progress: Progress) -> None:
        """Save the progress if the last save is long enough ago."""
        if time.monotonic() >= self._next:
            self.save(progress)

    def save(self, progress: Progress) -> None:
        """Save the progress; that it cannot be saved is told, once, and stops nothing."""
        started = time.monotonic()
        arrays = _to_arrays(progress)
        stamp = {"key": np.array(self._key), "seal": np.array(_seal(self._key, arrays))}
        try:
            npz.write(self.path, {**arrays, **stamp}, _VERSION)
            _prune()
            self._failed = False
        except (DigitsError, OSError) as error:
            if not self._failed:
                print(f"no checkpoint: {error}", file=sys.stderr)
            self._failed = True
        now = time.monotonic()
        self._next = now + max(SAVE_SECONDS, (now - started) / _SAVE_SHARE)

    def load(self, start: Progress, epochs: int) -> Progress:
        """Return the saved progress of fewer than `epochs` epochs, or `start` if there is none."""
        if not self.path.exists():
            return start
        try:
            arrays = npz.read(self.path, _VERSION, "train")
            fault = _wrong(arrays, self._key, start)
        except DigitsError as error:
            fault = str(error)
        if fault:
            print(f"checkpoint {self.path} is not used: {fault}", file=sys.stderr)
            return start
        progress = _from_arrays(arrays)
        return progress if progress.epochs < epochs else start


def _to_arrays(progress: Progress) -> npz.Arrays:
    """Return the arrays of a checkpoint, without key and seal."""
    state = {_STATE + name: array for name, array in progress.arrays.items()}
    course = {_COURSE + name: np.array(found) for name, found in progress.course.items()}
    return state | course | {_LOOKS: progress.looks}


def _from_arrays(arrays: npz.Arrays) -> Progress:
    """Return the progress in the arrays of a checkpoint."""
    state, course = (
        {name.removeprefix(kind): arrays[name] for name in arrays if name.startswith(kind)}
        for kind in (_STATE, _COURSE)
    )
    found = {name: values.tolist() for name, values in course.items()}
    return Progress(state, found, arrays[_LOOKS].view(np.float32))


def _seal(key: str, arrays: npz.Arrays) -> str:
    """Return a digest of all that a checkpoint says, by which an edited one is noticed."""
    parts: list[str | npt.NDArray[np.generic]] = [key]
    for name in sorted(arrays):
        parts += [name, arrays[name]]
    return fingerprint(parts)


def _wrong(arrays: npz.Arrays, key: str, start: Progress) -> str | None:
    """Say why a checkpoint cannot be trusted, or return None."""
    stamps = {name: str(arrays.pop(name, "")) for name in ("key", "seal")}
    if stamps["key"] != key:
        return "it is of another run"
    if stamps["seal"] != _seal(key, arrays):
        return "its content is not what was saved"
    wanted = _to_arrays(start)
    epochs = {array.shape for name, array in arrays.items() if name.startswith(_COURSE)}
    if _forms(arrays) != _forms(wanted) or len(epochs) > 1:
        return "its arrays are not those of this network"
    return None


def _forms(arrays: npz.Arrays) -> dict[str, tuple[Any, ...]]:
    """Return the type and the shape of each array; of one that grows, that of its rows."""
    return {
        name: (x.dtype, x.shape[1:] if name == _LOOKS or name.startswith(_COURSE) else x.shape)
        for name, x in arrays.items()
    }


def _prune() -> None:
    """Delete all but the newest files of the folder."""
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    newest_first = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[MOST_FILES:]:
        path.unlink(missing_ok=True)
