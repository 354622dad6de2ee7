"""What workers answer: sums over pieces, as plain arrays, which add up.

Exact sums are one array, whatever pieces they are over. In floats each piece has its own, and they
are added in the order of the pieces: so their bits are the same, whoever answered.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from stages.network.packing import Integers, packed, unpacked
from stages.network.propagation import Sums, add

_TOGETHER = -1  # the number under which exact sums are kept


class Answer(NamedTuple):
    """Sums over the pieces with the numbers `done`.

    sums: by the piece's number, or together, (2, p + 2) whole numbers as `packing` makes them; or
    floats, as cost, hits and the layers' gradients. Of pieces without a row in a step, none.
    """

    done: tuple[int, ...]
    sums: dict[int, Any]


def answer_of(numbers: Sequence[int], sums: Sums | None, exact: bool) -> Answer:
    """Return sums over pieces with some numbers as an answer; None: of no row."""
    if sums is None:
        return Answer(tuple(numbers), {})
    if exact:
        return Answer(tuple(numbers), {_TOGETHER: packed(sums)})
    (number,) = numbers
    return Answer((number,), {number: (sums.cost, sums.right, sums.gradient)})


def merged(answers: Iterable[Answer], sizes: Sequence[int]) -> Answer:
    """Return the answers as one; sizes: of the layers, pixels first."""
    done, sums, totals = list[int](), dict[int, Any](), list[Integers]()
    for answer in answers:
        done += answer.done
        sums |= answer.sums
        if _TOGETHER in answer.sums:
            totals.append(answer.sums[_TOGETHER])
    if len(totals) > 1:
        sums[_TOGETHER] = packed(reduce(add, (unpacked(total, sizes) for total in totals)))
    return Answer(tuple(done), sums)


def sums_of(answer: Answer, sizes: Sequence[int]) -> Sums:
    """Return the sums over all pieces of an answer that has rows."""
    if _TOGETHER in answer.sums:
        return unpacked(answer.sums[_TOGETHER], sizes)
    parts = [Sums(*answer.sums[number]) for number in sorted(answer.sums)]
    first = parts[0]._replace(gradient=[np.array(layer) for layer in parts[0].gradient])
    return reduce(add, parts[1:], first)
