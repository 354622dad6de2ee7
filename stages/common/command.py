"""Run a stage as a command: its --help, and how it reports what went wrong."""

import argparse
import os
import sys
from collections.abc import Callable

from stages.common.errors import DigitsError, one_line

INTERRUPTED = 130  # what a shell returns for a command that Ctrl-C ended: 128 + SIGINT
_EPILOG = """\
Settings come from params.yaml and paths are relative to the current folder, the project's.
DIGITS_DEBUG=1 in the environment does what --debug does, under dvc repro too."""


def run_stage(main: Callable[[], None], description: str | None) -> None:
    """Run a stage's `main`; report a DigitsError or a Ctrl-C in one line, and exit."""
    module = str(main.__globals__["__spec__"].name)
    parser = argparse.ArgumentParser(
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
        sys.exit(INTERRUPTED)
