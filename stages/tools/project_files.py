"""The project's files, in a folder or in a commit of Git."""

import hashlib
import json
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from stages.common.errors import DigitsError
from stages.tools import git

WORKING_COPY = "the working copy"
_CHUNK = 1 << 20
# What DVC leaves out of a folder, wherever it is.
_IGNORED = {".git", ".hg", ".dvc", ".dvcignore"}


class Files(Protocol):
    """The files of one side. Paths are relative to the project's folder, with slashes."""

    @property
    def name(self) -> str:
        """Return what to call this side in a message."""

    def read(self, path: str) -> bytes | None:
        """Return a file's content, or None where there is no such file."""

    def digest(self, path: str) -> str | None:
        """Return the MD5 that DVC gives a file or a folder, or None where there is neither."""

    def inside(self, path: str) -> dict[str, str]:
        """Return the MD5 of each file in a folder by its path from there; none of no folder."""


class Folder:
    """Files in a folder: the working copy, or a worktree."""

    def __init__(self, root: Path, name: str) -> None:
        """Take the folder, and what to call it."""
        self._root = root
        self.name = name

    def read(self, path: str) -> bytes | None:
        """Return a file's content; raises DigitsError where it is there and cannot be read."""
        with self._reading(path):
            try:
                return (self._root / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def digest(self, path: str) -> str | None:
        """Return the MD5 of a file or folder; raises DigitsError where it cannot be read."""
        whole = self._root / path
        if whole.is_dir():
            return folder_digest(self.inside(path))
        with self._reading(path):
            return _md5(whole) if whole.exists() else None

    def inside(self, path: str) -> dict[str, str]:
        """Return the MD5s of a folder; raises DigitsError where a file in it cannot be read."""
        whole = self._root / path
        with self._reading(path):
            files = _files(whole) if whole.is_dir() else ()
            return {file.relative_to(whole).as_posix(): _md5(file) for file in files}

    @contextmanager
    def _reading(self, path: str) -> Iterator[None]:
        """Raise DigitsError for what the system refuses in the block."""
        try:
            yield
        except OSError as error:
            raise DigitsError(f"cannot read {path} of {self.name}: {error.strerror}") from error


class Tree:
    """Files in a commit."""

    def __init__(self, sha: str, blobs: git.Blobs, prefix: str) -> None:
        """Take a commit's full hash, and the project's folder from the repository's root."""
        self.sha, self._blobs, self._prefix = sha, blobs, prefix
        self.name = f"commit {sha[:7]}"

    def _get(self, path: str) -> tuple[str, bytes] | None:
        """Return the type and content of what is at `path`, or None."""
        whole = posixpath.normpath(posixpath.join(self._prefix, path))
        outside = posixpath.isabs(path) or whole.startswith("..")
        return None if outside else self._blobs.read(f"{self.sha}:{whole}")

    def read(self, path: str) -> bytes | None:
        """Return a file's content, or None."""
        found = self._get(path)
        return found[1] if found and found[0] == "blob" else None

    def digest(self, path: str) -> str | None:
        """Return the MD5 of a file or folder, or None."""
        found = self._get(path)
        if found is None:
            return None
        if found[0] == "blob":
            return hashlib.md5(found[1], usedforsecurity=False).hexdigest()
        return folder_digest(self.inside(path))

    def inside(self, path: str) -> dict[str, str]:
        """Return the MD5s of a folder."""
        listed = git.output("ls-tree", "-r", "-z", "--name-only", self.sha, "--", f"{path}/")
        names = [name for name in listed.split("\0") if name]
        return {posixpath.relpath(name, path): self.digest(name) or "" for name in names}


def folder_digest(inside: dict[str, str]) -> str:
    """Return what DVC calls a folder with these files: their MD5 by their path from the folder."""
    rows = [{"md5": md5, "relpath": path} for path, md5 in sorted(inside.items())]
    text = json.dumps(rows, sort_keys=True).encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest() + ".dir"


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that DVC would count."""
    for entry in folder.iterdir():
        if entry.name in _IGNORED:
            continue
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


def _md5(path: Path) -> str:
    """Return the MD5 of a file."""
    found = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
