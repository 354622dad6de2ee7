"""Train what the lines of the standard input ask for, one entry after the other.

In: the official MNIST files, reports/ladder/params.yaml. Out: files in .cache/ladder/. Other
modules of the study start it; nobody else need.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.network.teaching import Teacher
from stages.study import official
from stages.study.ladder import ladder_params, pupil, shelf
from stages.study.ladder.crew import Task, serve
from stages.study.ladder.pools import Counts, rows_of

_TELL_SECONDS = 0.5


def worker_of(content: dict[str, Any]) -> Callable[[Task, Callable[[float], None]], None]:
    """Return what trains an entry of a study with these params, and keeps what it gave."""
    whole, counts = official.read(Path(content["ingest"]["source"])), Counts(**content["rows"])

    def work(task: Task, tell: Callable[[float], None]) -> None:
        """Train one entry."""
        rows, values = rows_of(task["rows"], whole, counts), task["values"]
        ticks = _Ticks(values["train.epochs"], tell)
        teacher = teacher_of(task["teacher"]) if task["teacher"] else None
        outcome = pupil.carry_out(values, task["seed"], rows, teacher, ticks.one)
        shelf.save(Path(task["path"]), outcome)

    return work


def main() -> None:
    """Do what is asked until the input ends."""
    with threadpool_limits(1, "blas"):  # others work beside this one
        serve(sys.stdin, sys.stdout, worker_of(ladder_params.load()))


def teacher_of(task: Task) -> Teacher:
    """Return a network that teaches; raises DigitsError where it is not kept."""
    kept = shelf.load(Path(task["path"]))
    if kept is None:
        raise DigitsError(f"its teacher's network is not at {task['path']}")
    return Teacher(kept.parameters, pupil.activation_of(task["values"]))


class _Ticks:
    """The epochs of one entry, told of now and then."""

    def __init__(self, epochs: int, tell: Callable[[float], None]) -> None:
        """Begin before the first of so many epochs."""
        self._epochs, self._tell = epochs, tell
        self._done, self._next = 0, 0.0

    def one(self) -> None:
        """Count an epoch."""
        self._done += 1
        if time.monotonic() >= self._next:
            self._tell(self._done / self._epochs)
            self._next = time.monotonic() + _TELL_SECONDS


if __name__ == "__main__":
    run_stage(main, __doc__)
