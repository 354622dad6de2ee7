"""Exact sums as one array of whole numbers, so that processes can hand them to each other."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from stages.network.propagation import Sums
from stages.network.totals import Total

Integers = npt.NDArray[np.int64]

_HIGH = 2**32  # a cost, as a total, is high * 2^32 + low


def packed_shape(sizes: Sequence[int]) -> tuple[int, int]:
    """Return the shape (2, p + 2) of packed sums, for layers of such sizes: p parameters."""
    return 2, sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes)) + 2


def packed(sums: Sums) -> Integers:
    """Return sums as (2, p + 2): of the gradient and the cost high and low; and the hits."""
    totals = [total.split() for total in sums.gradient]
    high = [np.ravel(total.high) for total in totals]
    low = [np.ravel(total.low) for total in totals]
    cost_high, cost_low = divmod(sums.cost, _HIGH)
    return np.array(
        [np.concatenate([*high, [cost_high, sums.right]]), np.concatenate([*low, [cost_low, 0]])]
    )


def unpacked(numbers: Integers, sizes: Sequence[int]) -> Sums:
    """Return the sums that were packed, for layers of such sizes, pixels first."""
    gradient, start = list[Total](), 0
    for n_in, n_out in pairwise(sizes):
        end = start + n_out * (n_in + 1)
        gradient.append(Total(*numbers[:, start:end].reshape(2, n_out, n_in + 1)))
        start = end
    (cost_high, right), (cost_low, _) = numbers[:, start:].tolist()
    return Sums(cost_high * _HIGH + cost_low, right, gradient)
