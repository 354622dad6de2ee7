"""A worker's share of a training: a Dask actor that keeps pieces, and answers in their sums."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from distributed import Actor, BaseActorFuture
from threadpoolctl import threadpool_limits

from stages.cluster.answer import Answer, answer_of, merged
from stages.cluster.job import Job, Place, Theta
from stages.cluster.kept_memory import keep_memory
from stages.cluster.piece_files import PieceFile, read
from stages.cluster.rows_here import Numbers, RowsHere
from stages.network.descent import network_of
from stages.network.parameters import shaped
from stages.network.teaching import aim_of
from stages.network.workers import Workers

# Who waits for another worker gives it so long, in seconds, and so many times its own time: it
# cannot tell a dead one from a slow one. Of what it does not hear the driver asks again.
_PATIENCE, _TIMES = 10, 20


class Branch(NamedTuple):
    """Another share, the pieces it is asked about, and those that it asks in turn."""

    actor: Actor
    numbers: Numbers
    branches: tuple["Branch", ...]


class Share:
    """The pieces that one worker keeps."""

    def __init__(self, job: Job, threads: int) -> None:
        """Keep none yet; threads: that work side by side."""
        threadpool_limits(1, "blas")  # for good: this process trains, and does nothing else
        keep_memory()
        recipe = job.recipe
        self._job, self._rows = job, RowsHere(job)
        self._exact = recipe.arithmetic.everywhere
        self._network = network_of(recipe, job.pixel_scale, self._rows.whole)
        aim = aim_of(recipe, job.taught_by, job.pixel_scale)
        weights, helpers = recipe.arithmetic.weights, ThreadPoolExecutor(threads)
        self._workers = Workers(self._network, helpers, threads, weights, aim)

    def keep(self, files: Mapping[int, PieceFile]) -> None:
        """Keep the pieces with these numbers and no other; raises DigitsError for one unread."""
        for number in self._rows.numbers() - set(files):
            self._rows.drop(number)
        for number in sorted(set(files) - self._rows.numbers()):
            self._rows.keep(number, read(files[number]))

    def answer(
        self, theta: Theta, place: Place, numbers: Numbers, branches: Sequence[Branch] = ()
    ) -> Answer:
        """Return what a step's rows, in the pieces of some numbers, say of parameters (p,).

        And what the branches say: of one that does not answer, nothing.
        """
        asked = [
            branch.actor.answer(theta, place, branch.numbers, branch.branches)
            for branch in branches
        ]
        began = time.monotonic()
        theta = np.array(theta)  # as it came it is at any address, and there BLAS rounds otherwise
        answers = [self._own(theta, place, some) for some in self._together(numbers)]
        wait = _PATIENCE + _TIMES * (time.monotonic() - began)
        answers += [answer for one in asked if (answer := _heard(one, wait))]
        return merged(answers, self._job.sizes)

    def _together(self, numbers: Numbers) -> list[Numbers]:
        """Return the numbers of the pieces that are added up, group by group."""
        if self._exact:
            return [numbers] if numbers else []
        return [(number,) for number in numbers]

    def _own(self, theta: Theta, place: Place, numbers: Numbers) -> Answer:
        """Return what the rows here say."""
        batch, masks = self._rows.batch(numbers, place)
        if not batch.rows:
            return answer_of(numbers, None, self._exact)
        network = self._network(shaped(theta, self._job.sizes))
        # A learning rate that is far too high overflows before the cost tells.
        with np.errstate(over="ignore", invalid="ignore"):
            sums = self._workers.sums(network, batch, masks)
        return answer_of(numbers, sums, self._exact)


def _heard(asked: BaseActorFuture[Any], wait: float) -> Answer | None:
    """Return another worker's answer, or None where it is lost, or too late."""
    try:
        answer: Answer = asked.result(timeout=wait)
    except OSError:  # a time-out is one
        return None
    return answer
