"""Many trainings, each a task: which worker does it, and again if that is lost, is Dask's."""

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import CancelledError
from typing import TypeVar

from distributed import KilledWorker, as_completed

from stages.cluster.asked import asked
from stages.cluster.connecting import connected
from stages.cluster.gang import lost_scheduler, workers_in_time
from stages.cluster.rollcall import refuse
from stages.common.errors import DigitsError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")


def results(
    environment: Mapping[str, str],
    act: Callable[[Shared, Item], Result],
    shared: Shared,
    items: Sequence[Item],
) -> Generator[tuple[int, Result | DigitsError], None, None]:
    """Yield the number of each item with what `act` gives of it, or the DigitsError, as they come.

    act: a function of a module, not of the program that runs. shared: goes to each worker once.
    Raises DigitsError for a cluster that cannot be used, or is lost.
    """
    where = asked(environment, exact=True, pieces=False)
    with connected(where) as client:
        workers = workers_in_time(client, where, where.workers or 1)
        refuse(client, workers, exact=True, needed=act.__module__)
        everywhere = client.scatter(shared, broadcast=True)
        futures = {
            client.submit(act, everywhere, item, pure=False): number
            for number, item in enumerate(items)
        }
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except DigitsError as error:
                yield futures[future], error
            except KilledWorker as error:
                yield futures[future], DigitsError(f"each worker that did it has ended: {error}")
            except (CancelledError, OSError) as error:
                raise lost_scheduler(where, type(error).__name__) from error
