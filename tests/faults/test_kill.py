"""Whatever kills a stage and whenever, the next run ends in the bytes of one never killed."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests import processes, scratch
from tests.faults.stages import STAGES
from tests.scratch import ROOT, Scratch

pytestmark = pytest.mark.whole

KILLS = 24  # of each stage alone
KILLS_WITH_DVC = 2  # of each stage, together with the dvc that runs it


@pytest.fixture
def project(trained: Scratch, tmp_path: Path) -> Scratch:
    """A copy of the trained repository, to change: one that DVC runs in."""
    return trained.copy(tmp_path / "project")


def whole(project: Scratch) -> dict[str, bytes]:
    """Return what the pipeline has written under its own names."""
    return {name: held for name, held in project.contents().items() if not name.endswith(".part")}


def outs_of(stage: str) -> list[str]:
    """Return the outs of a stage."""
    yaml = YAML(typ="safe").load(ROOT / "dvc.yaml")
    return [
        out if isinstance(out, str) else next(iter(out)) for out in yaml["stages"][stage]["outs"]
    ]


@contextmanager
def started(project: Scratch, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a command that was started, and says nothing."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    variables = project.environment() | {"PYTHONDONTWRITEBYTECODE": "1"}
    with processes.started(command, cwd=project.folder, env=variables, **quiet) as process:
        yield process


def kill_after(seconds: float, project: Scratch, *command: str) -> bool:
    """Kill a command and all of its own after a while; tell whether it was still running."""
    with started(project, *command) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True  # at the end of the block its whole group is killed
    return False


def time_of(project: Scratch, *command: str) -> float:
    """Return how many seconds a command takes."""
    begin = time.monotonic()
    with started(project, *command) as process:
        assert process.wait(processes.LIMIT) == 0
    return time.monotonic() - begin


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_killed_leaves_each_file_whole_or_absent(stage: str, project: Scratch) -> None:
    chance = random.Random(stage)
    complete = whole(project)
    command = (sys.executable, "-m", f"stages.{stage}")
    duration = time_of(project, *command)
    killed = 0
    for _ in range(KILLS):
        for out in outs_of(stage):
            path = project.folder / out
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        # Most kills in the second half: before that, Python is still importing.
        killed += kill_after(duration * chance.triangular(0.1, 1.05, 0.9), project, *command)
        left = whole(project)
        assert {name: complete[name] for name in left} == left
    assert killed > 0
    project.dvc("repro", "--quiet")
    assert whole(project) == complete
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize("stage", STAGES)
def test_dvc_killed_with_its_stage_runs_again_to_the_same_bytes(
    stage: str, project: Scratch
) -> None:
    chance = random.Random(f"dvc {stage}")
    complete = whole(project)
    for _ in range(KILLS_WITH_DVC):
        command = ("dvc", "repro", "--force", "--single-item", stage)
        kill_after(chance.uniform(0.5, 2.5), project, *command)
    project.dvc("repro", "--quiet")
    assert whole(project) == complete
    assert project.git("status", "--porcelain") == ""
    assert project.dvc("status").strip() == "Data and pipelines are up to date."


def test_the_second_of_two_repros_is_refused(project: Scratch) -> None:
    project.set(train__epochs=4000)
    with started(project, "dvc", "repro", "--force") as first:
        while not (project.folder / ".dvc/tmp/rwlock").exists() and first.poll() is None:
            time.sleep(0.05)
        time.sleep(0.3)
        second = project.attempt("dvc", "repro", "--force")
        assert first.poll() is None, "the first ended before the second began"
        assert first.wait(processes.LIMIT) == 0
    assert second.returncode != 0
    assert "Traceback" not in second.stderr
    assert "lock" in second.stderr.lower() or "busy" in second.stderr.lower()
    assert project.dvc("status").strip() == "Data and pipelines are up to date."


@pytest.mark.parametrize("day", [0, 4_000_000_000])
def test_a_clock_set_back_or_forward(day: int, project: Scratch) -> None:
    """The clock itself is the machine's: here the files are from 1970, or from 2096."""
    complete = whole(project)
    for path in [project.folder, *project.folder.rglob("*")]:
        if path.exists() and ".git" not in path.parts:
            os.utime(path, (day, day))
    assert "Running stage" not in project.dvc("repro")
    assert whole(project) == complete
    project.set(train__epochs=150)
    ran = project.dvc("repro")
    assert [stage for stage in STAGES if f"Running stage '{stage}'" in ran] == [
        "train",
        "evaluate",
        "plot",
        "export",
    ]
    project.set(train__epochs=300)
    project.dvc("repro")
    assert whole(project) == complete


REPORTS = ["history.csv", "metrics.json", "per_class.json", "predictions.csv", "snapshots.csv"]


def test_a_failing_stage_takes_no_report_with_it(project: Scratch) -> None:
    """None of them is committed here, so Git could not bring them back."""
    project.set(train__learning_rate=0.5)
    project.dvc("repro", "--quiet")
    before = {name: held for name, held in project.contents().items() if "reports/" in name}
    assert {f"reports/{name}" for name in REPORTS} < set(before)
    (project.folder / "stages/network/scores.py").write_text("raise SystemExit('broken')\n")
    assert project.attempt("dvc", "repro").returncode != 0
    after = {name: held for name, held in project.contents().items() if "reports/" in name}
    assert after == before


def test_a_missing_source_costs_what_dvc_checkout_brings_back(project: Scratch) -> None:
    complete = whole(project)
    project.set(ingest__source="data/raw/other.csv")
    (project.folder / "data/raw/other.csv").write_text("label\n")
    assert project.attempt("dvc", "repro").returncode != 0
    project.git("checkout", "--", "params.yaml")
    (project.folder / "data/raw/other.csv").unlink()
    project.dvc("checkout", "--quiet")
    assert whole(project) == complete
    assert project.dvc("status").strip() == "Data and pipelines are up to date."


@pytest.mark.parametrize("name", ["mes données/träin (1).csv", "$(touch PWNED); 'a' \"b\" &.csv"])
def test_a_strange_name_goes_through_dvc(name: str, project: Scratch) -> None:
    complete = whole(project)
    path = project.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(scratch.small_source(0))
    project.set(ingest__source=name)
    project.dvc("repro")
    assert whole(project) == complete
    assert not list(project.folder.rglob("PWNED"))
