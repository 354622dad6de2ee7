"""How a stage ends: its exit code and what it says."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import processes
from tests.common.shared import REPOSITORY
from tests.faults.stages import STAGES

GAUGE = '''"""Measure nothing, in several ways.

In: the word in WAY. Out: nothing.
"""

import os
import signal
import time

from stages.common.command import run_stage
from stages.common.errors import DigitsError


def main() -> None:
    """Run the stage."""
    way = os.environ["WAY"]
    if way == "refuse":
        raise DigitsError("key a.b is 5; expected 6")
    if way == "stop":
        signal.raise_signal(signal.SIGINT)
    if way == "stop with words":
        raise KeyboardInterrupt("stopped at 7 of 9")
    if way == "wait":
        print("waiting", flush=True)
        time.sleep(60)
    if way == "break":
        raise RuntimeError("a bug")


if __name__ == "__main__":
    run_stage(main, __doc__)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a stage of its own."""
    folder = tmp_path_factory.mktemp("command")
    (folder / "measures").mkdir()
    (folder / "measures" / "gauge.py").write_text(GAUGE)
    return folder


def environment(way: str, debug: str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DIGITS_DEBUG"}
    debugged = {} if debug is None else {"DIGITS_DEBUG": debug}
    return kept | debugged | {"WAY": way, "PYTHONPATH": str(REPOSITORY)}


def run(
    folder: Path, way: str, *arguments: str, debug: str | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "measures.gauge", *arguments]
    return processes.run(command, cwd=folder, env=environment(way, debug))


def test_what_works_says_nothing(folder: Path) -> None:
    done = run(folder, "work")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("debug", [None, "", "0"])
def test_an_error_is_one_line(folder: Path, debug: str | None) -> None:
    done = run(folder, "refuse", debug=debug)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "gauge: key a.b is 5; expected 6\n"


@pytest.mark.parametrize(
    ("way", "words"), [("stop", "stopped"), ("stop with words", "stopped at 7 of 9")]
)
@pytest.mark.parametrize("debug", [None, "0"])
def test_a_stop_is_one_line(folder: Path, way: str, words: str, debug: str | None) -> None:
    done = run(folder, way, debug=debug)
    assert (done.returncode, done.stdout) == (128 + signal.SIGINT, "")
    assert done.stderr == f"gauge: {words}\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_from_outside(folder: Path, number: signal.Signals) -> None:
    with processes.started(
        [sys.executable, "-m", "measures.gauge"],
        cwd=folder,
        env=environment("wait", None),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (128 + number, "gauge: stopped\n")


@pytest.mark.parametrize(("arguments", "debug"), [(["--debug"], None), ([], "1"), ([], "yes")])
@pytest.mark.parametrize(
    ("way", "last"), [("refuse", "DigitsError"), ("stop", "KeyboardInterrupt")]
)
def test_debugging_shows_the_traceback(
    folder: Path, way: str, last: str, arguments: list[str], debug: str | None
) -> None:
    done = run(folder, way, *arguments, debug=debug)
    assert done.returncode != 0
    assert done.stderr.startswith("Traceback")
    assert 'gauge.py", line' in done.stderr
    assert last in done.stderr.splitlines()[-1]


def test_a_bug_is_never_hidden(folder: Path) -> None:
    done = run(folder, "break")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("RuntimeError: a bug\n")


def test_help_says_what_goes_in_and_out_and_runs_nothing(folder: Path) -> None:
    done = run(folder, "break", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: python -m measures.gauge" in done.stdout
    for words in ("In: the word in WAY. Out: nothing.", "params.yaml", "--debug", "DIGITS_DEBUG=1"):
        assert words in done.stdout


@pytest.mark.parametrize("argument", ["--epochs", "train", "-x"])
def test_an_argument_that_it_does_not_know(folder: Path, argument: str) -> None:
    done = run(folder, "break", argument)
    assert done.returncode == 2
    assert argument in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_refuses_a_folder_without_params(stage: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", f"stages.{stage}"]
    done = processes.run(command, cwd=tmp_path, env=environment("", None))
    assert done.returncode == 1
    assert re.fullmatch(rf"{stage}: .*params\.yaml.*\n", done.stderr)
    assert list(tmp_path.iterdir()) == []
