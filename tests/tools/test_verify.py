"""`digits verify`: what a commit records held against a run of its own code."""

import importlib.metadata
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from stages.tools import git, recorded, rerun, verify
from stages.tools.held import Held, first_difference, hold, reason
from stages.tools.project_files import Folder, Tree
from tests.scratch import Scratch
from tests.tools import tiny
from tests.tools.forgeries import (
    LOCK,
    REPORT,
    code_without_a_run,
    command_without_a_run,
    edited_dep,
    edited_lock,
    edited_lock_of_a_report,
    edited_report,
    edited_report_and_lock,
    edited_size,
    edited_to_zeros,
    extra_figure,
    params_without_a_run,
    remark_without_a_run,
    removed_report,
    result_of_another_machine,
    source_without_a_run,
    stage_without_a_record,
    swapped_weights,
)
from tests.tools.tiny import edit


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A commit that is as recorded, and the folder of its run; no test changes it."""
    return tiny.make(tmp_path_factory.mktemp("honest") / "project")


@pytest.fixture
def forged(honest: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """A copy of it to change, as the current folder."""
    copy = honest.copy(tmp_path / "project")
    monkeypatch.chdir(copy.folder)
    return copy


FORGED = "not what the run gives). Its code, params and data are as dvc.lock records them, so"
# What the commit does, the stage that is named, and what is said of it.
CASES: list[tuple[Callable[[Scratch], None], str, str]] = [
    (edited_lock, "first", f"data/weights.txt: {FORGED}"),
    (
        edited_lock_of_a_report,
        "second",
        f"its result was changed ({REPORT}: changed in dvc.lock",
    ),
    (edited_to_zeros, "second", f"its result was changed ({REPORT}: changed in dvc.lock"),
    (edited_dep, "second", "(dvc.lock records another data/weights.txt as read by second than"),
    (edited_size, "second", "its record was changed (dvc.lock does not record stage second as"),
    (
        edited_report,
        "second",
        f"({REPORT}: not so in Git, for the run gives what dvc.lock",
    ),
    (edited_report_and_lock, "second", f"{REPORT}: {FORGED}"),
    (extra_figure, "second", "reports/figures/two.txt: not so in Git"),
    (removed_report, "second", f"{REPORT}: not so in Git"),
    (swapped_weights, "first", FORGED),
    (result_of_another_machine, "first", FORGED),
    (
        code_without_a_run,
        "second",
        "its code was changed and not run (second.py is not as",
    ),
    (remark_without_a_run, "first", "its code was changed and not run (first.py is not as"),
    (command_without_a_run, "second", "its code was changed and not run (the command of stage"),
    (params_without_a_run, "first", "its params were changed and not run (train.epochs in params"),
    (source_without_a_run, "first", "the data that it reads was changed (source.txt is not as"),
    (stage_without_a_record, "second", "its code was changed and not run (dvc.lock has no stage"),
]


def held_against(made: Path) -> list[Held]:
    """Return HEAD of the current folder held against a run of it in another folder."""
    with git.blobs() as blobs:
        commit = Tree(git.output("rev-parse", "HEAD"), blobs, "")
        return hold(commit, recorded.load(commit), Folder(made, "the run"))


@pytest.mark.parametrize(("forge", "stage", "told"), CASES)
def test_what_was_changed_is_named(
    forge: Callable[[Scratch], None], stage: str, told: str, honest: Scratch, forged: Scratch
) -> None:
    forge(forged)
    forged.commit("Change something")
    first = first_difference(held_against(honest.folder))
    assert first
    assert first.stage == stage
    assert told in reason(first)


def test_what_follows_from_another_result_is_said_to(honest: Scratch, forged: Scratch) -> None:
    result_of_another_machine(forged)
    forged.commit("Results of another machine")
    assert [stage.follows for stage in held_against(honest.folder)] == [False, True]


def verified(revision: str = "HEAD") -> int:
    return verify.run(Namespace(revision=revision))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_commit_as_recorded_from_a_source_that_git_has_not(
    forged: Scratch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forged.git("rm", "--quiet", "--cached", "source.txt")
    with (forged.folder / ".gitignore").open("a") as file:
        file.write("/source.txt\n")
    forged.commit("Leave the source out")
    # As under a hook, with changes of every kind in the working copy.
    monkeypatch.setenv("GIT_INDEX_FILE", str(forged.folder / ".git/index"))
    monkeypatch.setenv("GIT_PREFIX", "")
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    code_without_a_run(forged)
    forged.git("add", "second.py")
    params_without_a_run(forged)
    before = contents(forged.folder)
    assert verified() == 0
    assert contents(forged.folder) == before
    told = capsys.readouterr()
    first, second, verdict = told.out.splitlines()
    assert first == "first   as recorded"
    assert second == "second  as recorded"
    assert verdict.startswith("AS RECORDED: commit ")
    assert "running second (2 of 2)" in told.err


def test_code_that_was_changed_and_fails_is_a_difference(
    forged: Scratch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(forged, "second.py", "import Path", "import NoSuchName")
    forged.commit("Break the second stage")
    assert verified() == 1
    told = capsys.readouterr()
    assert "second  not run; its code was changed and not run (second.py is" in told.out
    assert "from second on: its code was changed" in told.out
    assert "cannot import name 'NoSuchName'" in told.err


@pytest.mark.usefixtures("forged")
def test_a_stage_that_fails_unchanged_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun, "reproduce", lambda *_: "No space left on device")
    with pytest.raises(DigitsError, match="cannot be run: No space left on device"):
        verified()


def other_lock(project: Scratch) -> None:
    edit(project, "requirements.lock", "numpy==", "numpy==9.")


def missing_package(project: Scratch) -> None:
    (project.folder / "requirements.lock").write_text("no-such-package==1.0 \\\n    --hash=x\n")


def no_list_of_packages(project: Scratch) -> None:
    (project.folder / "requirements.lock").write_text("<<<<<<< HEAD\n")


def no_lock(project: Scratch) -> None:
    (project.folder / LOCK).unlink()


def odd_lock(project: Scratch) -> None:
    (project.folder / LOCK).write_text("stages: {first: [], second: {}}\n")


def missing_source(project: Scratch) -> None:
    (project.folder / "source.txt").unlink()


def other_source(project: Scratch) -> None:
    project.git("rm", "--quiet", "--cached", "source.txt")
    (project.folder / ".git/info/exclude").write_text("/source.txt\n")
    source_without_a_run(project)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (other_lock, "is locked to other packages: numpy==9.{numpy}, and {numpy} is installed"),
        (missing_package, "no-such-package==1.0 is not installed"),
        (no_list_of_packages, "requirements.lock of commit {commit} is no list of packages"),
        (no_lock, "commit {commit} has no dvc.lock"),
        (odd_lock, "dvc.yaml and dvc.lock of commit {commit} do not fit"),
        (missing_source, "reads source.txt, which is neither in Git nor here"),
        (other_source, "reads source.txt, which is not in Git, and the one here is not the one"),
    ],
)
def test_a_commit_that_cannot_be_run(
    change: Callable[[Scratch], None], told: str, forged: Scratch
) -> None:
    change(forged)
    commit = forged.commit("Change something")[:7]
    numpy = importlib.metadata.version("numpy")
    with pytest.raises(DigitsError) as refused:
        verified()
    assert told.format(commit=commit, numpy=numpy) in str(refused.value)


@pytest.mark.usefixtures("forged")
def test_no_such_commit_and_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DigitsError, match="unknown revision 'nowhere'"):
        verified("nowhere")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DigitsError, match="not a git repository"):
        verified()


@pytest.mark.parametrize(("precision", "noted"), [("reproducible", False), ("float32", True)])
def test_bytes_of_one_machine_are_said_to_be(precision: str, noted: bool) -> None:
    record = recorded.Record({}, {}, {"train.precision": precision})
    report = verify.render([Held("train", {}, (), True, False)], "commit 1234567", record)
    assert ("on one machine only" in report) is noted


@pytest.mark.whole
def test_the_whole_pipeline(project: Scratch) -> None:
    assert project.digits("verify").returncode == 0
    project.set(train__epochs=301)
    project.commit("Set the epochs, and run nothing")
    done = project.digits("verify")
    assert done.returncode == 1
    assert "initialize  as recorded\ntrain       data/history.parquet, data/weights/" in done.stdout
    assert "from train on: its params were changed and not run (train.epochs in" in done.stdout
    assert project.git("status", "--porcelain") == ""
