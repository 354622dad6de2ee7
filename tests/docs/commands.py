"""Whether a command that a page shows can be typed in: it is parsed, and nothing is run."""

import argparse
import importlib
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from unittest import mock

from dvc.cli import DvcParserError
from dvc.cli.parser import get_main_parser

from stages.common import params
from stages.common.command import run_stage
from stages.tools import main as digits
from tests.docs.pages import ROOT, STAGES, Code

_SEPARATORS = ("&&", "||", "|", ";")
_COMMAND = re.compile(
    r"(?:^|&&|[|;])\s*(?:[A-Z_]+=\S+ )*(?:\S*/)?(?:digits|dvc|make|python)(?:\s|$)"
)


class ParsedError(Exception):
    """A command line was found right; nothing of it has been done."""


def commands(piece: Code) -> Iterator[list[str]]:
    """Yield the words of each command in a piece of code.

    Where lines begin with a `$`, the others are what was printed. In a line of text one word alone
    is a name and no command.
    """
    lines = piece.text.replace("\\\n", " ").splitlines()
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    for line in typed or lines:
        for words in _split(line) if _COMMAND.search(line) else ():
            if words[0] in CHECKS and (piece.block or len(words) > 1):
                yield words


def _split(line: str) -> Iterator[list[str]]:
    """Yield the words of each command in a line, without those that set the environment."""
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), ";"]:
        if word in _SEPARATORS:
            yield words or [""]
            words = []
        elif words or not re.fullmatch(r"[A-Z_]+=.*", word):
            words.append(word if words else word.rpartition("/")[2])


def fault(words: Sequence[str]) -> str | None:
    """Return what is wrong with a command, or None."""
    said = io.StringIO()
    try:
        with redirect_stderr(said), redirect_stdout(io.StringIO()):
            CHECKS[words[0]](words[1:])
    except ParsedError:
        return None
    except SystemExit as end:
        return said.getvalue() or "it is refused" if end.code else None
    except (AssertionError, DvcParserError, ImportError, SyntaxError) as error:
        return said.getvalue() or str(error) or type(error).__name__
    return None


def _digits(words: Sequence[str]) -> None:
    """Check a `digits …`."""
    digits._parse(words)


def _make(words: Sequence[str]) -> None:
    """Check a `make …`: its targets, and the variables that it sets."""
    for word in words:
        name, equals, _ = word.partition("=")
        if equals:
            assert f"$({name})" in _makefile(), f"the Makefile uses no {name}"
        else:
            assert re.search(rf"^{re.escape(name)}:", _makefile(), re.MULTILINE), f"no {name}"


@cache
def _makefile() -> str:
    """Return the Makefile."""
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def _python(words: Sequence[str]) -> None:
    """Check a `python -m …`, a `python FILE …` or a `python -c …`."""
    if words[0] == "-c":
        compile(words[1], "-c", "exec")
    elif words[0] != "-m":
        assert (ROOT / words[0]).is_file(), f"no file {words[0]}"
    elif words[1] == "pytest":
        paths = [word.partition("::")[0] for word in words[2:] if word.startswith("tests")]
        for path in paths:
            assert (ROOT / path).exists(), f"no {path}"
    else:
        _module(words[1], words[2:])


def _module(name: str, words: Sequence[str]) -> None:
    """Check a module's command line by its own parser, and stop there."""
    module = importlib.import_module(name)
    with mock.patch.object(sys, "argv", [name, *words]):
        if module.main.__module__.removeprefix("stages.") in STAGES:
            run_stage(_reached, module.__doc__)
        with mock.patch.object(argparse.ArgumentParser, "parse_args", _parse_and_stop):
            module.main()


def _reached() -> None:
    """Stand where a stage begins its work."""
    raise ParsedError


_parse_args = argparse.ArgumentParser.parse_args


def _parse_and_stop(parser: argparse.ArgumentParser) -> None:
    """Parse the command line, and end there."""
    _parse_args(parser)
    raise ParsedError


def _dvc(words: Sequence[str]) -> None:
    """Check a `dvc …`: its options, the params keys that it sets, and the stages that it names."""
    arguments = get_main_parser().parse_args(list(words))
    for setting in getattr(arguments, "set_param", None) or ():
        assert setting.partition("=")[0] in keys(), f"no params key {setting}"
    if arguments.cmd in ("repro", "run"):
        for target in arguments.targets:
            known = target in (*STAGES, "x", "STAGE") or (ROOT / target).is_file()
            assert known, f"no stage {target}"


@cache
def keys() -> frozenset[str]:
    """Return every params key, with its section."""
    tables = params.declared()
    return frozenset(f"{section}.{key}" for section, table in tables.items() for key in table)


CHECKS: dict[str, Callable[[Sequence[str]], None]] = {
    "digits": _digits,
    "dvc": _dvc,
    "make": _make,
    "python": _python,
}
