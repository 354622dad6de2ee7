"""What happens in the first layer: how much of it is saturated, how much of its gradient is 0."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.activations import sigmoid_slope
from stages.network.cost import Truth, output_error
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import forward

SATURATED = 1e-6  # an activation so near to 0 or 1 counts as saturated


class FirstLayer(NamedTuple):
    """The first layer's state on some images, in the float type of the parameters.

    typical_sum: median of |Z|, what goes into its units.
    saturated: share of its activations (units x images) within 1e-6 of 0 or 1.
    silent_images: share of the images on which every unit is saturated.
    zero_errors: share of its errors delta (units x images) that are exactly 0.
    zero_gradient: share of its gradient (units x 784, summed over the images) that is exactly 0.
    """

    typical_sum: float
    saturated: float
    silent_images: float
    zero_errors: float
    zero_gradient: float


def inspect(parameters: Parameters, A0: Floats, truth: Truth) -> FirstLayer:
    """Return the state of the first layer on the images A0 (784, n) of a network with two or more.

    A0 has the float type of the parameters: what counts is which numbers training sees as 0.
    """
    activations, log_P = forward(parameters, A0)
    delta = _first_errors(parameters, activations, output_error(log_P, truth))
    W, b = parameters[0]
    near = _near_an_end(activations[1])
    return FirstLayer(
        typical_sum=float(np.median(np.abs(W @ A0 + b[:, np.newaxis]))),
        saturated=float(near.mean()),
        silent_images=float(near.all(axis=0).mean()),
        zero_errors=float((delta == 0).mean()),
        zero_gradient=float((delta @ A0.T == 0).mean()),
    )


def _near_an_end(A: Floats) -> npt.NDArray[np.bool_]:
    """Return whether each activation is within 1e-6 of 0 or of 1."""
    return (A <= SATURATED) | (1 - A <= SATURATED)


def _first_errors(parameters: Parameters, activations: list[Floats], delta: Floats) -> Floats:
    """Return delta (units, n) of the first layer, from the last layer's, as `backward` has it."""
    layers = zip(reversed(parameters[1:]), reversed(activations[1:]), strict=True)
    for (W, _), A in layers:
        delta = (W.T @ delta) * sigmoid_slope(A)
    return delta
