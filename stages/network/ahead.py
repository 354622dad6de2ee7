"""Work that goes on while what is done of it is used."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextvars import copy_context
from typing import TypeVar

Item = TypeVar("Item")


def ahead(helpers: Executor, items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items, of which a helper makes the next one while one is used.

    What making an item raises is raised here. At an early end, one more may have been made.
    """
    context = copy_context()  # a thread's floating-point warnings are to be those of the caller

    def following() -> Item | None:
        return next(items, None)

    coming = helpers.submit(context.run, following)
    while (item := coming.result()) is not None:
        coming = helpers.submit(context.run, following)
        yield item
