"""Runs a stage as its command does, in this process, and says how it ended."""

import importlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from stages.common.command import run_stage
from tests import processes
from tests.scratch import ROOT

STAGES = ("ingest", "split", "encode", "initialize", "train", "evaluate", "plot", "export")


class Outcome(NamedTuple):
    """How a stage ended: its exit code, and what it wrote to stderr."""

    code: int
    lines: list[str]


def write_params(folder: Path, **changes: Any) -> None:
    """Write the project's params.yaml into a folder, with changes such as ingest__source=…."""
    yaml = YAML(typ="safe")
    content = yaml.load(ROOT / "params.yaml")
    for key, value in changes.items():
        section, _, name = key.partition("__")
        content[section][name] = value
    yaml.dump(content, folder / "params.yaml")


def run_main(stage: str) -> None:
    """Run a stage in the current folder; it must end well."""
    importlib.import_module(f"stages.{stage}").main()


def run_here(stage: str, capsys: pytest.CaptureFixture[str]) -> Outcome:
    """Run a stage in the current folder; what it exits with is what a shell would see."""
    module = importlib.import_module(f"stages.{stage}")
    capsys.readouterr()
    code: Any = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [stage])
        try:
            run_stage(module.main, module.__doc__)
        except SystemExit as end:
            code = end.code
    errors = capsys.readouterr().err
    if isinstance(code, str):  # then Python itself prints it and exits with 1
        errors, code = f"{errors}{code}\n", 1
    return Outcome(code or 0, errors.splitlines())


def run_process(stage: str, folder: Path, before: Sequence[str] = (), **keywords: Any) -> Outcome:
    """Run a stage in a folder as a process of its own, the words `before` ahead of its command."""
    done = processes.run(
        [*before, sys.executable, "-m", f"stages.{stage}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"},
        **keywords,
    )
    return Outcome(done.returncode, done.stderr.splitlines())


_BOUND_BY_MODES = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def run_unprivileged(stage: str, folder: Path) -> Outcome:
    """Run a stage as one whom file modes bind; skip the test where there is no way to."""
    if os.geteuid() != 0:
        return run_process(stage, folder)
    # Another user may not enter root's Python: root without its privilege is bound as well.
    tried = [*_BOUND_BY_MODES, "true"]
    if not shutil.which("setpriv") or processes.run(tried).returncode != 0:
        pytest.skip("root runs the tests, and setpriv cannot take its privileges away")
    return run_process(stage, folder, before=_BOUND_BY_MODES)
