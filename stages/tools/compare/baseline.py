"""Which commit to compare with."""

from typing import NamedTuple

from stages.common.errors import DigitsError
from stages.tools import git


class Baseline(NamedTuple):
    """The commit to compare with: its full hash, and why it was chosen."""

    sha: str
    chosen: str


def choose(revision: str | None) -> Baseline:
    """Return the commit that `revision` names, or the default one.

    That is the merge base with main; on main itself the parent commit, or HEAD where the
    working copy has changes. Raises DigitsError where there is none, or a shallow clone lacks it.
    """
    git.check_repository()
    if revision is None:
        return _default()
    sha = git.resolve(revision)
    if sha is None:
        reason = f"unknown revision {revision!r}: not the name of a commit here"
        raise DigitsError(f"{reason}{_perhaps_left_out()}")
    return Baseline(sha, revision)


def _perhaps_left_out() -> str:
    """Return, in a shallow clone, where a commit may be that is not found."""
    return f"; {git.SHALLOW}" if git.shallow_commits() else ""


def _default() -> Baseline:
    """Return the commit from which the working copy departs."""
    head = git.resolve("HEAD")
    if head is None:
        raise DigitsError("no baseline: this repository has no commit yet")
    branch, main = _main()
    base = git.merge_base(head, main)
    if base is None:
        raise DigitsError(f"no baseline: HEAD and {branch} have no commit in common")
    if base != head:
        return Baseline(base, f"merge base with {branch}")
    if git.has_changes():
        return Baseline(head, "HEAD, for the working copy has changes")
    parent = git.resolve("HEAD^")
    if parent is None and head in git.shallow_commits():
        raise DigitsError(git.SHALLOW)
    if parent is None:
        raise DigitsError("no baseline: HEAD is the first commit, and the working copy is as it is")
    return Baseline(parent, "parent of HEAD")


def _main() -> tuple[str, str]:
    """Return the name and the hash of the main branch."""
    for name in ("main", "origin/main"):
        kind = "remotes" if "/" in name else "heads"
        sha = git.resolve(f"refs/{kind}/{name}")
        if sha is not None:
            return name, sha
    reason = "no baseline: no branch main or origin/main here; name one: --baseline REV"
    raise DigitsError(f"{reason}{_perhaps_left_out()}")
