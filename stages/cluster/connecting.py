"""A connection to Dask's scheduler: one that is there, or one of our own with workers here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, LocalCluster

from stages.cluster.asked import CLUSTER, Asked
from stages.common.errors import DigitsError

# A Ctrl-C in a terminal reaches all that was started there: it is for the process that asks.
_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
_TALKATIVE = ("distributed", "tornado", "asyncio", "bokeh")


@contextmanager
def connected(where: Asked) -> Iterator[Client]:
    """Yield a client, for as long as the block runs; raises DigitsError where nobody answers."""
    with _quiet():
        if where.workers:
            with _workers_here(where.workers) as cluster, Client(cluster) as client:
                yield client
        else:
            with _client_of(where) as client:
                yield client


def _workers_here(count: int) -> LocalCluster:
    """Return a scheduler of our own, with so many processes of one thread."""
    return LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=None,
        silence_logs=logging.CRITICAL,
        preload=[_DEAF],
    )


def _client_of(where: Asked) -> Client:
    """Return a client of the scheduler at an address."""
    try:
        return Client(where.address, timeout=where.wait)
    except (OSError, TypeError, ValueError) as error:  # wrong settings of TLS raise the last two
        cause = error.__cause__ or error
        raise DigitsError(
            f"no scheduler answers at {CLUSTER} {where.address}: {cause or type(cause).__name__}; "
            f"expected one within {where.wait} s, for tls:// with certificates in Dask's settings"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Within the block, have Dask say nothing of what this module's callers tell in one line."""
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
