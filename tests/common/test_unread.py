"""Commands whose output nobody reads: `COMMAND | true`."""

import os
import sys
from pathlib import Path

import pytest

from tests import processes
from tests.common.shared import REPOSITORY

FULL = Path("/dev/full")
STAGE = ("-m", "stages.initialize", "--help")
TOOL = ("-m", "stages.tools.main", "--help")
SUB_COMMAND = ("-m", "stages.tools.main", "log", "--help")
PRINTS = (
    "-c",
    "from stages.common.command import until_unread\n"
    "with until_unread():\n"
    "    print('x' * 9, flush=False)",
)
CRASHES = ("-c", PRINTS[1].replace("flush=False)", "flush=False); raise SystemExit(1)"))


def unread(command: tuple[str, ...], *, buffered: bool) -> tuple[int, str]:
    """Return the exit code and the stderr of a command whose stdout has no reader."""
    reader, writer = os.pipe()
    os.close(reader)
    variables = {"PYTHONPATH": str(REPOSITORY)} | ({} if buffered else {"PYTHONUNBUFFERED": "1"})
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with os.fdopen(writer, "wb") as stdout:
        done = processes.run((sys.executable, *command), env=kept | variables, stdout=stdout)
    return done.returncode, done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="there is no full disk to write to")
@pytest.mark.parametrize("variables", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_a_command_that_prints_to_a_full_disk_says_so(variables: dict[str, str]) -> None:
    kept = os.environ | {"PYTHONPATH": str(REPOSITORY)} | variables
    with FULL.open("wb") as stdout:
        done = processes.run((sys.executable, *TOOL), env=kept, stdout=stdout)
    assert (done.returncode, done.stderr) == (2, "cannot print: No space left on device\n")


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("command", [STAGE, TOOL, SUB_COMMAND, PRINTS, CRASHES])
def test_a_command_that_nobody_reads_ends_quietly(command: tuple[str, ...], buffered: bool) -> None:
    assert unread(command, buffered=buffered) == (141, "")
