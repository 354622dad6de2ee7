"""The threads that work on the parts of a batch."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import reduce
from threading import Lock
from typing import Any

import numpy as np

from stages.network.batches import Batch, Part
from stages.network.compact import Scratch
from stages.network.dropout import Masks
from stages.network.parameters import Parameters
from stages.network.propagation import Found, Mask, Network, Sums, add, learn
from stages.network.side_by_side import side_by_side
from stages.network.teaching import Aim


class _Total:
    """The sum over parts, in their order, whoever brings theirs and when.

    So its bits are always the same; and few wait until it is their turn.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._sums, self._next, self._early = list[Sums](), 0, dict[int, Sums]()
        self._lock = Lock()

    def bring(self, turn: int, sums: Sums) -> None:
        """Take the sums of the part whose number is `turn`."""
        with self._lock:
            self._early[turn] = sums
            while self._next in self._early:
                self._sums.append(self._early.pop(self._next))
                self._sums = [reduce(add, self._sums)]
                self._next += 1

    def sums(self) -> Sums:
        """Return the sum over all, of which there is one at least."""
        return self._sums[0]


class Workers:
    """Some threads, each with memory of its own."""

    def __init__(
        self,
        network: Callable[[Parameters], Network],
        helpers: Executor,
        threads: int,
        numbers: np.dtype[Any],
        aim: Aim | None,
    ) -> None:
        """Take what makes a network of parameters, the threads' pool, and what sets targets.

        threads: how many are to work, this one among them. numbers: the float type that pixels
        are widened to.
        """
        self._network, self._numbers = network, numbers
        self._scratch = [Scratch() for _ in range(threads)]
        self._helpers, self._aim = helpers, aim

    def found(self, parameters: Parameters, batch: Batch, masks: Masks | None) -> Found:
        """Return what a batch says of the parameters.

        masks: of the hidden layers, or None.
        """
        network = self._network(parameters)
        return network.finish(self.sums(network, batch, masks))

    def sums(self, network: Network, batch: Batch, masks: Masks | None) -> Sums:
        """Return the sums over a batch, by a network of the parameters; masks: as in `found`."""
        count, total = len(batch.parts), _Total()
        turns = iter(range(count))  # shared: each thread takes the next part when it is free

        def work(mine: Scratch) -> None:
            for turn in turns:
                stay = masks(batch.cuts[turn]) if masks else None
                total.bring(turn, self._learn(network, batch.parts[turn], stay, mine))

        side_by_side(self._helpers, work, self._scratch[:count])
        return total.sums()

    def _learn(
        self, network: Network, part: Part, masks: Sequence[Mask] | None, scratch: Scratch
    ) -> Sums:
        """Return the sums over a part, whose pixels are widened in the scratch."""
        A0, truth = part.matrix(scratch, self._numbers), part.truth
        return learn(network, A0, self._aim(A0, truth) if self._aim else truth, masks)


def keep_memory() -> None:
    """Have glibc keep memory that is freed, to 64 MiB, for the next epoch.

    It gives back to the system what is more than twice the largest array that was ever freed, of
    up to 32 MiB; and memory from the system comes slowly, page by page.
    """
    np.empty(2**25 - 2**16, np.uint8)  # freed at once
