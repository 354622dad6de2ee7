"""A connection to Dask's scheduler: one that is there, or one of our own with workers here."""

import logging
import signal
import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

from distributed import Client, LocalCluster
from distributed.versions import VersionMismatchWarning

from stages.cluster.asked import Asked
from stages.common.errors import DigitsError
from stages.common.far import CLUSTER
from stages.common.interrupts import noted_by_now

_TRY_SECONDS = 5
_STARTS = 5  # of workers here, of which one ends meanwhile
_FAULTS = (OSError, TypeError, ValueError)  # the last two are of wrong settings of TLS
# Dask gives each of these a level of its own.
_TALKATIVE = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")


@contextmanager
def connected(where: Asked) -> Iterator[Client]:
    """Yield a client, for as long as the block runs.

    Raises DigitsError where nobody answers, or the scheduler is lost while it is asked something.
    """
    with _quiet(), _told_of_loss(where):
        if where.workers:
            # Of workers elsewhere the scheduler may see more than this process does.
            with (
                _workers_here(where.workers) as cluster,
                Client(cluster, direct_to_workers=True) as client,
            ):
                yield client
        else:
            with _client_of(where) as client:
                yield client


def _workers_here(count: int) -> LocalCluster:
    """Return a scheduler of our own, with so many processes of one thread.

    Raises DigitsError where one of them ends while it starts, again and again.
    """
    cause: BaseException | None = None
    for _ in range(_STARTS):
        try:
            return _started_here(count)
        except (OSError, RuntimeError) as error:
            cause = error.__cause__ or error
    raise DigitsError(
        f"{CLUSTER} local:{count}: workers end while they start: {cause}; expected memory and "
        f"processes for {count}"
    )


def _started_here(count: int) -> LocalCluster:
    """Return a scheduler of our own with its workers, where all of them start."""
    with _deaf():
        return LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=None,
            silence_logs=logging.CRITICAL,
        )


@contextmanager
def _deaf() -> Iterator[None]:
    """Within the block, begin threads and processes that hear no stop; one waits for its end.

    A Ctrl-C reaches all that was started in a terminal, and a SIGTERM all that is of a job: it is
    for the process that asks.
    """
    resource_tracker.ensure_running()  # when it starts, its thread hears again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _told_of_loss(where: Asked) -> Iterator[None]:
    """Within the block, have a connection that breaks say so in one line."""
    try:
        yield
    except OSError as error:
        raise lost_scheduler(where, str(error) or type(error).__name__) from error


def lost_scheduler(where: Asked, reason: str) -> DigitsError:
    """Return the error that says so."""
    return DigitsError(
        f"lost the scheduler at {CLUSTER} {where.address} ({reason}); run again to go on from the "
        "last checkpoint, there or elsewhere"
    )


def _client_of(where: Asked) -> Client:
    """Return a client of the scheduler at an address."""
    until = time.monotonic() + where.wait
    while True:
        try:
            # It looks as long again for a scheduler that is lost, and as long when it is closed.
            return Client(where.address, timeout=min(_TRY_SECONDS, where.wait))
        except _FAULTS as error:
            waiting = time.monotonic() < until and not noted_by_now()
            if not waiting or not isinstance(error, OSError) or _of_tls(error):
                cause = error.__cause__ or error
                raise DigitsError(
                    f"no scheduler answers at {CLUSTER} {where.address}: "
                    f"{str(cause) or type(cause).__name__}; expected one within "
                    f"{where.wait} s, and for tls:// the certificates in Dask's settings"
                ) from error


def _of_tls(error: BaseException | None) -> bool:
    """Tell whether an error came of a certificate: it will not go away."""
    return error is not None and (isinstance(error, ssl.SSLError) or _of_tls(error.__cause__))


@contextmanager
def _quiet() -> Iterator[None]:
    """Within the block, have Dask say nothing of what this module's callers tell in one line."""
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings(action="ignore", category=VersionMismatchWarning):
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
