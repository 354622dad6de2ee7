"""The files of a folder or an archive by their names within it, without what is no data."""

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from stages.common.errors import DigitsError
from stages.sources.unpacked import Input, on_disk, reading, seekable

MOST_FILES = 10_000
_MOST_LISTED = 16 << 20  # bytes about all files in a ZIP archive
_LONGEST_END = (1 << 16) + 98  # bytes after that list: a comment, and what stands before it
_MOST_READ = 64 << 20  # bytes

Files = dict[str, Input]


def files_in(folder: Path) -> Files:
    """Return the files of a folder and of those in it; raises DigitsError for too many."""
    files: Files = {}
    with reading(str(folder)):
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if _is_data(name))
            for path in (Path(parent, name) for name in sorted(names) if _is_data(name)):
                if path.is_file():
                    files[path.relative_to(folder).as_posix()] = on_disk(path)
                    _refuse_many(str(folder), len(files))
    return files


def _raise(error: OSError) -> None:
    """Raise what os.walk would pass over: a folder that cannot be read."""
    raise error


def _is_data(name: str) -> bool:
    """Tell whether a part of a path is that of data: not hidden, nor what macOS puts beside it."""
    return not name.startswith(".") and name != "__MACOSX"


def _refuse_many(name: str, files: int) -> None:
    """Raise DigitsError for more files than any source has."""
    if files > MOST_FILES:
        raise DigitsError(
            f"{name}: it holds more than {MOST_FILES:,} files; expected fewer, of IDX, CSV, "
            f"Parquet or NPZ"
        )


@contextmanager
def in_zip(source: Input) -> Iterator[Files]:
    """Yield the files in a ZIP archive, which are read where they are; nothing is unpacked."""
    with seekable(source) as content, _zip(source.name, content) as archive:
        members = archive.infolist()
        _refuse_many(source.name, len(members))
        yield {
            member.filename: Input(
                f"{source.name}: {member.filename}", partial(archive.open, member), seekable=False
            )
            for member in members
            if not member.is_dir() and all(map(_is_data, PurePosixPath(member.filename).parts))
        }


def _zip(name: str, content: IO[bytes]) -> zipfile.ZipFile:
    """Return an open ZIP archive; raises DigitsError where the list of its files is too long."""
    if _listed(content) > _MOST_LISTED:
        _refuse_many(name, MOST_FILES + 1)
    return zipfile.ZipFile(content)


def _listed(content: IO[bytes]) -> int:
    """Return how long an archive says that its list is, of which zipfile takes in all at once.

    https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.14 to 4.3.16
    """
    content.seek(-min(content.seek(0, 2), _LONGEST_END), 2)
    before, sign, end = content.read().rpartition(b"PK\5\6")
    large = before[-20:].startswith(b"PK\6\7")
    said = before[-36:-28] if large else end[8:12]
    return int.from_bytes(said, "little") if sign else 0


@contextmanager
def in_tar(source: Input) -> Iterator[Files]:
    """Yield the files in a tar archive, which are read where they are; links are left out."""
    with seekable(source) as content, tarfile.open(fileobj=_Tar(content), mode="r:") as archive:
        files: Files = {}
        for count, member in enumerate(archive):
            _refuse_many(source.name, count)
            if member.isreg() and all(map(_is_data, PurePosixPath(member.name).parts)):
                name = f"{source.name}: {member.name}"
                files[member.name] = Input(name, partial(_member, archive, member), seekable=False)
        yield files


class _Tar(io.BufferedIOBase):
    """A tar archive of which little is read at once: tarfile takes in a whole header."""

    def __init__(self, file: IO[bytes]) -> None:
        """Take the open archive."""
        self._file = file

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes; raises OSError where they are very many."""
        if size is None or not 0 <= size <= _MOST_READ:
            raise OSError(f"it has a header of {size} bytes; expected at most {_MOST_READ}")
        return self._file.read(size)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to another place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """Open a file in a tar archive."""
    opened = archive.extractfile(member)
    if opened is None:
        raise OSError(f"{member.name} is no file")
    return opened
