"""The files of a folder or an archive by their names within it, without what is no data."""

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
        raise DigitsError(f"{name}: it holds more than {MOST_FILES:,} files; expected fewer")


@contextmanager
def in_zip(source: Input) -> Iterator[Files]:
    """Yield the files in a ZIP archive, which are read where they are; nothing is unpacked."""
    with seekable(source) as content, zipfile.ZipFile(content) as archive:
        members = archive.infolist()
        _refuse_many(source.name, len(members))
        yield {
            member.filename: Input(
                f"{source.name}: {member.filename}", partial(archive.open, member), seekable=False
            )
            for member in members
            if not member.is_dir() and all(map(_is_data, PurePosixPath(member.filename).parts))
        }


@contextmanager
def in_tar(source: Input) -> Iterator[Files]:
    """Yield the files in a tar archive, which are read where they are; links are left out."""
    with seekable(source) as content, tarfile.open(fileobj=content, mode="r:") as archive:
        files: Files = {}
        for count, member in enumerate(archive):
            _refuse_many(source.name, count)
            if member.isreg() and all(map(_is_data, PurePosixPath(member.name).parts)):
                name = f"{source.name}: {member.name}"
                files[member.name] = Input(name, partial(_member, archive, member), seekable=False)
        yield files


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """Open a file in a tar archive."""
    opened = archive.extractfile(member)
    if opened is None:
        raise OSError(f"{member.name} is no file")
    return opened
