"""What a trained network says of images of digits."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.trained import Trained
from stages.encode import averaged
from stages.network.activations import ACTIVATIONS
from stages.network.compact import CONSTANT
from stages.network.floating import FloatNetwork
from stages.network.parameters import cast
from stages.network.propagation import forward

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

_BLOCK_ROWS = 2000  # images widened to float64 at once: at most 12.5 MB


class Thought(NamedTuple):
    """What goes on in a network for some images.

    taken: (n, side²) the pixels as it takes them. hidden: of each hidden layer, its activations
    (units, n). P: (n, 10) probabilities.
    """

    taken: Bytes
    hidden: Sequence[Floats]
    P: Floats


def probabilities(network: Trained, images: Bytes) -> Floats:
    """Return the probability of each digit (n, 10) for images (n, 784)."""
    starts = range(0, len(images), _BLOCK_ROWS)
    return np.concatenate([think(network, images[at : at + _BLOCK_ROWS]).P for at in starts])


def think(network: Trained, images: Bytes) -> Thought:
    """Return what goes on in a network for a few images (n, 784)."""
    taken = averaged(images, network.side)
    ready = FloatNetwork(
        cast(network.layers, np.float64), network.pixel_scale, ACTIVATIONS[network.activation]
    )
    A0 = np.full((taken.shape[1] + 1, len(taken)), float(CONSTANT))
    A0[:-1] = taken.T
    inputs, _, guess = forward(ready, A0)
    # Below each layer's activations stand the ones that its biases are multiplied by.
    return Thought(taken, [_wide(A[:-1]) for A in inputs[1:]], _wide(guess.P.T))


def _wide(x: npt.NDArray[np.floating]) -> Floats:
    """Return numbers as float64, which they are."""
    return x.astype(np.float64, copy=False)
