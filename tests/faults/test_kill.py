"""Whatever kills a stage and whenever, the next run ends in the bytes of one never killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.faults.stages import ROOT, STAGES
from tests.tools import scratch
from tests.tools.scratch import Scratch, environment

SETTINGS = {
    "ingest__source": "data/raw/small.csv",
    "split__train_rows": 1200,
    "train__epochs": 60,
    "initialize__layers": [784, 16, 16, 10],
}
KILLS = 24  # of each stage alone
KILLS_WITH_DVC = 2  # of each stage, together with the dvc that runs it


@pytest.fixture(scope="session")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Return a repository whose pipeline has run; a test must not change it."""
    folder = tmp_path_factory.mktemp("kill") / "made"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith(("reports", "dvc.lock", "tests")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / "data/raw/small.csv").write_text(scratch.small_source(0))
    made = Scratch(folder)
    made.set(**SETTINGS)
    made.git("init", "--quiet")
    made.dvc("repro", "--quiet")
    made.commit("The project and its results")
    return made


@pytest.fixture
def project(run_once: Scratch, tmp_path: Path) -> Scratch:
    return run_once.copy(tmp_path / "project")


def contents(project: Scratch) -> dict[str, bytes]:
    """Return what the pipeline has written, half-written files included."""
    tops = ("data", "reports")
    files = [path for top in tops for path in (project.folder / top).rglob("*") if path.is_file()]
    return {str(path.relative_to(project.folder)): path.read_bytes() for path in files}


def whole(project: Scratch) -> dict[str, bytes]:
    """Return what the pipeline has written under its own names."""
    return {name: held for name, held in contents(project).items() if not name.endswith(".part")}


def outs_of(stage: str) -> list[str]:
    """Return the outs of a stage."""
    yaml = YAML(typ="safe").load(ROOT / "dvc.yaml")
    return [
        out if isinstance(out, str) else next(iter(out)) for out in yaml["stages"][stage]["outs"]
    ]


def start(project: Scratch, *command: str) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own."""
    return subprocess.Popen(
        command,
        cwd=project.folder,
        env=environment(project.home) | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_after(seconds: float, process: subprocess.Popen[bytes]) -> bool:
    """Kill a process group with SIGKILL after a while; tell whether it was still running."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def time_of(project: Scratch, *command: str) -> float:
    """Return how many seconds a command takes."""
    begin = time.monotonic()
    assert start(project, *command).wait() == 0
    return time.monotonic() - begin


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_killed_leaves_each_file_whole_or_absent(stage: str, project: Scratch) -> None:
    chance = random.Random(stage)
    project.home.mkdir(exist_ok=True)
    complete = whole(project)
    command = (sys.executable, "-m", f"stages.{stage}")
    duration = time_of(project, *command)
    killed = 0
    for _ in range(KILLS):
        for out in outs_of(stage):
            path = project.folder / out
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        # Most kills in the second half: before that, Python is still importing.
        killed += kill_after(duration * chance.triangular(0.1, 1.05, 0.9), start(project, *command))
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
    project.home.mkdir(exist_ok=True)
    complete = whole(project)
    for _ in range(KILLS_WITH_DVC):
        process = start(project, "dvc", "repro", "--force", "--single-item", stage)
        kill_after(chance.uniform(0.5, 2.5), process)
    project.dvc("repro", "--quiet")
    assert whole(project) == complete
    assert project.git("status", "--porcelain") == ""
    assert project.dvc("status").strip() == "Data and pipelines are up to date."


def test_the_second_of_two_repros_is_refused(project: Scratch) -> None:
    project.set(train__epochs=4000)
    first = start(project, "dvc", "repro", "--force")
    try:
        while not (project.folder / ".dvc/tmp/rwlock").exists() and first.poll() is None:
            time.sleep(0.05)
        time.sleep(0.3)
        second = project.attempt("dvc", "repro", "--force")
        assert first.poll() is None, "the first ended before the second began"
    finally:
        assert first.wait() == 0
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
    project.set(train__epochs=30)
    ran = project.dvc("repro")
    assert [stage for stage in STAGES if f"Running stage '{stage}'" in ran] == [
        "train",
        "evaluate",
        "plot",
    ]
    project.set(train__epochs=60)
    project.dvc("repro")
    assert whole(project) == complete


REPORTS = ["history.csv", "metrics.json", "per_class.json", "predictions.csv"]


def test_a_failing_stage_takes_no_report_with_it(project: Scratch) -> None:
    """None of them is committed here, so Git could not bring them back."""
    project.set(train__learning_rate=0.5)
    project.dvc("repro", "--quiet")
    before = {name: held for name, held in contents(project).items() if "reports/" in name}
    assert {f"reports/{name}" for name in REPORTS} < set(before)
    (project.folder / "stages/network/scores.py").write_text("raise SystemExit('broken')\n")
    assert project.attempt("dvc", "repro").returncode != 0
    after = {name: held for name, held in contents(project).items() if "reports/" in name}
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
