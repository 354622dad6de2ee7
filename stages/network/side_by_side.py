"""Threads that do pieces of one job; and the update's step in pieces."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextvars import copy_context
from typing import TypeVar

from stages.network.batches import cuts
from stages.network.parameters import Vector
from stages.network.updates import Moments, Move, Settings

Item = TypeVar("Item")

_MANY = 2**17  # parameters: to share the step of fewer takes longer than it saves


def side_by_side(helpers: Executor, work: Callable[[Item], None], items: Sequence[Item]) -> None:
    """Do work for each item: here for the first, in helpers' threads for the others."""
    # A thread has floating-point warnings of its own: it is to have those of the caller.
    running = [helpers.submit(copy_context().run, work, item) for item in items[1:]]
    work(items[0])
    for helper in running:
        helper.result()


def shared(move: Move, helpers: Executor, threads: int) -> Move:
    """Return a rule's move, of which each thread does a piece where there are many parameters.

    It is elementwise: no bit depends on how the parameters are cut.
    """

    def in_pieces(
        theta: Vector, total: Vector, rows: int, rate: float, moments: Moments, settings: Settings
    ) -> tuple[Vector, Moments]:
        after = dict(moments)

        def work(cut: slice) -> None:
            some = {key: x[cut] if x.ndim else x for key, x in moments.items()}
            told = settings._replace(decayed=settings.decayed[cut])
            _, found = move(theta[cut], total[cut], rows, rate, some, told)
            after.update((key, x) for key, x in found.items() if not x.ndim)

        size = math.ceil(len(theta) / threads)
        side_by_side(helpers, work, [*cuts(len(theta), size)])
        return total, after

    def either(
        theta: Vector, total: Vector, rows: int, rate: float, moments: Moments, settings: Settings
    ) -> tuple[Vector, Moments]:
        few = threads == 1 or len(theta) < _MANY
        return (move if few else in_pieces)(theta, total, rows, rate, moments, settings)

    return either
