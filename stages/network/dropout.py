"""Dropout of hidden units: Srivastava and others, 2014.

Training leaves out a `share` of the hidden units, others for each image, and makes up for it by
dividing those that stay by 1 - share; the trained network uses all of them as they are. As
W (A / (1 - share)) = (W / (1 - share)) A, the division is done once a step, in the weights above,
and by the chain rule their gradient is divided likewise.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import chain

import numpy as np

from stages.network.parameters import Parameters
from stages.network.propagation import Mask

# Returns the masks of the hidden layers, (units, n) each, for some rows of a batch.
Masks = Callable[[slice], Sequence[Mask]]

_AT_ONCE = 2**23  # drawn, at most: of more, those of some rows are drawn when they are asked for


def masks(hidden: Sequence[int], n: int, share: float, rng: np.random.Generator) -> Masks:
    """Return for each hidden layer of so many units which stay, for n images in order.

    rng: of PCG64.
    """
    if sum(hidden) * n > _AT_ONCE:
        return _later(hidden, n, share, rng)
    drawn = draw(hidden, n, share, rng)
    return lambda some: [mask[:, some] for mask in drawn]


def _later(hidden: Sequence[int], n: int, share: float, rng: np.random.Generator) -> Masks:
    """Return what `masks` does, the same: what is asked for is drawn then."""
    start = deepcopy(rng)
    skip(rng, sum(hidden) * n)

    def of_rows(some: slice) -> Sequence[Mask]:
        own, images = deepcopy(start), range(n)[some]
        found = [np.empty((units, len(images)), bool) for units in hidden]
        skip(own, images.start)
        for stays in chain.from_iterable(found):
            np.greater_equal(own.random(len(images), np.float32), np.float32(share), out=stays)
            skip(own, n - len(images))
        return found

    return of_rows


def skip(rng: np.random.Generator, count: int) -> None:
    """Go on as if so many float32 numbers had been drawn: PCG64 makes two of one of its own."""
    bits = rng.bit_generator
    if count and bits.state["has_uint32"]:
        rng.random(dtype=np.float32)
        count -= 1
    if count:
        bits.advance(count // 2)  # type: ignore[attr-defined] # PCG64 has it
        rng.random(count % 2, np.float32)


def draw(hidden: Sequence[int], n: int, share: float, rng: np.random.Generator) -> list[Mask]:
    """Return for each hidden layer of so many units which stay, (units, n), for n images in order.

    Layer by layer; a unit stays with probability 1 - share, rounded to 2^-24.
    """
    left_out = np.float32(share)
    return [rng.random((units, n), dtype=np.float32) >= left_out for units in hidden]


def above_divided(parameters: Parameters, share: float) -> Parameters:
    """Return parameters with all W but the first divided by 1 - share: masks compute with these."""
    first, *others = parameters
    return [first, *((W / W.dtype.type(1 - share), b) for W, b in others)]


def divide_above(gradient: Parameters, share: float) -> None:
    """Change the gradient by what `above_divided` returned to that by what it was given."""
    for W, _ in gradient[1:]:
        W /= W.dtype.type(1 - share)
