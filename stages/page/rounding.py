"""Weights as whole numbers of 8 or 16 bits, with a step for each unit."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stages.network.activations import ACTIVATIONS
from stages.network.compact import CONSTANT
from stages.network.floating import FloatNetwork
from stages.network.parameters import Floats, Parameters, cast
from stages.network.propagation import forward

Bytes = npt.NDArray[np.uint8]
Rounded = tuple[npt.NDArray[np.float32], npt.NDArray[np.signedinteger]]

# By how much a probability may change: of the networks during the training, and of the trained one.
_ALLOWED, _TRAINED_ALLOWED = 0.02, 5e-7


def rounded(W: Floats, bits: int) -> Rounded:
    """Return steps (n_out,) and whole numbers (n_out, n_in), whose product W is about.

    bits: 8 or 16, of each whole number.
    """
    most = 2 ** (bits - 1) - 1
    largest = np.abs(W).max(axis=1)
    steps = (np.where(largest > 0, largest, most) / most).astype(np.float32)
    whole = np.rint(W / steps[:, np.newaxis]).clip(-most, most)
    return steps, whole.astype(np.int8 if bits == 8 else np.int16)


def bits_for(networks: Sequence[Parameters], X: Bytes, pixel_scale: float, activation: str) -> int:
    """Return how many bits the weights need, so that networks read images X (n, side²) alike."""
    for layers in networks:
        steps = [(rounded(W, 8), b) for W, b in layers]
        about = [(step[:, np.newaxis] * whole, b) for (step, whole), b in steps]
        if not _difference(layers, about, X, pixel_scale, activation) <= _ALLOWED:
            return 16
    return 8


def float_bits_for(layers: Parameters, X: Bytes, pixel_scale: float, activation: str) -> int:
    """Return how many bits the trained weights need as floats, to read images X (n, side²) alike.

    float32 is enough but where sums are large, as those of raw pixels.
    """
    about = cast(layers, np.float32)
    difference = _difference(layers, about, X, pixel_scale, activation)
    return 32 if difference <= _TRAINED_ALLOWED else 64


def _difference(
    layers: Parameters, others: Parameters, X: Bytes, pixel_scale: float, activation: str
) -> float:
    """Return by how much the probabilities that two networks give images differ at most."""
    one, other = (_probabilities(some, X, pixel_scale, activation) for some in (layers, others))
    return float(np.abs(one - other).max(initial=0))


def _probabilities(layers: Parameters, X: Bytes, pixel_scale: float, activation: str) -> Floats:
    """Return what a network says of images X (n, side²): (10, n)."""
    A0 = np.full((X.shape[1] + 1, len(X)), float(CONSTANT))
    A0[:-1] = X.T
    network = FloatNetwork(cast(layers, np.float64), pixel_scale, ACTIVATIONS[activation])
    return forward(network, A0)[2].P
