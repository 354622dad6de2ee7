"""A training on a Dask cluster: what `train` is given instead of this process."""

import math
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stages.cluster.asked import Asked
from stages.cluster.connecting import connected
from stages.cluster.crew_there import CrewThere
from stages.cluster.gang import Gang
from stages.cluster.job import Job
from stages.cluster.piece_files import Bytes, written
from stages.network.batches import Batch, is_whole
from stages.network.descent import Crew, Elsewhere, Task
from stages.network.parameters import Parameters
from stages.network.partition import ARRANGED_ROWS
from stages.network.recipe import Recipe, recipe_of

_SCRATCH = Path(".cache/cluster")
_PIECES_A_THREAD = 2  # at least, where pieces may be of any size


class FarFeed:
    """Batches of rows that are elsewhere."""

    def __init__(self, rows: int, batch_rows: int) -> None:
        """Take how many rows there are, and how many a batch has."""
        self.rows, self._batch_rows = rows, batch_rows
        self.steps = math.ceil(rows / batch_rows)

    def epoch(self, number: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, counted from 1."""
        for step in range(self.steps):
            rows = min(self._batch_rows, self.rows - step * self._batch_rows)
            yield Batch((), rows, (number, step))


def elsewhere(
    where: Asked,
    settings: Mapping[str, Any],
    rows: tuple[Bytes, Bytes],
    teacher: tuple[Parameters, str] | None,
) -> Elsewhere:
    """Return where a training runs that the environment asks for.

    settings: the params in `train`. rows: X (m, side²) and one-hot Y (m, 10). teacher: a network
    that teaches, and the name of its activation.
    """
    recipe, (X, Y) = recipe_of(settings), rows
    exact, many = recipe.arithmetic.everywhere, len(X) > ARRANGED_ROWS

    @contextmanager
    def hire(_: Recipe, task: Task, __: Executor, ___: int) -> Iterator[Crew]:
        taught = teacher or (None, "")
        job = Job(settings, tuple(task.sizes), len(X), task.pixel_scale, *taught)
        if not exact:
            print(_OF_FLOATS.format(settings["precision"]), file=sys.stderr)
        with connected(where) as client:
            gang = Gang(client, where, job)
            size = _piece_rows(where, exact, len(X), gang.threads())
            with written(X, Y, where.data or str(_SCRATCH.absolute()), size) as pieces:
                gang.take(pieces)
                yield CrewThere(gang, job, is_whole(recipe, teacher is not None))

    feed = FarFeed(len(X), recipe.batch_rows or len(X))
    return Elsewhere(feed, hire, "" if exact or not many else f"pieces of {ARRANGED_ROWS} rows")


_OF_FLOATS = (
    f"train.precision {{}}: the last bits depend on how rows are cut, here into pieces of "
    f"{ARRANGED_ROWS}; they are the same for any number of workers of one kind"
)


def _piece_rows(where: Asked, exact: bool, rows: int, threads: int) -> int:
    """Return how many rows a piece has: where no cut matters, so few that all threads have some."""
    if not exact:
        return ARRANGED_ROWS
    return where.piece_rows or min(ARRANGED_ROWS, math.ceil(rows / (_PIECES_A_THREAD * threads)))
