"""Read a Git repository from the current folder: its commits, and the files in them.

Nothing goes through a shell, and a revision that a person typed is never taken for an option.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from stages.common import environment
from stages.common.errors import DigitsError

SHALLOW = (
    "this clone is shallow, and a commit that is needed is not in it: "
    "git fetch --unshallow, or in CI fetch-depth: 0"
)
# Reading must not write the index, nor depend on the user's language.
_READING = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


class Commit(NamedTuple):
    """A commit: its full hash, that of its first parent (or ""), its date and its first line."""

    sha: str
    parent: str
    date: str
    subject: str


def attempt(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run `git WORDS`, whatever its exit status; raises DigitsError where there is no Git."""
    try:
        return subprocess.run(
            ["git", *words], capture_output=True, env=environment.own() | _READING, check=False
        )
    except OSError as error:
        raise DigitsError(f"cannot run git: {error.strerror or error}") from error


def output(*words: str) -> str:
    """Return what `git WORDS` prints; raises DigitsError with its complaint."""
    done = attempt(*words)
    if done.returncode:
        raise DigitsError(f"git {words[0]}: {complaint(done)}")
    return done.stdout.decode(errors="replace").strip()


def complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return all that a command which failed said on stderr, as one line."""
    return " ".join(done.stderr.decode(errors="replace").split()) or "no reason given"


def check_repository() -> None:
    """Raise DigitsError unless the current folder is in the working tree of a repository."""
    done = attempt("rev-parse", "--is-inside-work-tree")
    if done.returncode:
        told = complaint(done)
        hint = ". A download has none; git clone has" if "not a git repository" in told else ""
        raise DigitsError(f"cannot read the commits of this project: {told}{hint}")
    if done.stdout.strip() != b"true":
        raise DigitsError("the current folder is not in the working tree of a Git repository")


def shallow_commits() -> frozenset[str]:
    """Return the hashes of the commits whose parents were left out when this was cloned."""
    path = Path(output("rev-parse", "--git-path", "shallow"))
    return frozenset(path.read_text(encoding="ascii").split() if path.exists() else ())


def resolve(revision: str) -> str | None:
    """Return the full hash of the one commit that `revision` names, or None."""
    name = revision
    # Twice, for `:/text^{commit}` would look for a commit message with these very letters.
    for suffix in ("", "^{commit}"):
        if "\0" in name:
            return None
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", name + suffix)
        done = attempt(*words)
        if done.returncode:
            return None
        name = done.stdout.decode().strip()
    return name


def merge_base(one: str, other: str) -> str | None:
    """Return the commit from which two commits, given by their hashes, went apart, or None.

    Raises DigitsError where a shallow clone lacks the commits that would tell.
    """
    done = attempt("merge-base", one, other)
    base = None if done.returncode else done.stdout.decode().split()[0]
    since = output("rev-list", one, other, *([f"^{base}"] if base else []), "--").split()
    if not shallow_commits().isdisjoint(since):
        raise DigitsError(SHALLOW)
    return base


def has_changes() -> bool:
    """Tell whether a file that Git tracks differs from HEAD."""
    return output("status", "--porcelain", "--untracked-files=no") != ""


def log(start: str, count: int) -> list[Commit]:
    """Return up to `count` commits from the hash `start` backwards, newest first."""
    fields = (
        "log",
        f"--max-count={count}",
        "--format=%H%x00%P%x00%cs%x00%s",
        "--no-show-signature",
    )
    rows = [line.split("\0") for line in output(*fields, start, "--").split("\n") if line]
    return [Commit(sha, parents.partition(" ")[0], date, text) for sha, parents, date, text in rows]


class Blobs:
    """Reads objects through one running `git cat-file`, which is quicker than one for each."""

    def __init__(self, to_git: IO[bytes], from_git: IO[bytes]) -> None:
        """Take the standard input and output of a running `git cat-file --batch`."""
        self._to_git = to_git
        self._from_git = from_git

    def read(self, name: str) -> tuple[str, bytes] | None:
        """Return the type ("blob", "tree") and content of an object, or None where there is none.

        name: as in `HASH:path/from/the/root`.
        """
        if "\n" in name:
            return None
        self._to_git.write(name.encode(errors="surrogateescape") + b"\n")
        self._to_git.flush()
        # The line is `HASH TYPE SIZE`, or the name, which may hold spaces, and `missing`.
        line = self._from_git.readline()
        if not line or line.rstrip().endswith((b" missing", b" ambiguous")):
            return None
        _, kind, size = line.split()
        content = self._from_git.read(int(size))
        self._from_git.read(1)
        return kind.decode(), content


@contextmanager
def blobs() -> Iterator[Blobs]:
    """Yield a reader of objects, whose Git ends with the block."""
    with subprocess.Popen(
        ["git", "cat-file", "--batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment.own() | _READING,
    ) as process:
        if process.stdin and process.stdout:  # always, with PIPE; the types do not say so
            yield Blobs(process.stdin, process.stdout)
