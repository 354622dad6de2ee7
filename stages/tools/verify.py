"""The sub-command `digits verify`: does a commit record what its own code gives?"""

import argparse
import sys
from collections.abc import Callable, Sequence
from itertools import count

from stages.common.errors import DigitsError
from stages.tools import checkout, git, packages, recorded, rerun
from stages.tools.held import Held, first_difference, hold, line, reason
from stages.tools.project_files import Files, Folder, Tree
from stages.tools.recorded import LOCK, PRECISION, Record

AS_RECORDED, DIFFERS = 0, 1

_DESCRIPTION = """\
Run the whole pipeline of a commit from its source, in a folder of its own and without any
cache, and hold each out, report and figure against what dvc.lock and Git record of it, byte
for byte. The working copy, the index and DVC's cache stay as they are. A source that Git
does not have is taken from the working copy, if it is the recorded one."""
_EPILOG = """\
Exit codes: 0 all is as recorded; 1 something is not: the first stage whose out differs is
named, and whether its code, params, data or result was changed; 2 it could not be run."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the argument."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    parser.add_argument(
        "revision", metavar="REV", nargs="?", default="HEAD", help="the commit (default: HEAD)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a line a stage and the verdict, and return AS_RECORDED or DIFFERS.

    Raises DigitsError where the commit cannot be run.
    """
    git.check_repository()
    sha = git.resolve(arguments.revision)
    if sha is None:
        raise DigitsError(f"unknown revision {arguments.revision!r}: not the name of a commit here")
    with git.blobs() as blobs:
        commit = Tree(sha, blobs, git.output("rev-parse", "--show-prefix"))
        record = recorded.load(commit)
        held = verify(commit, record)
    print(render(held, commit.name, record))
    return DIFFERS if first_difference(held) else AS_RECORDED


def verify(commit: Tree, record: Record) -> list[Held]:
    """Run a commit's pipeline and return its stages; raises DigitsError where it cannot be run.

    A stage that fails is no such fault where something was changed and not run: that is found.
    """
    packages.check(commit)
    with checkout.checked_out(commit, record) as project:
        refuse_other_inputs(commit, record, Folder(project, "the working copy"))
        fault = rerun.reproduce(project, _progress(len(record.stages)))
        held = hold(commit, record, Folder(project, f"{commit.name}, run again"))
    if fault and not first_difference(held):
        raise DigitsError(f"{commit.name} cannot be run: {fault}")
    if fault:
        print(f"digits verify: a stage failed: {fault}", file=sys.stderr)
    return held


def refuse_other_inputs(commit: Files, record: Record, here: Files) -> None:
    """Raise DigitsError for an input from outside the commit that is not the recorded one."""
    known = {
        dep["path"]: dep["md5"] for kept in record.lock.values() for dep in kept.get("deps", [])
    }
    for path in record.inputs():
        if commit.digest(path) is None and here.digest(path) != known.get(path, here.digest(path)):
            raise DigitsError(
                f"{commit.name} reads {path}, which is not in Git, and the one here is not the one "
                f"that {LOCK} records (MD5 {here.digest(path)}, not {known[path]})"
            )


def _progress(stages: int) -> Callable[[str], None]:
    """Return what tells on stderr that one of so many stages begins."""
    numbers = count(1)

    def tell(stage: str) -> None:
        told = f"digits verify: running {stage} ({next(numbers)} of {stages})"
        print(told, file=sys.stderr, flush=True)

    return tell


def render(held: Sequence[Held], name: str, record: Record) -> str:
    """Return the report: a line a stage, and the verdict."""
    width = max(len(stage.stage) for stage in held)
    lines = [line(stage, width) for stage in held]
    if not record.is_promised():
        precision = record.params.get(PRECISION)
        lines.append(
            f"Note: {PRECISION} is {precision}, which promises the same bytes on one machine only. "
            "On another, other last digits are its rounding and no fault."
        )
    first = first_difference(held)
    if first is None:
        lines.append(f"AS RECORDED: {name} gives each out, report and figure as it records them.")
    else:
        lines.append(f"NOT AS RECORDED: {name}, from {first.stage} on: {reason(first)}.")
    return "\n".join(lines)
