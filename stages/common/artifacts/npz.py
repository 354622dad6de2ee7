"""Versioned NPZ files: named arrays, checked when read, never a pickle.

The same arrays are the same bytes, whatever the processor, the system and the version of Python.
"""

import io
import math
import mmap
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from stages.common.errors import unusable
from stages.common.files import replacing
from stages.common.progress import bar
from stages.common.scratch import reserve
from stages.common.syncing import Syncing

Arrays = dict[str, npt.NDArray[np.generic]]

VERSION_KEY = "format_version"

_ARCHIVE = b"PK"  # what a zip file begins with
_READ = 1 << 22  # bytes at once
_LENGTHS = 26  # bytes of a member's own header before the lengths of its name and of what follows

# What NumPy, zipfile and zlib raise on bytes that are not those of a whole NPZ file. A lone
# .npy array lacks the files of an archive (AttributeError) or a context (TypeError); a header
# that is no Python literal gives a SyntaxError or TokenError, one with a huge shape a
# MemoryError, an encrypted member a RuntimeError.
_UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    LookupError,
    ArithmeticError,
    AttributeError,
    TypeError,
    RuntimeError,
    MemoryError,
    SyntaxError,
    tokenize.TokenError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Stream(NamedTuple):
    """An array that is written some rows at a time: its type and shape, and its rows in order."""

    dtype: npt.DTypeLike
    shape: tuple[int, ...]
    pieces: Iterable[npt.NDArray[np.generic]]


def write(path: Path, arrays: Mapping[str, npt.NDArray[np.generic] | Stream], version: int) -> None:
    """Write `arrays` to `path`, not compressed, with the version of their format."""
    stamped = {VERSION_KEY: np.array(version, np.int64), **arrays}
    streams = {
        name: array if isinstance(array, Stream) else Stream(array.dtype, array.shape, [array])
        for name, array in stamped.items()
    }
    with replacing(path) as file:
        reserve(file, 0, sum(map(_size, streams.values())))
        with Syncing(file) as disk, zipfile.ZipFile(file, "w") as archive:
            for name, stream in streams.items():
                _write_member(archive, name, stream, disk)


def _size(array: Stream) -> int:
    """Return how many bytes an array has."""
    return math.prod(array.shape) * np.dtype(array.dtype).itemsize


def _write_member(archive: zipfile.ZipFile, name: str, array: Stream, disk: Syncing) -> None:
    """Add an array to an archive, as np.savez does, but for what differs between machines."""
    # Fortran's order or the other byte order would be other bytes for the same numbers.
    dtype = np.dtype(array.dtype).newbyteorder("<")
    header = io.BytesIO()
    described = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": array.shape}
    npy.write_array_header_1_0(header, described)
    member = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, whatever the clock says
    member.create_system, member.external_attr = 3, 0o600 << 16  # as on Unix, on any system
    # Of a small member Python versions write the same header only where it need not be large.
    large = header.tell() + _size(array) > zipfile.ZIP64_LIMIT
    with archive.open(member, "w", force_zip64=large) as content:
        content.write(header.getvalue())
        for piece in array.pieces:
            disk.wrote(content.write(np.asarray(piece, dtype, order="C").data))


def read(path: Path, version: int, stage: str, *, mapped: bool = False) -> Arrays:
    """Return the arrays in `path`.

    mapped: those that are stored as they lie in memory, as `write` does it, stay in the file, and
    are not to be written to.

    Raises DigitsError where the file cannot be read whole, holds a pickle, or is not of
    format `version`; the message names the file and the `stage` that makes it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a strange header; what it leads to is checked
            if path.exists() and not path.is_file() and not path.is_dir():
                raise ValueError("it is no file")  # a pipe would be waited for without end
            # Given a path, NumPy leaves a damaged file open.
            with path.open("rb") as file:
                arrays = _mapped(file) if mapped else _loaded(file)
    except _UNREADABLE as error:
        raise unusable(path, stage, str(error) or type(error).__name__) from error
    # NumPy returns a member that is no array as its bytes.
    strange = [name[:40] for name in arrays if not isinstance(arrays[name], np.ndarray)]
    if strange:
        raise unusable(path, stage, f"its member {strange[0]!r} is no array")
    found = arrays.pop(VERSION_KEY, np.array(None)).tolist()
    if found != version:
        raise unusable(path, stage, f"its format version is {found}; expected {version}")
    return arrays


def _loaded(file: IO[bytes]) -> Arrays:
    """Return the arrays in an open file; raises ValueError where it is no archive."""
    if file.read(2) != _ARCHIVE:  # NumPy would speak of a pickle
        raise ValueError("it is no NPZ file")
    file.seek(0)
    with np.load(file, allow_pickle=False) as members:
        # In the machine's byte order, whatever the file's.
        return {name: _native(members[name]) for name in members.files}


def _native(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return an array in the machine's byte order."""
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _mapped(file: IO[bytes]) -> Arrays:
    """Return the arrays in an open file; those of bytes, where they are stored, stay in it."""
    # NumPy first: it tells the kind of a file by what comes next in it, not by its beginning.
    with np.load(file, allow_pickle=False) as members, zipfile.ZipFile(file) as archive:
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        stored = {name: _stored(file, archive, f"{name}.npy", whole) for name in members.files}
        return {
            name: _native(members[name]) if array is None else array
            for name, array in stored.items()
        }


def _stored(
    file: IO[bytes], archive: zipfile.ZipFile, name: str, whole: mmap.mmap
) -> npt.NDArray[np.generic] | None:
    """Return a member's bytes where they lie in the mapped file, None for another kind of member.

    Raises BadZipFile where its checksum does not fit.
    """
    member = archive.NameToInfo.get(name)
    if member is None or member.compress_type != zipfile.ZIP_STORED:
        return None
    with archive.open(member) as content:
        if npy.read_magic(content) != (1, 0):
            return None
        shape, by_column, dtype = npy.read_array_header_1_0(content)
        header = content.tell()
        size = member.file_size - header
        if dtype.itemsize != 1 or dtype.hasobject or by_column or size != math.prod(shape):
            return None
        with bar("check", size, "B") as told:
            while some := content.read(_READ):
                told.update(len(some))  # at the end, its checksum is compared
    file.seek(member.header_offset + _LENGTHS)
    before = sum(struct.unpack("<HH", file.read(4))) + _LENGTHS + 4
    return np.ndarray(shape, dtype, whole, member.header_offset + before + header)


def unexpected(arrays: Arrays, known: Container[str]) -> str | None:
    """Say which arrays are not among those known, or return None."""
    other = [name[:40] for name in arrays if name not in known]
    return f"it has an unknown array {other[0]!r}" if other else None


def expect(
    arrays: Arrays,
    name: str,
    shape: tuple[int | None, ...],
    dtypes: tuple[str, ...],
) -> str | None:
    """Say what is wrong with the array `name`, or return None; a None in `shape` is any size."""
    if name not in arrays:
        return f"it has no array {name}"
    array = arrays[name]
    fits = len(array.shape) == len(shape) and all(
        wanted in (None, size) for wanted, size in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.name not in dtypes:
        sizes = ", ".join("n" if size is None else str(size) for size in shape)
        return (
            f"{name} is {array.dtype.name} of shape {array.shape}; "
            f"expected {' or '.join(dtypes)} of shape ({sizes})"
        )
    return None
