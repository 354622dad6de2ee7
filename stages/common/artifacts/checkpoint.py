"""How far training has come, kept so that a killed run can go on and a longer one go further.

Checkpoints live in a folder that Git and DVC do not know. Each is named by a fingerprint of all
that decides the result, except the number of epochs: to go on from one gives the same bytes as
never to have stopped. One that is damaged or not ours is told of and left unused.
"""

import hashlib
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz
from stages.common.errors import DigitsError

FOLDER = Path(".cache/train")
MOST_FILES = 5
SAVE_SECONDS = 2.0  # from one save to the next, at least
_SAVE_SHARE = 0.01  # of the time that saving may take

_VERSION = 1

Floats = npt.NDArray[np.floating]
Layers = list[tuple[Floats, Floats]]


class Progress(NamedTuple):
    """Training after some epochs: each layer's W and b, and the course of cost and accuracy."""

    parameters: Layers
    cost: list[float]
    accuracy: list[float]


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

    def keep(self, progress: Progress) -> None:
        """Save the progress if the last save is long enough ago."""
        if time.monotonic() >= self._next:
            self.save(progress)

    def save(self, progress: Progress) -> None:
        """Save the progress; that it cannot be saved is told, and stops nothing."""
        started = time.monotonic()
        arrays = _to_arrays(progress)
        stamp = {"key": np.array(self._key), "seal": np.array(_seal(self._key, arrays))}
        try:
            npz.write(self.path, {**arrays, **stamp}, _VERSION)
            _prune()
        except (DigitsError, OSError) as error:
            print(f"no checkpoint: {error}", file=sys.stderr)
        now = time.monotonic()
        self._next = now + max(SAVE_SECONDS, (now - started) / _SAVE_SHARE)

    def load(self, start: Layers, epochs: int) -> Progress | None:
        """Return the saved progress of fewer than `epochs` epochs from `start`, if there is any."""
        if not self.path.exists():
            return None
        try:
            arrays = npz.read(self.path, _VERSION, "train")
            fault = _wrong(arrays, self._key, start)
        except DigitsError as error:
            fault = str(error)
        if fault:
            print(f"checkpoint {self.path} is not used: {fault}", file=sys.stderr)
            return None
        progress = _from_arrays(arrays, len(start))
        return progress if len(progress.cost) < epochs else None


def _to_arrays(progress: Progress) -> npz.Arrays:
    """Return the arrays of a checkpoint, without key and seal."""
    arrays: npz.Arrays = {
        "cost": np.array(progress.cost, np.float64),
        "accuracy": np.array(progress.accuracy, np.float64),
    }
    for number, (W, b) in enumerate(progress.parameters, start=1):
        arrays |= {f"W{number}": W, f"b{number}": b}
    return arrays


def _from_arrays(arrays: npz.Arrays, layers: int) -> Progress:
    """Return the progress in the arrays of a checkpoint."""
    pairs = [(arrays[f"W{n}"], arrays[f"b{n}"]) for n in range(1, layers + 1)]
    return Progress(
        [(W.view(W.dtype), b.view(b.dtype)) for W, b in pairs],
        arrays["cost"].tolist(),
        arrays["accuracy"].tolist(),
    )


def _seal(key: str, arrays: npz.Arrays) -> str:
    """Return a digest of all that a checkpoint says, by which an edited one is noticed."""
    parts: list[str | npt.NDArray[np.generic]] = [key]
    for name in sorted(arrays):
        parts += [name, arrays[name]]
    return fingerprint(parts)


def _wrong(arrays: npz.Arrays, key: str, start: Sequence[tuple[Floats, Floats]]) -> str | None:
    """Say why a checkpoint cannot be trusted, or return None."""
    stamps = {name: str(arrays.pop(name, "")) for name in ("key", "seal")}
    if stamps["key"] != key:
        return "it is of another run"
    if stamps["seal"] != _seal(key, arrays):
        return "its content is not what was saved"
    epochs = arrays["cost"].shape if "cost" in arrays else (0,)
    wanted = _to_arrays(Progress(list(start), [], []))
    shapes = {name: (array.dtype, array.shape) for name, array in wanted.items()}
    shapes |= {name: (np.dtype(np.float64), epochs) for name in ("cost", "accuracy")}
    if {name: (array.dtype, array.shape) for name, array in arrays.items()} != shapes:
        return "its arrays are not those of this network"
    return None


def _prune() -> None:
    """Delete all but the newest files of the folder."""
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    newest_first = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[MOST_FILES:]:
        path.unlink(missing_ok=True)
