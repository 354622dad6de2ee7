"""Pieces of the rows as files, at an address that all workers see: written, read, removed.

A file is the pixels of some consecutive rows, image after image, and then their digits: bytes
alone. Its name is the SHA-256 of all that, so that a worker knows whether it read what was written.
"""

import hashlib
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import fsspec
import numpy as np
import numpy.typing as npt
from botocore.exceptions import BotoCoreError
from fsspec.implementations.local import LocalFileSystem

from stages.cluster.asked import DATA
from stages.common.errors import DigitsError
from stages.common.pieces import spans
from stages.common.scratch import refuse_no_room

Bytes = npt.NDArray[np.uint8]

# What reading and writing at an address raises: the system's errors, no such kind of address, one
# that cannot be written, as http://; what reads it is not installed; and of s3://, no credentials,
# or nobody there.
_FAULTS = (OSError, ValueError, NotImplementedError, ImportError, BotoCoreError)


class PieceFile(NamedTuple):
    """A piece: rows from `start`, `rows` of them, of so many pixels each, in the file at `url`."""

    start: int
    rows: int
    pixels: int
    url: str


class Held(NamedTuple):
    """A piece in memory: rows from `start`, X (n, side²) with digits (n,)."""

    start: int
    X: Bytes
    labels: Bytes


@contextmanager
def written(X: Bytes, Y: Bytes, address: str, piece_rows: int) -> Iterator[list[PieceFile]]:
    """Write rows X (m, side²), one-hot Y (m, 10), in pieces; remove them when the block ends.

    Raises DigitsError where the address cannot be written.
    """
    with _told("write"):
        files, folder = fsspec.url_to_fs(address)
        here = isinstance(files, LocalFileSystem)
        folder = f"{folder.rstrip('/')}/digits-{secrets.token_hex(8)}"
        if here:
            refuse_no_room(Path(folder), X.size + len(X))
        files.makedirs(folder)
    try:
        with _told("write"):
            pieces = [
                _write(files, folder, here, rows.start, X[rows], Y[rows])
                for rows in spans(len(X), piece_rows)
            ]
        yield pieces
    finally:
        _remove(files, folder)


def _write(
    files: fsspec.AbstractFileSystem, folder: str, here: bool, start: int, X: Bytes, Y: Bytes
) -> PieceFile:
    """Write one piece."""
    content = X.tobytes() + Y.argmax(axis=1).astype(np.uint8).tobytes()
    path = f"{folder}/{hashlib.sha256(content).hexdigest()}"
    with files.open(path, "wb") as file:
        file.write(content)
    return PieceFile(start, len(X), X.shape[1], path if here else files.unstrip_protocol(path))


def _remove(files: fsspec.AbstractFileSystem, folder: str) -> None:
    """Remove all pieces; where that fails, tell of it and go on."""
    try:
        if files.exists(folder):
            files.rm(folder, recursive=True)
    except _FAULTS as error:
        print(f"{folder} is left, of no more use: {error}", file=sys.stderr)


def read(piece: PieceFile) -> Held:
    """Return a piece; raises DigitsError where it cannot be read, or is not what was written."""
    with _told(f"read {piece.url} of"), fsspec.open(piece.url, "rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != piece.url.rpartition("/")[2]:
        raise DigitsError(f"{piece.url} is not what was written there: its SHA-256 is another")
    numbers, size = np.frombuffer(content, np.uint8), piece.rows * piece.pixels
    return Held(piece.start, numbers[:size].reshape(piece.rows, -1), numbers[size:])


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Within the block, have what an address raises say so in one line."""
    try:
        yield
    except _FAULTS as error:
        raise DigitsError(
            f"cannot {what} {DATA}: {str(error) or type(error).__name__}; expected an address that "
            "this process and all workers can read, and this one can write"
        ) from error
