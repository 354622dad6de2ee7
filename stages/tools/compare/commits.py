"""Which two sides to compare: a baseline, and the working copy or another commit."""

from collections.abc import Sequence
from typing import NamedTuple

from stages.common.errors import DigitsError
from stages.tools import git
from stages.tools.project_files import WORKING_COPY


class Chosen(NamedTuple):
    """A side: its commit's full hash, why it was chosen, and whether it is the commit itself.

    The working copy is no commit; its hash is that of HEAD.
    """

    sha: str
    chosen: str
    is_commit: bool = True


def choose(words: Sequence[str], baseline: str | None) -> tuple[Chosen, Chosen]:
    """Return both sides: of no, one or two revisions, of A..B or A...B, or of --baseline.

    As `git diff` takes them: a side left out of A..B is HEAD, and A...B is B with its merge base
    with A. Raises DigitsError for anything else, and where a commit is not here.
    """
    git.check_repository()
    if words and baseline is not None:
        raise DigitsError("name the baseline once: by --baseline, or as the first of two commits")
    if len(words) > 2:
        raise DigitsError(f"cannot compare {len(words)} commits: name two, as A B or A..B")
    if len(words) == 2:
        return _named(words[0]), _named(words[1])
    if words and _is_range(words[0]):
        return _range(words[0])
    named = words[0] if words else baseline
    before = _default() if named is None else _named(named)
    return before, Chosen(git.resolve("HEAD") or "", WORKING_COPY, is_commit=False)


def _is_range(word: str) -> bool:
    """Tell whether a word is of two commits; that of one may have dots in it (`:/a..b`)."""
    return ".." in word and set(word) != {"."} and git.resolve(word) is None


def _range(word: str) -> tuple[Chosen, Chosen]:
    """Return the sides of A..B or A...B."""
    one, dots, other = word.partition("..." if "..." in word else "..")
    before, after = _named(one or "HEAD"), _named(other or "HEAD")
    if dots == "..":
        return before, after
    base = git.merge_base(before.sha, after.sha)
    if base is None:
        raise DigitsError(f"{before.chosen} and {after.chosen} have no commit in common")
    return Chosen(base, f"merge base of {before.chosen} and {after.chosen}"), after


def _named(revision: str) -> Chosen:
    """Return the commit that a revision names."""
    sha = git.resolve(revision)
    if sha is None:
        reason = f"unknown revision {revision!r}: not the name of a commit here"
        raise DigitsError(f"{reason}{_perhaps_left_out()}")
    return Chosen(sha, revision)


def _perhaps_left_out() -> str:
    """Return, in a shallow clone, where a commit may be that is not found."""
    return f"; {git.SHALLOW}" if git.shallow_commits() else ""


def _default() -> Chosen:
    """Return the commit from which the working copy departs.

    That is the merge base with main; on main itself the parent commit, or HEAD where the
    working copy has changes. Raises DigitsError where there is none, or a shallow clone lacks it.
    """
    head = git.resolve("HEAD")
    if head is None:
        raise DigitsError("no baseline: this repository has no commit yet")
    branch, main = _main()
    base = git.merge_base(head, main)
    if base is None:
        raise DigitsError(f"no baseline: HEAD and {branch} have no commit in common")
    if base != head:
        return Chosen(base, f"merge base with {branch}")
    if git.has_changes():
        return Chosen(head, "HEAD, for the working copy has changes")
    parent = git.resolve("HEAD^")
    if parent is None and head in git.shallow_commits():
        raise DigitsError(git.SHALLOW)
    if parent is None:
        raise DigitsError("no baseline: HEAD is the first commit, and the working copy is as it is")
    return Chosen(parent, "parent of HEAD")


def _main() -> tuple[str, str]:
    """Return the name and the hash of the main branch."""
    for name in ("main", "origin/main"):
        kind = "remotes" if "/" in name else "heads"
        sha = git.resolve(f"refs/{kind}/{name}")
        if sha is not None:
            return name, sha
    reason = "no baseline: no branch main or origin/main here; name one: --baseline REV"
    raise DigitsError(f"{reason}{_perhaps_left_out()}")
