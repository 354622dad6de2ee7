"""Train the entries that are not finished, some side by side, each kept as soon as it is."""

import math
import sys
import time
from collections.abc import Container, Generator, Sequence
from typing import Any, NamedTuple

from tqdm import tqdm

from stages.common import far
from stages.common.errors import DigitsError
from stages.study.ladder import crew, effort, entries_there
from stages.study.ladder.crew import News, Task
from stages.study.ladder.entries import Entry
from stages.study.ladder.pools import Counts
from stages.study.ladder.shelf import Shelf

_WORKER = ("-m", "stages.study.ladder.worker")
_BAR = "{desc} {percentage:3.0f}%|{bar}| {elapsed}, {remaining} left"


class Workshop(NamedTuple):
    """Where and how entries are trained: what all who train share."""

    counts: Counts
    shelf: Shelf
    processes: int


def finish(
    entries: Sequence[Entry], workshop: Workshop, recorded: Container[str]
) -> dict[str, str]:
    """Train entries until each is on the shelf or among the keys recorded.

    Returns what failed, by the entry's key; the others are trained all the same. One that teaches
    is trained before those that it teaches.
    """
    shelf = workshop.shelf
    missing = [one for one in entries if shelf.load(one) is None and one.key not in recorded]
    taught_by = {one.teacher.key: one.teacher for one in missing if one.teacher}
    first = [one for one in taught_by.values() if shelf.load(one) is None]
    rest = [one for one in missing if one.key not in taught_by]
    total = sum(effort.seconds(entry, workshop.counts) for entry in [*first, *rest])
    bar: tqdm[Any]
    with tqdm(total=total, desc="ladder", bar_format=_BAR, disable=None) as bar:
        return _carry_out(first, workshop, bar) | _carry_out(rest, workshop, bar)


def _carry_out(entries: Sequence[Entry], workshop: Workshop, bar: "tqdm[Any]") -> dict[str, str]:
    """Train entries whose teachers are trained; return what failed, by key."""
    tasks = [_task_of(entry, workshop.shelf) for entry in entries]
    costs = [effort.seconds(entry, workshop.counts) for entry in entries]
    done, faults, ended = [0.0] * len(tasks), dict[str, str](), 0
    began = time.monotonic()
    try:
        for news in _news(tasks, workshop):
            share, entry = 1.0 if news.ended else news.did, entries[news.number]
            bar.update(costs[news.number] * (share - done[news.number]))
            done[news.number] = share
            if news.ended:
                ended += 1
                if news.fault is not None:
                    faults[entry.key] = news.fault
                said = f"{ended} of {len(tasks)}: {_told(entry, news.fault, workshop.shelf)}"
                left = _minutes_left(time.monotonic() - began, costs, done)
                bar.write(f"{said} ({left:.0f} minutes left)", file=sys.stderr)
    except KeyboardInterrupt as stop:
        said = f"stopped with {ended} of {len(tasks)} trainings finished; run again to go on"
        raise type(stop)(said) from None
    return faults


def _news(tasks: Sequence[Task], workshop: Workshop) -> Generator[News, None, None]:
    """Yield the news of tasks that are done here, or on a cluster."""
    if tasks and far.is_asked_for():
        return entries_there.carry_out(tasks)
    return crew.carry_out(_WORKER, tasks, workshop.processes)


def _told(entry: Entry, fault: str | None, shelf: Shelf) -> str:
    """Return what an entry came to: what failed, or its accuracy on rows that validate, if any."""
    outcome = shelf.load(entry) if fault is None else None
    validated = outcome.scores[2] if outcome else math.nan
    result = fault or ("" if math.isnan(validated) else f"{validated:.2%}")
    return ": ".join(part for part in (f"{entry.name}, seed {entry.seed}", result) if part)


def _minutes_left(seconds: float, costs: Sequence[float], done: Sequence[float]) -> float:
    """Return how long it goes on at the pace so far; done: the share of each cost."""
    paid = sum(cost * share for cost, share in zip(costs, done, strict=True))
    return seconds / 60 * (sum(costs) / paid - 1)


def _task_of(entry: Entry, shelf: Shelf) -> Task:
    """Return what a worker is told of an entry."""
    teacher = entry.teacher
    return {
        "values": entry.values,
        "seed": entry.seed,
        "rows": entry.rows,
        "path": str(shelf.path_of(entry)),
        "teacher": teacher and {"path": str(shelf.path_of(teacher)), "values": teacher.values},
    }


def refuse_faults(faults: dict[str, str], entries: Sequence[Entry]) -> None:
    """Raise DigitsError for the first training that failed, and say how many did."""
    for entry in entries:
        if entry.key in faults:
            raise DigitsError(
                f"{len(faults)} trainings failed, the others are kept; the first: {entry.name} "
                f"from seed {entry.seed}: {faults[entry.key]}"
            )
