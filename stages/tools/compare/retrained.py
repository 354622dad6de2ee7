"""A baseline trained again on this machine, in a folder that does not stay."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from stages.common.errors import DigitsError
from stages.tools import checkout, recorded, rerun
from stages.tools.project_files import Files, Folder, Tree


@contextmanager
def retrained(commit: Tree) -> Iterator[Files]:
    """Yield the files of a commit after its whole pipeline ran, with this Python.

    Raises DigitsError where it cannot run.
    """
    record = recorded.declared(commit)
    with checkout.checked_out(commit, record) as project:
        print(f"Training {commit.name} again on this machine", file=sys.stderr, flush=True)
        fault = rerun.reproduce(project, lambda _: None)
        if fault:
            raise DigitsError(f"{commit.name} cannot be trained again: {fault}")
        yield Folder(project, f"{commit.name}, trained again")
