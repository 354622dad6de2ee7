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
    working copy has changes. Raises DigitsError where there is none.
    """
    git.check_repository()
    if git.is_shallow():
        raise DigitsError(git.SHALLOW)
    if revision is None:
        return _default()
    sha = git.resolve(revision)
    if sha is None:
        raise DigitsError(f"unknown revision {revision!r}: not the name of a commit here")
    return Baseline(sha, revision)


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
    raise DigitsError("no baseline: no branch main or origin/main here; name one: --baseline REV")
