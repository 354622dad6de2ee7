"""In what numbers the network computes: one of three arithmetics, by name."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from stages.network import exact
from stages.network.activations import Activation
from stages.network.dense import DenseNetwork
from stages.network.floating import FloatNetwork, holds
from stages.network.parameters import Parameters
from stages.network.propagation import Network


class Arithmetic(NamedTuple):
    """A way to compute: the float type of its weights, and what makes them ready for a step.

    network: takes the parameters, the pixel scale and the activation of the hidden layers. dense:
    likewise; what it makes is for arrays of few images. holds: whether these can be computed with.
    everywhere: whether the same inputs give the same bytes on every processor.
    """

    weights: np.dtype[Any]
    network: Callable[[Parameters, float, Activation], Network]
    dense: Callable[[Parameters, float, Activation], Network]
    holds: Callable[[Parameters, float, Activation], bool]
    everywhere: bool


_SINGLE, _DOUBLE = np.dtype(np.float32), np.dtype(np.float64)

REPRODUCIBLE = Arithmetic(
    _DOUBLE, exact.ExactNetwork, exact.DenseExactNetwork, exact.holds, everywhere=True
)
ARITHMETICS = {
    "reproducible": REPRODUCIBLE,
    "float32": Arithmetic(_SINGLE, FloatNetwork, DenseNetwork, holds, everywhere=False),
    "float64": Arithmetic(_DOUBLE, FloatNetwork, DenseNetwork, holds, everywhere=False),
}
