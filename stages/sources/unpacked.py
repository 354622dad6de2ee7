"""The files of a source as streams of bytes, unpacked where they are packed, within bounds."""

import bz2
import gzip
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyarrow as pa

from stages.common.errors import DigitsError
from stages.sources import xz

PIECE = 4 << 20  # bytes read at once
_SPARE = 64 << 20  # bytes of the disk that nothing is unpacked into
_SEARCHED = 1 << 30  # bytes of a file that is refused already: a few kilobytes may unpack to more

# What the libraries raise on bytes that are not those of a whole file of their kind: a member
# of an archive that is encrypted gives a RuntimeError, one packed in another way a
# NotImplementedError, which is one.
_UNREADABLE = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
    LookupError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    pa.ArrowException,
)


class Input(NamedTuple):
    """A file, on the disk or in an archive.

    name: what messages call it. open: opens its bytes anew, from the first on.
    seekable: whether what it opens can be read in any order for free.
    """

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    seekable: bool = True


class _Packing(NamedTuple):
    """A way to pack one file: the bytes that it starts with, its name, suffix and reader."""

    magic: bytes
    kind: str
    suffix: str
    reader: Callable[[Any], AbstractContextManager[Any]]


def _open_zstd(file: IO[bytes]) -> AbstractContextManager[Any]:
    """Return the unpacked stream of a zstd file."""
    opened: AbstractContextManager[Any] = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
    return opened


_PACKINGS = (
    _Packing(b"\x1f\x8b", "gzip", ".gz", lambda file: gzip.GzipFile(fileobj=file, mode="rb")),
    _Packing(b"BZh", "bzip2", ".bz2", bz2.BZ2File),
    _Packing(b"\xfd7zXZ\0", "xz", ".xz", xz.opened),
    _Packing(b"\x28\xb5\x2f\xfd", "zstd", ".zst", _open_zstd),
)


def on_disk(path: Path) -> Input:
    """Return a file on the disk."""
    return Input(str(path), lambda: path.open("rb"))


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what a library raises on a damaged or missing file into a DigitsError with its name."""
    try:
        yield
    except _UNREADABLE as error:
        reason = str(error) or type(error).__name__
        raise DigitsError(f"cannot read {name}: {reason}") from error


def head(source: Input, size: int) -> bytes:
    """Return at most the first `size` bytes of a file; raises DigitsError."""
    with reading(source.name), source.open() as file:
        return file.read(size)


def unpacked(source: Input) -> Input:
    """Return a file as it was before gzip, bzip2, xz or zstd; itself, if its bytes are not theirs.

    Raises DigitsError where its name promises one of them, and where it is packed twice.
    """
    start = head(source, 6)
    packing = _packing(start)
    if packing is None:
        _refuse_promise(source.name, start)
        return source

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with source.open() as file, packing.reader(file) as content:
            yield content

    inner = Input(source.name, opened, seekable=False)
    if _packing(head(inner, 6)) is not None:
        raise DigitsError(f"{source.name}: it is packed twice; expected it packed once, or not")
    return inner


def _packing(start: bytes) -> _Packing | None:
    """Return how a file is packed, by its first bytes."""
    return next((packing for packing in _PACKINGS if start.startswith(packing.magic)), None)


def _refuse_promise(name: str, start: bytes) -> None:
    """Raise DigitsError for a file whose name says that it is packed, unless it is empty."""
    for packing in _PACKINGS if start else ():
        if name.endswith(packing.suffix):
            raise DigitsError(
                f"cannot read {name}: its name ends in {packing.suffix}, but it starts with "
                f"{start[:2]!r} and not as {packing.kind} does ({packing.magic!r}); "
                f"expected a file packed so, or another name"
            )


def bare_name(name: str) -> str:
    """Return a file's name without the suffix of its packing."""
    for packing in _PACKINGS:
        name = name.removesuffix(packing.suffix)
    return name


def pieces(source: Input) -> Iterator[bytes]:
    """Yield the bytes of a file, at most PIECE at once.

    Raises DigitsError where they cannot be read or unpacked.
    """
    with reading(source.name), source.open() as file:
        while piece := file.read(PIECE):
            yield piece


@contextmanager
def seekable(source: Input) -> Iterator[IO[bytes]]:
    """Open a file to be read in any order: by way of a temporary one without a name, if packed.

    Raises DigitsError where the disk has no room for that.
    """
    if source.seekable:
        with reading(source.name), source.open() as file:
            yield file
        return
    with reading(source.name), tempfile.TemporaryFile() as file:
        for piece in pieces(source):
            refuse_to_unpack(source.name, file.tell(), len(piece))
            file.write(piece)
        file.seek(0)
        yield file


def refuse_to_unpack(name: str, done: int, more: int) -> None:
    """Raise DigitsError where unpacked bytes would fill the disk that they go to."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < more + _SPARE:
        raise DigitsError(
            f"{name}: unpacked, it holds more than {done:,} bytes, and {free:,} are free in "
            f"{folder}, where it has to lie meanwhile; expected room for it"
        )


def read_exactly(file: IO[bytes], size: int) -> bytes:
    """Return so many bytes of a file, or all that are left."""
    content = bytearray()
    while len(content) < size and (piece := file.read(size - len(content))):
        content += piece
    return bytes(content)


def refuse_damaged(source: Input) -> None:
    """Raise DigitsError for a packed file that does not unpack to what was packed."""
    if not source.seekable:
        for _ in islice(pieces(source), _SEARCHED // PIECE):
            pass  # at the end, its checksum is compared
