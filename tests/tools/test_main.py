"""The command line of `digits`."""

import importlib

import pytest

from stages.common.command import INTERRUPTED
from stages.tools import main


@pytest.mark.parametrize("command", main.COMMANDS)
def test_an_unknown_argument_shows_the_usage_of_its_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main.run([command, "--unknown"])
    told = capsys.readouterr().err
    assert told.startswith(f"usage: digits {command} [-h]")
    assert told.endswith(f"digits {command}: error: unrecognized arguments: --unknown\n")


def test_a_ctrl_c_while_a_command_is_imported_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", interrupted)
    assert main.run(["log"]) == INTERRUPTED
    assert capsys.readouterr().err == "digits log: stopped\n"


def test_an_option_before_the_command_shows_the_usage_of_digits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main.run(["--unknown", "log"])
    assert capsys.readouterr().err.startswith("usage: digits [-h] COMMAND")
