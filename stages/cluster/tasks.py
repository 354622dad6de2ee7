"""Many trainings, each a task: which worker does it, and again if that is lost, is Dask's."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from typing import Any, TypeVar

import dask
from distributed import Client, Future, KilledWorker, wait

from stages.cluster.asked import Asked, asked
from stages.cluster.connecting import connected, lost_scheduler
from stages.cluster.gang import workers_in_time
from stages.cluster.rollcall import Identity, identity, refuse, require
from stages.common.errors import DigitsError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

_LARGE = {"distributed.admin.large-graph-warning-threshold": "1 TB"}  # as all digits are
_LOOK_SECONDS = 1.0  # from one look whether there are workers to the next


def results(
    environment: Mapping[str, str],
    act: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Sequence[Item],
) -> Generator[tuple[int, Result | DigitsError], None, None]:
    """Yield the number of each item with what `act` gives of it, or the DigitsError, as they come.

    act: a function of a module, not of the program that runs. shared: goes to each worker once, by
    a task too, which Dask does again where all who have it are lost.
    Raises DigitsError for a cluster that cannot be used, or is lost.
    """
    where = asked(environment, exact=True, pieces=False)
    with connected(where) as client:
        workers = workers_in_time(client, where, where.workers or 1)
        refuse(client, workers, exact=True, needed=act.__module__)
        with dask.config.set(_LARGE):
            everywhere = client.submit(_same, shared, pure=False)
        futures = {
            client.submit(_done, identity(), act, everywhere, item, pure=False): number
            for number, item in enumerate(items)
        }
        for future in _completed(client, where, futures):
            try:
                yield futures[future], future.result()
            except DigitsError as error:
                yield futures[future], error
            except KilledWorker as error:
                yield futures[future], DigitsError(f"each worker that did it has ended: {error}")


def _done(
    asking: Identity, act: Callable[[Shared, Item], Result], shared: Shared, item: Item
) -> Result:
    """Return what `act` gives; raises DigitsError on a worker that came late and is another."""
    require(asking)
    return act(shared, item)


def _same(value: Shared) -> Shared:
    return value


def _completed(
    client: Client, where: Asked, futures: Iterable[Future[Any]]
) -> Iterator[Future[Any]]:
    """Yield futures as they are done.

    Raises DigitsError where there is no worker in time, or the scheduler is lost.
    """
    left = set(futures)
    while left:
        try:
            done = wait(left, _LOOK_SECONDS, "FIRST_COMPLETED").done
        except TimeoutError:
            workers_in_time(client, where, 1)
            continue
        except CancelledError as error:
            raise lost_scheduler(where, type(error).__name__) from error
        yield from done
        left -= done
