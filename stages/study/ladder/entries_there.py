"""Entries trained as tasks of a cluster, where DIGITS_CLUSTER asks for one."""

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from stages.common import far
from stages.common.artifacts.digits import Digits
from stages.common.errors import DigitsError
from stages.network.parameters import Parameters
from stages.network.teaching import Teacher
from stages.study import official
from stages.study.ladder import ladder_params, pupil, shelf
from stages.study.ladder.crew import News, Task
from stages.study.ladder.pools import Counts, rows_of
from stages.study.ladder.pupil import Outcome
from stages.study.ladder.worker import teacher_of


class Errand(NamedTuple):
    """A task, and the weights of the network that teaches, if one does."""

    task: Task
    teacher: Parameters | None


def trained(shared: tuple[Digits, Counts], errand: Errand) -> Outcome:
    """Return what an entry gives; shared: all digits, and how many rows are for what."""
    task, (whole, counts) = errand.task, shared
    teacher = None
    if errand.teacher:
        teacher = Teacher(errand.teacher, pupil.activation_of(task["teacher"]["values"]))
    with threadpool_limits(1, "blas"):
        rows = rows_of(task["rows"], whole, counts)
        return pupil.carry_out(task["values"], task["seed"], rows, teacher, lambda: None)


def carry_out(tasks: Sequence[Task]) -> Generator[News, None, None]:
    """Yield the news of all tasks: their ends. What each gave is kept here."""
    with far.installed():
        from stages.cluster.tasks import results
    content = ladder_params.load()
    whole = official.read(Path(content["ingest"]["source"]))
    errands = [
        Errand(task, teacher_of(task["teacher"]).parameters if task["teacher"] else None)
        for task in tasks
    ]
    shared = whole, Counts(**content["rows"])
    with closing(results(os.environ, trained, shared, errands)) as done:
        for number, outcome in done:
            if isinstance(outcome, DigitsError):
                yield News(number, 0.0, True, str(outcome))
                continue
            shelf.save(Path(tasks[number]["path"]), outcome)
            yield News(number, 0.0, True, None)
