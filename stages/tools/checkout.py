"""A commit's files in a temporary folder, to run its pipeline there.

It is no worktree of Git's: nothing is written into the caller's repository, no hook runs, no
setting changes a byte, and what Git hands down to its hooks is of no account. DVC works there
without Git.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.common.errors import DigitsError
from stages.tools import git
from stages.tools.project_files import Tree
from stages.tools.recorded import LOCK, Record

# A cache of its own, in .dvc: another may hold what another machine made. No background process.
_CONFIG = """\
[core]
    no_scm = true
    analytics = false
    check_update = false
[cache]
    dir = cache
"""


@contextmanager
def checked_out(commit: Tree, record: Record) -> Iterator[Path]:
    """Yield a folder with a commit's project, its inputs and none of its results.

    An input that Git does not have is copied from the working copy. The folder is removed
    whatever ends the block: an error, a Ctrl-C or a SIGTERM. Raises DigitsError for an input
    that is nowhere.
    """
    with tempfile.TemporaryDirectory(prefix="digits-", ignore_cleanup_errors=True) as kept:
        project = Path(kept).resolve() / "project"
        _write(commit.sha, project)
        for path in (LOCK, *record.outs()):
            _remove(project / path)
        (project / ".dvc").mkdir(exist_ok=True)
        (project / ".dvc/config.local").write_text(_CONFIG)
        _bring(record.inputs(), project, commit.name)
        yield project


def _write(sha: str, folder: Path) -> None:
    """Write what a commit has of the project in the current folder: byte for byte as in Git."""
    tree = f"{sha}:{git.output('rev-parse', '--show-prefix')}"
    listed = git.output("ls-tree", "-r", "-z", "--full-tree", tree).split("\0")
    with git.blobs() as blobs:
        for mode, kind, blob, path in _entries(listed):
            found = blobs.read(blob) if kind == "blob" else None  # else a submodule's commit
            if found:
                _write_file(folder / path, mode, found[1])


def _entries(listed: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield mode, type, hash and path of what `git ls-tree` lists."""
    for entry in filter(None, listed):
        about, _, path = entry.partition("\t")
        mode, kind, blob = about.split()
        yield mode, kind, blob, path


def _write_file(path: Path, mode: str, content: bytes) -> None:
    """Write a file, or a symbolic link, with the mode that Git has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if mode == "120000":
        path.symlink_to(content.decode(errors="surrogateescape"))
        return
    path.write_bytes(content)
    if mode == "100755":
        path.chmod(0o755)


def _remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _bring(paths: Iterable[str], project: Path, name: str) -> None:
    """Copy from the working copy what a commit reads and Git does not have."""
    for path in paths:
        source, goal = Path(path), (project / path).resolve()
        if goal.exists():  # in Git, or an absolute path
            continue
        if not source.exists():
            raise DigitsError(f"{name} reads {path}, which is neither in Git nor here")
        if not goal.is_relative_to(project.parent):
            raise DigitsError(
                f"{name} reads {path}: it can be run again from an absolute path only"
            )
        goal.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal)
        else:
            shutil.copy2(source, goal)
