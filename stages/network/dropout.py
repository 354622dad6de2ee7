"""Dropout of hidden units: Srivastava and others, 2014.

Training leaves out a `share` of the hidden units, others for each image, and makes up for it by
dividing those that stay by 1 - share; the trained network uses all of them as they are. As
W (A / (1 - share)) = (W / (1 - share)) A, the division is done once a step, in the weights above,
and by the chain rule their gradient is divided likewise.
"""

from collections.abc import Sequence

import numpy as np

from stages.network.parameters import Parameters
from stages.network.propagation import Mask


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
