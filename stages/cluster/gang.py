"""The workers of a training: who keeps which pieces, and what is done when one is lost or new."""

import sys
import time
from collections.abc import Container, Iterable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

from distributed import Actor, BaseActorFuture, Client, Future

from stages.cluster.asked import WAIT, Asked
from stages.cluster.balance import dealt
from stages.cluster.connecting import lost_scheduler
from stages.cluster.job import Job
from stages.cluster.piece_files import PieceFile
from stages.cluster.rollcall import refusals, refuse
from stages.cluster.share import Share
from stages.common.errors import DigitsError
from stages.common.far import CLUSTER
from stages.common.interrupts import noted_by_now

_SLICE = 0.5  # seconds between two looks whether who is waited for is still there
TRIES = 100  # in one step, until workers that fail are given up
_NEEDED = Share.__module__
_LOOK_SECONDS = 1.0  # from one look for new workers to the next


class LostWorkerError(Exception):
    """A worker is not there any more."""


@dataclass
class Member:
    """A worker with its share.

    made: the future whose result is the actor; it says when that is lost. numbers: of its pieces.
    """

    address: str
    threads: int
    made: Future[Any]
    actor: Actor
    numbers: list[int] = field(default_factory=list)

    def wait(self, asked: BaseActorFuture[Any]) -> Any:
        """Return what it was asked for; raises LostWorkerError where it is lost meanwhile."""
        while True:
            try:
                return asked.result(timeout=_SLICE)
            except TimeoutError:
                if self.made.status != "finished":
                    raise LostWorkerError(self.address) from None
            except (OSError, RuntimeError) as error:
                raise LostWorkerError(self.address) from error


class Gang:
    """All workers that can be used, each with its share of the pieces."""

    def __init__(self, client: Client, where: Asked, job: Job) -> None:
        """Begin with none, for a training without pieces."""
        self._client, self._where, self._job = client, where, job
        self._exact = job.recipe.arithmetic.everywhere
        self._pieces: list[PieceFile] = []
        self.members = dict[str, Member]()
        self._refused = set[str]()
        self._looked = 0.0

    def threads(self) -> int:
        """Return how many threads the workers have, once there are some, all of which can be used.

        Raises DigitsError where there are none in time, and for one that cannot be used.
        """
        there = self._some(self._where.workers or 1)
        refuse(self._client, there, self._exact, _NEEDED)
        return sum(there.values())

    def take(self, pieces: list[PieceFile]) -> None:
        """Take the pieces, and deal them."""
        self._pieces = pieces
        self.mend(())

    def numbers(self) -> set[int]:
        """Return the numbers of all pieces."""
        return {*range(len(self._pieces))}

    def look(self) -> None:
        """Take in workers that are new, if the last look is some time ago."""
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            there = self._there()
            if set(there) - set(self.members) - self._refused or set(self.members) - set(there):
                self.mend(())

    def mend(self, lost: Iterable[str]) -> None:
        """Do without workers that are lost, take in those that are new, and deal the pieces anew.

        Raises DigitsError where there is none in time, or a piece cannot be read.
        """
        lost = set(lost)
        for _ in range(TRIES):
            self._dismiss(lost)
            self._recruit(self._some(1))
            lost = self._deal()
            if self.members and not lost:
                return
            time.sleep(_SLICE)  # the scheduler has not noticed yet
        raise self.unreliable()

    def unreliable(self) -> DigitsError:
        """Return the error for workers that are there, and of no use."""
        return DigitsError(
            f"workers of {CLUSTER} {self._where.address} fail in a step again and again, {TRIES} "
            "times; their own logs say why. Run again to go on from the last checkpoint"
        )

    def _dismiss(self, lost: set[str]) -> None:
        """Forget who is lost, or not there."""
        there = self._there()
        for address, member in list(self.members.items()):
            if address in lost or address not in there or member.made.status != "finished":
                del self.members[address]
                member.made.release()

    def _recruit(self, there: Mapping[str, int]) -> None:
        """Make a share on each worker that is new and can be used; tell of who cannot."""
        new = set(there) - set(self.members) - self._refused
        for address, reason in refusals(self._client, new, self._exact, _NEEDED).items():
            if reason:
                print(f"the worker at {address} is left out: {reason}", file=sys.stderr)
                self._refused.add(address)
                continue
            threads = there[address]
            made = self._client.submit(
                Share, self._job, threads, actor=True, pure=False, workers=[address]
            )
            if actor := self._actor(made, address):
                self.members[address] = Member(address, threads, made, actor)

    def _actor(self, made: Future[Any], address: str) -> Actor | None:
        """Return the actor when it is made, or None where its worker goes meanwhile."""
        while True:
            try:
                actor: Actor = made.result(timeout=_SLICE)
            except TimeoutError:
                if address not in self._there():
                    return None
            except (CancelledError, OSError, RuntimeError):
                return None
            else:
                return actor

    def _deal(self) -> set[str]:
        """Have each worker keep its part; return who is lost meanwhile."""
        kept = {address: member.numbers for address, member in self.members.items()}
        rows = [piece.rows for piece in self._pieces]
        speed = {address: float(member.threads) for address, member in self.members.items()}
        if not speed:
            return set()
        asked, lost = dict[str, BaseActorFuture[Any]](), set[str]()
        for address, numbers in dealt(kept, rows, speed).items():
            member = self.members[address]
            if numbers != member.numbers:
                member.numbers = numbers
                try:
                    asked[address] = member.actor.keep({n: self._pieces[n] for n in numbers})
                except RuntimeError:
                    lost.add(address)
        for address, answer in asked.items():
            try:
                self.members[address].wait(answer)
            except LostWorkerError:
                lost.add(address)
            except DigitsError as error:
                raise DigitsError(f"the worker at {address} {error}") from error
        return lost

    def _some(self, least: int) -> dict[str, int]:
        """Return the workers that are there, at least so many that may be used; wait for them."""
        self._looked = time.monotonic()
        return workers_in_time(self._client, self._where, least, self._refused)

    def _there(self) -> dict[str, int]:
        """Return the workers that the scheduler knows, with their threads."""
        self._looked = time.monotonic()
        return workers_there(self._client, self._where)


def workers_in_time(
    client: Client, where: Asked, least: int, without: Container[str] = ()
) -> dict[str, int]:
    """Return the workers that are there, with their threads, at least so many; wait for them.

    Raises DigitsError where they are not there in time, or the scheduler is lost, or one who waits
    is to stop.
    """
    until = time.monotonic() + where.wait
    while True:
        everyone = workers_there(client, where).items()
        there = {address: threads for address, threads in everyone if address not in without}
        if len(there) >= least:
            return there
        if time.monotonic() > until or noted_by_now():
            raise DigitsError(
                f"{CLUSTER} {where.address} has {len(there)} workers that can be used after "
                f"{where.wait} s; expected {least} at least. Start one in a copy of this folder: "
                f"dask worker {where.address}. {WAIT} sets how many seconds are waited"
            )
        time.sleep(min(_SLICE, where.wait / 10))


def workers_there(client: Client, where: Asked) -> dict[str, int]:
    """Return the workers that the scheduler knows, with their threads.

    Raises DigitsError where the scheduler is lost.
    """
    try:
        if client.status == "running":
            return dict(client.nthreads())
        reason = f"the connection is {client.status}"
    except OSError as error:
        reason = str(error) or type(error).__name__
    raise lost_scheduler(where, reason)
