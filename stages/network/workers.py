"""The threads that work on the parts of a batch."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import reduce
from typing import Any

import numpy as np

from stages.network.batches import Batch, Part
from stages.network.compact import Scratch
from stages.network.parameters import Parameters
from stages.network.propagation import Found, Mask, Network, Sums, add, learn
from stages.network.side_by_side import side_by_side
from stages.network.teaching import Aim

Masks = Sequence[Mask] | None


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

    def found(self, parameters: Parameters, batch: Batch, masks: Masks) -> Found:
        """Return what a batch says of the parameters.

        masks: of the hidden layers, (units, n) each, or None.
        """
        network = self._network(parameters)
        return network.finish(self._sums(network, batch, masks))

    def _sums(self, network: Network, batch: Batch, masks: Masks) -> Sums:
        """Return the sums over a batch."""
        parts, found = list(_with_masks(batch, masks)), dict[int, Sums]()
        turns = iter(range(len(parts)))  # shared: each thread takes the next part when it is free

        def work(mine: Scratch) -> None:
            for turn in turns:
                found[turn] = self._learn(network, *parts[turn], mine)

        side_by_side(self._helpers, work, self._scratch[: len(parts)])
        # In the order of the parts, whoever worked on them: so the sum's bits are always the same.
        return reduce(add, (found[turn] for turn in range(len(parts))))

    def _learn(self, network: Network, part: Part, masks: Masks, scratch: Scratch) -> Sums:
        """Return the sums over a part, whose pixels are widened in the scratch."""
        A0, truth = part.matrix(scratch, self._numbers), part.truth
        return learn(network, A0, self._aim(A0, truth) if self._aim else truth, masks)


def _with_masks(batch: Batch, masks: Masks) -> Iterator[tuple[Part, Masks]]:
    """Yield each part with its images' columns of the masks."""
    if masks is None:
        yield from ((part, None) for part in batch.parts)
        return
    start = 0
    for part in batch.parts:
        end = start + len(part)
        yield part, [mask[:, start:end] for mask in masks]
        start = end


def keep_memory() -> None:
    """Have glibc keep memory that is freed, to 64 MiB, for the next epoch.

    It gives back to the system what is more than twice the largest array that was ever freed, of
    up to 32 MiB; and memory from the system comes slowly, page by page.
    """
    np.empty(2**25 - 2**16, np.uint8)  # freed at once
