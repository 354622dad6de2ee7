"""The console command `digits`: what people run around the pipeline.

A sub-command is a module with `configure(parser)` and `run(arguments) -> int`, and a line in
COMMANDS. Only the module of the sub-command in use is imported.
"""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, NamedTuple

from stages.common.command import NOT_DONE, Parser, status_of, until_unread
from stages.common.errors import DigitsError
from stages.common.interrupts import terminable

FAULT = NOT_DONE  # 1 is left for what a tool finds
_EPILOG = """\
Each works on the project in the current folder; `digits COMMAND --help` says more.
Exit codes: 0 all is well; 1 `compare` found a worse network, `verify` a commit that is not as
recorded, `predict` could not read a file; 2 it could not be done, with one line that says why;
130 stopped by Ctrl-C, 143 by SIGTERM; 141 nobody reads what it prints."""


class Command(NamedTuple):
    """A sub-command: its module, and what it does in a line."""

    module: str
    summary: str


COMMANDS = {
    "compare": Command(
        "stages.tools.compare.cli", "compare the network with another commit's, and judge"
    ),
    "fetch": Command("stages.tools.fetch", "download the four official MNIST files"),
    "keep": Command(
        "stages.tools.keep", "put the trained network among those that come with the project"
    ),
    "log": Command("stages.tools.log", "show the test accuracy of the last commits"),
    "predict": Command(
        "stages.tools.predict.predict",
        "read digits in pictures and tables with the trained network",
    ),
    "verify": Command("stages.tools.verify", "run a commit again: is all as it records it?"),
}


def main() -> None:
    """Run the sub-command on the command line, and exit with its code."""
    with ExitStack() as stack:
        stack.push(_crash)
        stack.enter_context(terminable())
        stack.enter_context(until_unread())
        sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Return the exit code of a command line; a DigitsError or a Ctrl-C is told in one line."""
    debug = "--debug" in words or os.environ.get("DIGITS_DEBUG", "0") not in ("", "0")
    name = " ".join(["digits", *(word for word in words[:1] if word in COMMANDS)])
    try:
        arguments = _parse(words)  # here, for a Ctrl-C may come while it imports
        return int(arguments.run(arguments))
    except DigitsError as error:
        if debug:
            traceback.print_exc()
        print(f"{name}: {error}", file=sys.stderr)
        return FAULT
    except KeyboardInterrupt as stop:
        print(f"{name}: stopped", file=sys.stderr)
        return status_of(stop)


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Return the arguments, with the `run` of the sub-command that they name."""
    parser = Parser(
        prog="digits",
        description="What people run around the pipeline.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    parsers: dict[str, argparse.ArgumentParser] = {}
    for name, command in COMMANDS.items():
        parsers[name] = commands.add_parser(
            name,
            help=command.summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name in words[:1]:
            _configure(parsers[name], importlib.import_module(command.module))
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        # argparse itself would show the usage of `digits` alone.
        parsers.get(words[0], parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    return arguments


def _configure(parser: argparse.ArgumentParser, module: Any) -> None:
    """Give a sub-command's parser its options, and what each has."""
    module.configure(parser)
    parser.add_argument("--debug", action="store_true", help="show a traceback on an error")
    parser.set_defaults(run=module.run)


def _crash(
    kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
) -> bool:
    """Show what nobody foresaw, and exit with 2: Python's own 1 would read as a worse network."""
    if kind is None or not issubclass(kind, Exception):
        return False
    traceback.print_exception(error)
    sys.exit(FAULT)


if __name__ == "__main__":
    main()
