"""Versioned NPZ files: named arrays, checked when read, never a pickle.

The same arrays are the same bytes, whatever the processor, the system and the version of Python.
"""

import io
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Container, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import unusable
from stages.common.files import replacing

Arrays = dict[str, npt.NDArray[np.generic]]

VERSION_KEY = "format_version"

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


def write(path: Path, arrays: Mapping[str, npt.NDArray[np.generic]], version: int) -> None:
    """Write `arrays` to `path`, not compressed, with the version of their format."""
    stamped = {VERSION_KEY: np.array(version, np.int64), **arrays}
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, array in stamped.items():
            _write_member(archive, name, array)


def _write_member(archive: zipfile.ZipFile, name: str, array: npt.NDArray[np.generic]) -> None:
    """Add an array to an archive, as np.savez does, but for what differs between machines."""
    # Fortran's order or the other byte order would be other bytes for the same numbers.
    stored = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(stored))
    member = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, whatever the clock says
    member.create_system, member.external_attr = 3, 0o600 << 16  # as on Unix, on any system
    # Of a small member Python versions write the same header only where it need not be large.
    large = header.tell() + stored.nbytes > zipfile.ZIP64_LIMIT
    with archive.open(member, "w", force_zip64=large) as content:
        content.write(header.getvalue())
        content.write(stored.data)


def read(path: Path, version: int, stage: str) -> Arrays:
    """Return the arrays in `path`.

    Raises DigitsError where the file cannot be read whole, holds a pickle, or is not of
    format `version`; the message names the file and the `stage` that makes it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a strange header; what it leads to is checked
            # Given a path, NumPy leaves a damaged file open.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as members:
                # In the machine's byte order, whatever the file's.
                arrays = {name: _native(members[name]) for name in members.files}
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


def _native(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return an array in the machine's byte order."""
    return array.astype(array.dtype.newbyteorder("="), copy=False)


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
