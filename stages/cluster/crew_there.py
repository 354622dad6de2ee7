"""What works on a step on other machines: parameters go out in a tree, and sums come back in it."""

from collections.abc import Mapping
from typing import Any

from distributed import BaseActorFuture

from stages.cluster.answer import Answer, merged, sums_of
from stages.cluster.gang import TRIES, Gang, LostWorkerError
from stages.cluster.job import Job, Place, Theta
from stages.cluster.share import Branch
from stages.network.batches import Batch
from stages.network.descent import network_of
from stages.network.parameters import Parameters, flat
from stages.network.propagation import Found

FAN = 8  # so many a process asks at once, each of which asks as many


class CrewThere:
    """The workers of a gang; of one that is lost, the others do what it has not done."""

    def __init__(self, gang: Gang, job: Job, whole: bool) -> None:
        """Take those who keep all pieces; whole: whether each step has all rows, as they are."""
        self._gang, self._sizes = gang, job.sizes
        self._network = network_of(job.recipe, job.pixel_scale, whole)

    def found(self, parameters: Parameters, batch: Batch, *_: object) -> Found:
        """Return what a batch says of the parameters.

        Raises DigitsError where the scheduler is lost, or no worker is left in time.
        """
        theta, place = flat(parameters), Place(*batch.place)
        self._gang.look()
        sums = sums_of(merged(self._answers(theta, place), self._sizes), self._sizes)
        return self._network(parameters).finish(sums)

    def _answers(self, theta: Theta, place: Place) -> list[Answer]:
        """Return what workers say of all pieces."""
        answers, lacking, fan = list[Answer](), self._gang.numbers(), FAN
        for _ in range(TRIES):
            heard, lost = self._ask(theta, place, lacking, fan)
            answers += heard
            lacking -= {number for answer in heard for number in answer.done}
            if not lacking:
                return answers
            self._gang.mend(lost)
            fan = len(self._gang.members)  # each directly: one may not reach another
        raise self._gang.unreliable()

    def _ask(
        self, theta: Theta, place: Place, lacking: set[int], fan: int
    ) -> tuple[list[Answer], set[str]]:
        """Return what workers say of the pieces that are lacking, and who is lost."""
        members, lost = self._gang.members, set[str]()
        leaves = {
            address: Branch(member.actor, tuple(sorted(lacking & {*member.numbers})), ())
            for address, member in members.items()
            if lacking & {*member.numbers}
        }
        asked = dict[str, BaseActorFuture[Any]]()
        for address, head in tree(leaves, fan).items():
            try:
                asked[address] = head.actor.answer(theta, place, head.numbers, head.branches)
            except RuntimeError:  # as its actor is lost
                lost.add(address)
        heard = list[Answer]()
        for address, answer in asked.items():
            try:
                heard.append(members[address].wait(answer))
            except LostWorkerError:
                lost.add(address)
        return heard, lost


def tree(leaves: Mapping[str, Branch], fan: int) -> dict[str, Branch]:
    """Return at most `fan` branches, each with at most as many, and so on, with all that there are.

    leaves: branches without any, by their workers' addresses.
    """
    names = list(leaves)
    return {
        group[0]: leaves[group[0]]._replace(
            branches=tuple(tree({name: leaves[name] for name in group[1:]}, fan).values())
        )
        for first in range(min(fan, len(names)))
        if (group := names[first::fan])
    }
