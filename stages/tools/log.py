"""The sub-command `digits log`: test accuracy and the params that changed, commit by commit."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stages.common.artifacts import committed, reports
from stages.common.artifacts.committed import TEST_ACCURACY
from stages.common.errors import DigitsError
from stages.common.files import replacing
from stages.common.params import PARAMS_FILE
from stages.tools import git, text, yaml_text
from stages.tools.compare.comparison import MISSING, changed
from stages.tools.project_files import Tree

_HEADER = ("commit", "date", "test accuracy", "difference")
_SUBJECT_WIDTH = 50
_NO_METRICS = "no metrics"
_UNKNOWN = "–"


@dataclass(frozen=True)
class Entry:
    """A commit with its test accuracy, or the `fault` in its metrics, and the params it changed.

    before: the test accuracy of its first parent, None where it has none, or the parent has none.
    """

    commit: git.Commit
    accuracy: float | None
    fault: str
    before: float | None
    params: tuple[str, ...]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.description = (
        "Show test accuracy, and the params that changed, of the last commits, newest first.\n"
        "All is read from Git. A commit is held against its first parent, shown or not; – says\n"
        "that the parent has no metrics, or that there is none."
    )
    parser.add_argument("-n", type=_count, default=10, metavar="N", help="commits (default: 10)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it as well, as a PNG file")


def _count(word: str) -> int:
    """Return a whole number above 0; raises argparse's error for anything else."""
    if not word.isdecimal() or not 0 < int(word) < 10**6:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from 1 to 999999")
    return int(word)


def run(arguments: argparse.Namespace) -> int:
    """Print the table, draw it if that was asked for, and return 0."""
    git.check_repository()
    head = git.resolve("HEAD")
    if head is None:
        raise DigitsError("this repository has no commit yet")
    if arguments.plot and arguments.plot.suffix.lower() != ".png":
        raise DigitsError(f"cannot draw {arguments.plot}: expected a name that ends in .png")
    entries = read(git.log(head, arguments.n))
    print(render(entries))
    if not git.shallow_commits().isdisjoint(entry.commit.sha for entry in entries):
        print(f"Not everything is shown: {git.SHALLOW}")
    if arguments.plot:
        _draw(entries, arguments.plot)
    return 0


def read(commits: Sequence[git.Commit]) -> list[Entry]:
    """Return the entries of commits."""
    prefix = git.output("rev-parse", "--show-prefix")
    with git.blobs() as blobs:
        return [_entry(commit, blobs, prefix) for commit in commits]


def _entry(commit: git.Commit, blobs: git.Blobs, prefix: str) -> Entry:
    """Return the entry of one commit."""
    files = Tree(commit.sha, blobs, prefix)
    accuracy, fault = _accuracy(files)
    if not commit.parent:
        return Entry(commit, accuracy, fault, None, ())
    parent = Tree(commit.parent, blobs, prefix)
    before, after = _params(parent), _params(files)
    # Where either has no params, every key would be new, which says nothing.
    rows = changed(before, after) if before and after else []
    return Entry(commit, accuracy, fault, _accuracy(parent)[0], tuple(_told(*row) for row in rows))


def _accuracy(files: Tree) -> tuple[float | None, str]:
    """Return a commit's test accuracy, or None and what is wrong with its metrics."""
    content = files.read(reports.METRICS.as_posix())
    if content is None:
        return None, _NO_METRICS
    try:
        return committed.metrics(content, reports.METRICS.as_posix())[TEST_ACCURACY], ""
    except DigitsError as error:
        return None, f"unreadable: {error}"


def _params(files: Tree) -> dict[str, Any]:
    """Return a commit's params by dotted name; none where they are missing or not YAML."""
    content = files.read(str(PARAMS_FILE))
    try:
        return committed.flatten(yaml_text.mapping(content or b"", str(PARAMS_FILE)))
    except DigitsError:
        return {}


def _told(key: str, old: Any, new: Any) -> str:
    """Say how a param changed."""
    sides = (text.ABSENT if side is MISSING else text.value(side) for side in (old, new))
    return text.clean(f"{key}: {' → '.join(sides)}")


def render(entries: Sequence[Entry]) -> str:
    """Return the table, each commit's subject and params below its numbers."""
    head, *lines = text.table(_HEADER, [_row(entry) for entry in entries]).splitlines()
    told = [head.rstrip()]
    for line, entry in zip(lines, entries, strict=True):
        told.append(f"{line}  {_shortened(text.clean(entry.commit.subject))}")
        told.extend(f"         {change}" for change in entry.params)
        if entry.fault and entry.fault != _NO_METRICS:
            told.append(f"         {text.clean(entry.fault)}")
    return "\n".join(told)


def _row(entry: Entry) -> tuple[str, str, str, str]:
    """Return a commit's line: its accuracy, and the difference from its first parent's."""
    commit = entry.commit
    if entry.accuracy is None:
        shown = _NO_METRICS if entry.fault == _NO_METRICS else "unreadable"
        return commit.sha[:7], commit.date, shown, ""
    difference = _UNKNOWN
    if entry.before is not None:
        difference = text.difference(entry.before, entry.accuracy)
    return commit.sha[:7], commit.date, f"{entry.accuracy:.4f}", difference


def _shortened(subject: str) -> str:
    """Return a subject that fits a line."""
    return subject if len(subject) <= _SUBJECT_WIDTH else f"{subject[: _SUBJECT_WIDTH - 1]}…"


def _draw(entries: Sequence[Entry], path: Path) -> None:
    """Draw the entries, oldest first, to a PNG file."""
    # matplotlib takes half a second to import.
    from stages.figures import accuracy_log
    from stages.figures.style import plain, to_png

    oldest_first = entries[::-1]
    places = {entry.commit.sha: place for place, entry in enumerate(oldest_first)}
    parent = [places.get(entry.commit.parent, accuracy_log.ABSENT) for entry in oldest_first]
    accuracy = [np.nan if entry.accuracy is None else entry.accuracy for entry in oldest_first]
    changes = [bool(entry.params) for entry in oldest_first]
    names = [entry.commit.sha[:7] for entry in oldest_first]
    with plain(), replacing(path) as file:
        figure = accuracy_log.draw(names, np.array(accuracy), np.array(parent), np.array(changes))
        file.write(to_png(figure))
