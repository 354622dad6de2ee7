"""The sub-command `digits compare`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.common.artifacts.reports import METRICS, write_json
from stages.common.errors import DigitsError
from stages.tools import gate, git, recorded
from stages.tools.compare import commits, json_report, markdown_report, results, text_report
from stages.tools.compare.commits import Chosen
from stages.tools.compare.comparison import Comparison, Context, compare
from stages.tools.compare.promise import refuse_broken
from stages.tools.compare.results import Results
from stages.tools.compare.retrained import retrained
from stages.tools.project_files import Files, Folder, Tree

PASS, WORSE, NOT_COMPARED = 0, 1, 2

_DESCRIPTION = """\
Compare the network of the working copy, or of a commit, with that of another commit, and
judge: worse is a test accuracy below gate.min_test_accuracy, or fallen by more than
gate.max_accuracy_drop, or fallen at all with a p-value below gate.significance (the gate
section of params.yaml).

Commits are read from Git alone: no remote and no DVC cache is needed. Run `make repro`
first, for the reports of the working copy must belong to its code."""
_EPILOG = """\
  digits compare         the working copy with the commit that it departs from
  digits compare A       the working copy with A; the same as --baseline A
  digits compare A B     B with A; also A..B, and A...B for B with its merge base with A

The commit that the working copy departs from is the merge base with main (origin/main where
there is no branch main). On main itself it is the parent of HEAD, or HEAD where a file that
Git tracks has changed.

Exit codes: 0 pass, 1 worse, 2 could not compare."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    parser.add_argument("commits", metavar="REV", nargs="*", help="the commits to compare")
    parser.add_argument("--baseline", metavar="REV", help="the commit to compare with")
    parser.add_argument(
        "--rerun",
        action="store_true",
        help="train each commit of the two again on this machine, in a temporary folder",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it as JSON")
    parser.add_argument(
        "--markdown",
        type=Path,
        metavar="FILE",
        help="write a report for people; its pictures go beside it, into FILE's name with _files",
    )


def run(arguments: argparse.Namespace) -> int:
    """Return PASS or WORSE, and print and write the reports.

    Raises DigitsError where nothing can be compared; the files then say so too.
    """
    for path in filter(None, (arguments.json, arguments.markdown)):
        _refuse_odd_file(path)
    try:
        compared = _compare(arguments)
    except DigitsError as error:
        if arguments.json:
            write_json(arguments.json, json_report.render_fault(str(error), NOT_COMPARED))
        if arguments.markdown:
            markdown_report.write_fault(arguments.markdown, str(error))
        raise
    code = PASS if compared.verdict.passed else WORSE
    if arguments.json:
        write_json(arguments.json, json_report.render(compared, code))
    if arguments.markdown:
        markdown_report.write(arguments.markdown, compared)
    print(text_report.render(compared))
    return code


def _refuse_odd_file(path: Path) -> None:
    """Raise DigitsError for a folder or a device: a report is renamed into its place."""
    if path.exists() and not path.is_file():
        raise DigitsError(f"cannot write {path}: it is no ordinary file")


def _compare(arguments: argparse.Namespace) -> Comparison:
    """Return the comparison that the arguments ask for."""
    baseline, current = commits.choose(arguments.commits, arguments.baseline)
    if not Path(recorded.PIPELINE).is_file():
        raise DigitsError("no dvc.yaml here: run it in the project's folder")
    # In this order, for a fault in the working copy is told before anything is trained.
    after = _load(current, rerun=arguments.rerun)
    limits = gate.of(after.params, after.name)
    before = _load(baseline, rerun=arguments.rerun)
    refuse_broken(before, after)
    context = Context(baseline, current, arguments.rerun, git.has_changes())
    return compare(before, after, limits, context)


def _load(side: Chosen, *, rerun: bool) -> Results:
    """Return the results of a side, whose reports must belong to its code."""
    remedy = "Name another commit, or use --rerun" if side.is_commit else "Run `make repro`"
    with _files(side, rerun=rerun) as files:
        if files.read(METRICS.as_posix()) is None and side.is_commit:
            raise DigitsError(
                f"{files.name} has no {METRICS.as_posix()}: it is from before the project had "
                "metrics, or was made without them. Name another commit"
            )
        try:
            found = results.load(files)
        except DigitsError as error:
            raise DigitsError(f"{error}. {remedy}") from error
        recorded.check(files, remedy)
        return found


@contextmanager
def _files(side: Chosen, *, rerun: bool) -> Iterator[Files]:
    """Yield the files of a side: the working copy's, or a commit's, as it was or trained again."""
    if not side.is_commit:
        yield Folder(Path(), side.chosen)
        return
    with git.blobs() as blobs:
        commit = Tree(side.sha, blobs, git.output("rev-parse", "--show-prefix"))
        if not rerun:
            yield commit
            return
        with retrained(commit) as folder:
            yield folder
