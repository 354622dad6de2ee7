"""`--rerun`: the baseline trained again in a worktree that does not stay."""

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests import processes
from tests.scratch import SOURCE, Scratch


def leftovers(project: Scratch, folder: Path) -> list[str]:
    """Return what a rerun left behind: worktrees, and folders for temporary files."""
    worktrees = project.git("worktree", "list").splitlines()[1:]
    return worktrees + [path.name for path in folder.iterdir()]


def at_work(folder: Path) -> list[str]:
    """Return the processes that work in a folder, where the system says so: on Linux."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # it has ended, or is somebody else's
            if str(link.readlink()).startswith(str(folder)):
                found.append(link.parent.name)
    return found


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the tool makes its temporary folder."""
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def compare(project: Scratch, temporary: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "stages.tools.main", "compare", "--rerun", *words)
    return project.attempt(*command, TMPDIR=str(temporary))


def test_the_same_commit_trains_to_the_same_network(project: Scratch, temporary: Path) -> None:
    # A baseline whose reports are stale, whose source Git ignores, and whose hooks do harm.
    with (project.folder / ".gitignore").open("a") as file:
        file.write(f"/{SOURCE}\n")
    project.git("rm", "--quiet", "--cached", SOURCE)
    project.git("rm", "--quiet", "--cached", "reports/metrics.json")
    hook = project.folder / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {temporary}/harm\n")
    hook.chmod(0o755)
    project.git("commit", "--quiet", "--message", "A baseline without a source or metrics")
    cached = sorted((project.folder / ".dvc/cache").rglob("*"))
    done = compare(project, temporary, "--baseline", "HEAD")
    assert done.returncode == 0, done.stderr
    assert "trained again on this machine" in done.stdout
    assert "0 went from wrong to right and 0 from right to wrong" in done.stdout
    assert leftovers(project, temporary) == []
    assert sorted((project.folder / ".dvc/cache").rglob("*")) == cached


def test_a_pipeline_that_fails_is_no_verdict(project: Scratch, temporary: Path) -> None:
    project.set(train__learning_rate=-1)
    project.commit("A learning rate that no stage takes")
    project.set(train__learning_rate=0.8)
    project.commit("Take it back")
    done = compare(project, temporary)
    assert done.returncode == 2
    assert "cannot be trained again: " in done.stderr
    assert "train.learning_rate is -1; expected a finite number above 0" in done.stderr
    assert leftovers(project, temporary) == []


def test_a_commit_without_a_pipeline(project: Scratch, temporary: Path) -> None:
    project.git("rm", "--quiet", "dvc.yaml")
    project.git("commit", "--quiet", "--message", "No pipeline")
    project.git("checkout", "--quiet", "HEAD^", "--", "dvc.yaml")
    project.commit("The pipeline again")
    done = compare(project, temporary)
    assert done.returncode == 2
    assert "has no dvc.yaml" in done.stderr
    assert leftovers(project, temporary) == []


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, marks=pytest.mark.whole), signal.SIGTERM]
)
def test_an_interrupted_rerun_leaves_nothing(
    number: signal.Signals, project: Scratch, temporary: Path
) -> None:
    command = (sys.executable, "-m", "stages.tools.main", "compare", "--rerun", "--baseline=HEAD")
    with processes.started(
        command,
        cwd=project.folder,
        env=project.environment() | {"TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
    ) as process:
        until = time.monotonic() + 120
        while not list(temporary.glob("*/project/data/*.parquet")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        process.send_signal(number)
        _, told = process.communicate(timeout=processes.LIMIT)
    assert process.returncode == 128 + number
    assert told.endswith("digits compare: stopped\n")
    time.sleep(0.2)  # what was told to end may still be about to
    assert at_work(temporary) == []
    assert leftovers(project, temporary) == []


@pytest.mark.whole
def test_a_submodule(trained: Scratch, tmp_path: Path, temporary: Path) -> None:
    above = Scratch(tmp_path / "above")
    above.folder.mkdir()
    above.git("init", "--quiet")
    add = ("-c", "protocol.file.allow=always", "submodule", "add", "--quiet")
    above.git(*add, trained.folder.as_uri(), "digits")
    inner = Scratch(above.folder / "digits")
    done = compare(inner, temporary, "--baseline", "HEAD")
    assert done.returncode == 0, done.stderr
    assert leftovers(inner, temporary) == []
