"""What is kept of a training on its way: the parameters to use after some epochs, in float32.

Looks are an array (k, p): all parameters after each epoch of `EPOCHS` so far.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.parameters import Parameters, count, flat, shaped, sizes_of

# A longer training has the same ones first; with its last they are 16 at most.
EPOCHS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
MOST_PARAMETERS = 100_000  # of a network that is looked at before its end

Looks = npt.NDArray[np.float32]


class Snapshot(NamedTuple):
    """Parameters after an epoch, float32."""

    epoch: int
    parameters: Parameters


def begun(parameters: Parameters) -> Looks:
    """Return the looks before the first epoch."""
    return looked(np.empty((0, count(parameters)), np.float32), parameters)


def looked(looks: Looks, parameters: Parameters) -> Looks:
    """Return the looks with one more, unless the network is too large for it."""
    if count(parameters) > MOST_PARAMETERS:
        return looks
    return np.concatenate([looks, _single(parameters)[None]])


def ended(looks: Looks, parameters: Parameters, epochs: int) -> list[Snapshot]:
    """Return the snapshots of a training of so many epochs that ended with these parameters."""
    seen, sizes = [epoch for epoch in EPOCHS if epoch < epochs], sizes_of(parameters)
    # The look after the last epoch, where there is one, is these parameters too.
    past = [Snapshot(*pair) for pair in zip(seen, (shaped(x, sizes) for x in looks), strict=False)]
    return [*past, Snapshot(epochs, shaped(_single(parameters), sizes))]


def _single(parameters: Parameters) -> Looks:
    """Return all parameters (p,) in float32; what it has no number for becomes infinite."""
    with np.errstate(over="ignore"):
        return flat(parameters).astype(np.float32)
