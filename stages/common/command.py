"""Run a stage as a command: its --help, and how it reports what went wrong."""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from stages.common.errors import DigitsError, one_line
from stages.common.interrupts import Terminated, terminable

INTERRUPTED = 130  # what a shell returns for a command that Ctrl-C ended: 128 + SIGINT
TERMINATED = 143  # and for one that was told to end: 128 + SIGTERM
NOT_DONE = 2  # as argparse's own for a wrong command line
CLOSED_PIPE = 141  # and for one whose reader went away: 128 + SIGPIPE
_EPILOG = """\
Settings come from params.yaml and paths are relative to the current folder, the project's.
DIGITS_DEBUG=1 in the environment does what --debug does, under dvc repro too."""


class Parser(argparse.ArgumentParser):
    """A parser whose --help does not hide that nobody reads it, as argparse's own does."""

    def print_help(self, file: IO[str] | None = None) -> None:  # type: ignore[override]
        """Print the help."""
        print(self.format_help(), end="", file=file)


@contextmanager
def until_unread() -> Iterator[None]:
    """Run a block that prints; where its reader goes away, exit quietly with CLOSED_PIPE.

    Where what it prints goes to a full disk, say so in a line.
    """
    streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
    try:
        try:
            yield
        finally:
            for stream in streams:
                stream.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC) or error.filename is not None:
            raise
        full = error.errno == errno.ENOSPC
        if full:
            print(f"cannot print: {error.strerror}", file=sys.stderr)
        # What is left in a buffer goes nowhere, else Python would complain of it at its exit.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in streams:
            os.dup2(nowhere, stream.fileno())
        sys.exit(NOT_DONE if full else CLOSED_PIPE)


def run_stage(main: Callable[[], None], description: str | None) -> None:
    """Run a stage's `main`; report a DigitsError, a Ctrl-C or a SIGTERM in one line, and exit."""
    with terminable(), until_unread():
        _run_stage(main, description)


def _run_stage(main: Callable[[], None], description: str | None) -> None:
    """Run a stage as `run_stage` does, whoever reads what it prints."""
    module = str(main.__globals__["__spec__"].name)
    parser = Parser(
        prog=f"python -m {module}",
        description=description,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--debug", action="store_true", help="show a traceback on an error")
    debug = parser.parse_args().debug or os.environ.get("DIGITS_DEBUG", "0") not in ("", "0")
    name = module.rpartition(".")[2]
    try:
        main()
    except DigitsError as error:
        if debug:
            raise
        sys.exit(f"{name}: {one_line(error)}")
    except KeyboardInterrupt as interrupt:
        if debug:
            raise
        print(f"{name}: {str(interrupt) or 'stopped'}", file=sys.stderr)
        sys.exit(status_of(interrupt))


def status_of(stop: KeyboardInterrupt) -> int:
    """Return the exit status of a command that was stopped."""
    return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
