"""The CI documents: their syntax, and every command in them, run in scratch clones."""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from tests import processes
from tests.scratch import ROOT, Scratch

GITHUB = ROOT / ".github/workflows/ci.yml"
PAGES = ROOT / ".github/workflows/pages.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
# Each expression in a step's `env`, and its value by the event.
EXPRESSIONS = {
    "${{ github.event_name == 'push' && 'HEAD^' || '' }}": {"push": "HEAD^", "pull_request": ""},
}
NIGHTLY = ["make test-all", ".venv/bin/digits fetch", "make study-check", "make ladder-check"]
JOBS = ("test", "same-bytes", "compare", "rung", "verify", "nightly")


def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text())


@pytest.mark.parametrize(
    ("path", "options"),
    [
        (GITHUB, ("--builtin-schema", "vendor.github-workflows")),
        (PAGES, ("--builtin-schema", "vendor.github-workflows")),
        (GITLAB, ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")),
    ],
)
def test_the_syntax(path: Path, options: tuple[str, ...]) -> None:
    command = (sys.executable, "-m", "check_jsonschema", *options, str(path))
    done = processes.run(command)
    assert done.returncode == 0, done.stdout


def steps(job: str) -> list[dict[str, Any]]:
    return list(read(GITHUB)["jobs"][job]["steps"])


def test_every_checkout_has_the_whole_history_and_no_step_a_secret() -> None:
    assert tuple(read(GITHUB)["jobs"]) == JOBS
    checkouts = [step for job in JOBS for step in steps(job) if "checkout" in str(step)]
    assert [step["with"]["fetch-depth"] for step in checkouts] == [0] * len(JOBS)
    assert "secrets." not in GITHUB.read_text()
    assert read(GITLAB)["variables"]["GIT_DEPTH"] == "0"


def test_the_page_that_the_pipeline_writes_is_published() -> None:
    publish = read(PAGES)["jobs"]["publish"]
    assert [step["run"] for step in publish["steps"] if "run" in step] == ["make repro"]
    upload = next(step for step in publish["steps"] if "upload" in step.get("uses", ""))
    assert upload["with"] == {"path": "reports/page/"}
    assert "secrets." not in PAGES.read_text()


def test_caches_are_kept_by_their_locks() -> None:
    cache = next(step for step in steps("compare") if "actions/cache" in step.get("uses", ""))
    assert cache["with"] == {"path": ".dvc/cache", "key": "dvc-${{ hashFiles('dvc.lock') }}"}
    for job in JOBS:
        python = next(step for step in steps(job) if "setup-python" in step.get("uses", ""))
        assert python["with"]["cache"] == "pip"


def test_each_push_runs_all_but_the_long_tests_which_run_by_night() -> None:
    conditions = {name: job["if"] for name, job in read(GITHUB)["jobs"].items()}
    assert conditions.pop("nightly") == "github.event_name == 'schedule'"
    assert set(conditions.values()) == {"github.event_name != 'schedule'"}
    assert [step["run"] for step in steps("nightly") if "run" in step] == NIGHTLY
    assert read(GITLAB)["nightly"]["script"] == NIGHTLY
    assert read(GITLAB)["nightly"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    for job in ("test", "same-bytes-arm", "same-bytes-old-x86-64", "compare", "rung", "verify"):
        assert gitlab_job(job)["rules"][0] == {
            "if": '$CI_PIPELINE_SOURCE == "schedule"',
            "when": "never",
        }


def gitlab_job(name: str) -> dict[str, Any]:
    """Return a job of GitLab with what it extends."""
    document = read(GITLAB)
    job = dict(document[name])
    while "extends" in job:
        job = document[job.pop("extends")] | job
    return job


def test_each_push_is_verified() -> None:
    commands = ["make .venv/.run", ".venv/bin/digits verify"]
    assert [step["run"] for step in steps("verify") if "run" in step] == commands
    assert gitlab_job("verify")["script"] == commands


def test_each_push_trains_the_top_of_the_ladder() -> None:
    assert [step["run"] for step in steps("rung") if "run" in step] == ["make rung"]
    assert gitlab_job("rung")["script"] == ["make rung"]


def test_other_machines_run_the_pipeline() -> None:
    arm, old = read(GITHUB)["jobs"]["same-bytes"]["strategy"]["matrix"]["include"]
    assert arm["runner"].endswith("-arm")
    assert "arm64" in gitlab_job("same-bytes-arm")["tags"][0]
    settings = dict(setting.split("=") for setting in old["settings"].split())
    assert settings["OPENBLAS_CORETYPE"] == "Prescott"
    assert settings == gitlab_job("same-bytes-old-x86-64")["variables"]


def test_no_kernel_of_numpy_is_left_on() -> None:
    if platform.machine() != "x86_64":
        pytest.skip("the settings are for x86-64")
    _, old = read(GITHUB)["jobs"]["same-bytes"]["strategy"]["matrix"]["include"]
    settings = dict(setting.split("=") for setting in old["settings"].split())
    built: Any = np.show_config(mode="dicts")
    kinds = built["SIMD Extensions"]
    newer = {*kinds.get("found", []), *kinds.get("not found", [])}
    assert set(settings["NPY_DISABLE_CPU_FEATURES"].split(",")) == newer


def test_a_machine_that_gives_other_bytes_fails(trained: Scratch, tmp_path: Path) -> None:
    run, expect = (step["run"] for step in steps("same-bytes") if "run" in step)
    assert run == "env $SETTINGS make repro"
    script = gitlab_job("same-bytes-arm")["script"]
    assert script == gitlab_job("same-bytes-old-x86-64")["script"] == ["make repro", expect]
    clone = trained.clone(tmp_path / "clone")
    assert clone.attempt("bash", "-e", "-c", expect).returncode == 0
    (clone.folder / "reports/other.csv").touch()
    assert clone.attempt("bash", "-e", "-c", expect).returncode == 1
    (clone.folder / "reports/other.csv").unlink()
    with (clone.folder / "reports/history.csv").open("a") as history:
        history.write("more")
    assert clone.attempt("bash", "-e", "-c", expect).returncode == 1


def environment_of_ours(project: Scratch) -> None:
    """Give a clone this environment as its .venv, so that `make` has nothing to install."""
    (project.folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name not in (".run", ".dev"):  # the stamps, which must be newer than the locks
            (project.folder / ".venv" / entry.name).symlink_to(entry)
    for stamp in (".run", ".dev"):
        (project.folder / ".venv" / stamp).touch()


def run_step(
    step: dict[str, Any], project: Scratch, event: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does: with bash, which stops at the first error."""
    values = {name: EXPRESSIONS[value][event] for name, value in step.get("env", {}).items()}
    assert "${{" not in step["run"]
    values["GITHUB_STEP_SUMMARY"] = str(project.home / "GITHUB_STEP_SUMMARY")
    return project.attempt("bash", "-e", "-c", step["run"], **values)


def run_job(project: Scratch, event: str) -> dict[str, int]:
    """Run the steps of the job `compare`, and return the exit code of each by its name."""
    environment_of_ours(project)
    codes: dict[str, int] = {}
    for step in steps("compare"):
        if "run" in step and (not any(codes.values()) or "always()" in step.get("if", "")):
            codes[step["name"]] = run_step(step, project, event).returncode
    return codes


def summary(project: Scratch) -> str:
    return (project.home / "GITHUB_STEP_SUMMARY").read_text()


NAMES = ["Run the pipeline", "Compare with the baseline", "Show the report"]


@pytest.mark.whole
def test_the_job_fails_on_a_pull_request_that_makes_it_worse(
    trained: Scratch, tmp_path: Path
) -> None:
    origin = trained.copy(tmp_path / "origin")
    origin.git("checkout", "--quiet", "-b", "worse")
    origin.set(train__learning_rate=0.01)
    origin.commit("Set the learning rate, and run nothing: CI runs it")
    # As actions/checkout leaves it: a detached commit, and no branch of ours.
    clone = origin.clone(tmp_path / "clone", "--branch=worse")
    clone.git("checkout", "--quiet", "--detach")
    clone.git("branch", "--quiet", "--delete", "--force", "worse")
    assert list(run_job(clone, "pull_request").items()) == list(zip(NAMES, (0, 1, 0), strict=True))
    assert summary(clone).startswith("# Worse\n\n**test accuracy fell by ")
    assert "merge base with origin/main" in summary(clone)
    assert "](report\\_files" not in summary(clone)
    assert "![" not in summary(clone)
    assert (clone.folder / "comparison/report_files/flipped.png").exists()


@pytest.mark.whole
def test_the_job_passes_on_main_and_so_does_the_one_of_gitlab(
    trained: Scratch, tmp_path: Path
) -> None:
    origin = trained.copy(tmp_path / "origin")
    (origin.folder / "NOTES.md").write_text("Nothing that trains.\n")
    origin.commit("Add notes")
    clone = origin.clone(tmp_path / "clone")
    assert list(run_job(clone, "push").items()) == list(zip(NAMES, (0, 0, 0), strict=True))
    assert summary(clone).startswith("# Pass\n\n**test accuracy is the same.**")
    job = read(GITLAB)["compare"]
    assert [rule["variables"]["BASELINE"] for rule in job["rules"][1:]] == [
        "$CI_MERGE_REQUEST_DIFF_BASE_SHA",
        "HEAD^",
    ]
    for line in job["script"]:
        clone.run("bash", "-e", "-c", line, BASELINE=clone.git("rev-parse", "HEAD^"))


def test_the_script_of_checks_and_tests(trained: Scratch, tmp_path: Path) -> None:
    """The other step is .ci/run, which runs these tests: here with a `make` that only notes it."""
    assert [step["run"] for step in steps("test") if "run" in step] == [".ci/run"]
    assert read(GITLAB)["test"]["script"] == [".ci/run"]
    stubs, notes = tmp_path / "stubs", tmp_path / "notes"
    stubs.mkdir()
    for name, status in (("make", 0), ("apt-get", 1)):
        (stubs / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {notes}\nexit {status}\n')
        (stubs / name).chmod(0o755)
    clone = trained.clone(tmp_path / "clone")
    clone.run(".ci/run", PATH=os.pathsep.join([str(stubs), os.environ["PATH"]]))
    told = notes.read_text().splitlines()
    assert [line for line in told if line.startswith("make")] == ["make check", "make test"]
