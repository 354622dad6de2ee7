"""The sub-command `digits compare`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.common.artifacts.reports import write_json
from stages.common.errors import DigitsError
from stages.tools import gate, git, recorded
from stages.tools.compare import baseline, json_report, results, text_report
from stages.tools.compare.baseline import Baseline
from stages.tools.compare.comparison import Comparison, Context, compare
from stages.tools.compare.results import Results
from stages.tools.compare.retrained import retrained
from stages.tools.project_files import Files, Folder, Tree

PASS, WORSE, NOT_COMPARED = 0, 1, 2

_DESCRIPTION = """\
Compare the network of the working copy with that of another commit, and judge: worse is a
test accuracy below gate.min_test_accuracy, or fallen by more than gate.max_accuracy_drop, or
fallen at all with a p-value below gate.significance (the gate section of params.yaml).

The baseline is read from Git alone: no remote and no DVC cache is needed. Run `make repro`
first, for the reports must belong to the code."""
_EPILOG = """\
Without --baseline it is the merge base with main (origin/main where there is no branch main).
On main itself it is the parent of HEAD, or HEAD where a file that Git tracks has changed.

Exit codes: 0 pass, 1 worse, 2 could not compare."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    parser.add_argument("--baseline", metavar="REV", help="the commit to compare with")
    parser.add_argument(
        "--rerun",
        action="store_true",
        help="train the baseline again on this machine, in a temporary worktree",
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
    files = (arguments.json, arguments.markdown)
    for path in filter(None, files):
        _refuse_odd_file(path)
    try:
        compared = _compare(arguments.baseline, rerun=arguments.rerun)
    except DigitsError as error:
        _write_fault(str(error), *files)
        raise
    code = PASS if compared.verdict.passed else WORSE
    _write(compared, code, *files)
    print(text_report.render(compared))
    return code


def _refuse_odd_file(path: Path) -> None:
    """Raise DigitsError for a folder or a device: a report is renamed into its place."""
    if path.exists() and not path.is_file():
        raise DigitsError(f"cannot write {path}: it is no ordinary file")


def _compare(revision: str | None, *, rerun: bool) -> Comparison:
    """Return the comparison of the working copy with a revision."""
    base = baseline.choose(revision)
    after = _working_copy()
    limits = gate.load()
    head = git.resolve("HEAD") or ""
    context = Context(base, rerun, head, git.has_changes())
    with _baseline_files(base, rerun=rerun) as files:
        before = _baseline(files)
    return compare(before, after, limits, context)


def _working_copy() -> Results:
    """Return the results in the current folder."""
    files = Folder(Path(), "the working copy")
    if files.read(recorded.PIPELINE) is None:
        raise DigitsError("no dvc.yaml here: run it in the project's folder")
    try:
        found = results.load(files)
    except DigitsError as error:
        raise DigitsError(f"{error}. Run `make repro`") from error
    recorded.check(files, "Run `make repro`")
    return found


@contextmanager
def _baseline_files(base: Baseline, *, rerun: bool) -> Iterator[Files]:
    """Yield the files of the baseline: as they were committed, or made again."""
    with git.blobs() as blobs:
        commit = Tree(base.sha, blobs, git.output("rev-parse", "--show-prefix"))
        if not rerun:
            yield commit
            return
        with retrained(commit) as folder:
            yield folder


def _baseline(files: Files) -> Results:
    """Return the results of the baseline."""
    if files.read("reports/metrics.json") is None:
        raise DigitsError(
            f"{files.name} has no reports/metrics.json: it is from before the project had metrics, "
            "or was made without them. Name another --baseline"
        )
    found = results.load(files)
    recorded.check(files, "Name another --baseline, or use --rerun")
    return found


def _write(compared: Comparison, code: int, json: Path | None, markdown: Path | None) -> None:
    """Write the files that were asked for."""
    if json:
        write_json(json, json_report.render(compared, code))
    if markdown:
        # matplotlib takes half a second to import.
        from stages.tools.compare import markdown_report

        markdown_report.write(markdown, compared)


def _write_fault(reason: str, json: Path | None, markdown: Path | None) -> None:
    """Write files that say why nothing was compared: older ones would be taken for these."""
    if json:
        write_json(json, json_report.render_fault(reason, NOT_COMPARED))
    if markdown:
        from stages.tools.compare import markdown_report

        markdown_report.write_fault(markdown, reason)
