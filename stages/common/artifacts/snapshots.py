"""The network on its way through training: as it was after some epochs, in float32."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stages.common.artifacts import npz, trained
from stages.common.artifacts.trained import Trained
from stages.common.errors import unusable

SNAPSHOTS = Path("data/weights/snapshots.npz")
MOST = 16

_VERSION = 1
_STAGE = "train"


@dataclass(frozen=True)
class Snapshots:
    """Networks of one training, alike but for their numbers, which are float32.

    epochs: after how many epochs each was so, ascending; the last is the trained network.
    """

    epochs: list[int]
    networks: list[Trained]


def write(path: Path, snapshots: Snapshots) -> None:
    """Write snapshots to an NPZ file: arrays as those of a trained network, one after another."""
    each = [trained.arrays_of(network) for network in snapshots.networks]
    stacked = {name: np.stack([one[name] for one in each]) for name in _of_layers(each[0])}
    epochs = np.array(snapshots.epochs, np.int32)
    npz.write(path, {"epochs": epochs, **each[0], **stacked}, _VERSION)


def read(path: Path) -> Snapshots:
    """Return the snapshots in an NPZ file; raises DigitsError for a wrong one."""
    arrays = npz.read(path, _VERSION, _STAGE)
    fault = npz.expect(arrays, "epochs", (None,), ("int32",)) or _wrong(arrays)
    if fault:
        raise unusable(path, _STAGE, fault)
    epochs = [int(epoch) for epoch in arrays.pop("epochs")]
    networks = [
        trained.network_in(_one(arrays, number), path, _STAGE) for number in range(len(epochs))
    ]
    return Snapshots(epochs, networks)


def _one(arrays: npz.Arrays, number: int) -> npz.Arrays:
    """Return the arrays of one of the networks."""
    return arrays | {name: arrays[name][number] for name in _of_layers(arrays)}


def _of_layers(arrays: npz.Arrays) -> list[str]:
    """Return the names of the arrays that each network has its own of."""
    return [name for name in arrays if name.startswith(("W", "b"))]


def _wrong(arrays: npz.Arrays) -> str | None:
    """Say what no training writes of the epochs and of the number of networks, or return None."""
    epochs = arrays["epochs"].view(np.int32)
    if not 1 <= len(epochs) <= MOST:
        return f"it holds {len(epochs)} snapshots; expected 1 to {MOST}"
    if epochs[0] < 0 or np.any(np.diff(epochs) <= 0):
        return f"its epochs are {epochs.tolist()}; expected ascending numbers from 0 up"
    for name in _of_layers(arrays):
        array = arrays[name]
        if array.dtype != np.float32 or array.shape[:1] != epochs.shape:
            found = f"{name} is {array.dtype.name} of shape {array.shape}"
            return f"{found}; expected float32 of {len(epochs)} snapshots"
    return None
