"""A trained network: its weights and biases, and what else it takes to read an image."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz, weights
from stages.common.artifacts.weights import Layers, layers_in
from stages.common.errors import DigitsError, unusable
from stages.common.methods import names_of

TRAINED = Path("data/weights/trained.npz")
TEACHER = Path("data/teacher")  # the folder that may be without a network

_VERSION = 2
_STAGE = "train"
_UNNAMED = "sigmoid"  # the activation that a file does not name


@dataclass(frozen=True)
class Trained:
    """A trained network.

    layers: W (n_out, n_in) and b (n_out,) of each, all of one float type. pixel_scale: what pixels
    are divided by. side: of the images, in pixels. activation: the name of the hidden layers'.
    """

    layers: Layers
    pixel_scale: float
    side: int
    activation: str


def write(path: Path, trained: Trained) -> None:
    """Write a trained network to an NPZ file."""
    npz.write(path, arrays_of(trained), _VERSION)


def arrays_of(trained: Trained) -> npz.Arrays:
    """Return a network as arrays by name."""
    arrays = weights.arrays_of(trained.layers)
    arrays["pixel_scale"] = np.array(trained.pixel_scale, np.float64)
    arrays["side"] = np.array(trained.side, np.int32)
    if trained.activation != _UNNAMED:
        arrays["activation"] = np.array(trained.activation)
    return arrays


def read(path: Path) -> Trained:
    """Return the trained network in an NPZ file; raises DigitsError for a wrong one."""
    stage = maker_of(path)
    return network_in(npz.read(path, _VERSION, stage), path, stage)


def maker_of(path: Path) -> str:
    """Return the stage that makes the network in a file, "" for one from elsewhere."""
    return _STAGE if path == TRAINED else ""


def network_in(arrays: npz.Arrays, path: Path, stage: str) -> Trained:
    """Return the network in arrays by name, which a `stage` has written to `path`.

    Raises DigitsError for what no training writes.
    """
    activation = arrays.pop("activation", np.array(_UNNAMED))
    fault = (
        npz.expect(arrays, "pixel_scale", (), ("float64",))
        or npz.expect(arrays, "side", (), ("int32",))
        or _wrong_values(arrays, activation)
    )
    if fault:
        raise unusable(path, stage, fault)
    scale, side = float(arrays.pop("pixel_scale").item()), int(arrays.pop("side").item())
    layers = layers_in(arrays, path, stage)
    inputs = layers[0][0].shape[1]
    if side < 1 or inputs != side * side:
        raise unusable(path, stage, f"its side is {side}, but its W1 is for {inputs} pixels")
    return Trained(layers, scale, side, str(activation))


def read_teacher(folder: Path) -> Trained | None:
    """Return the network in the folder `train.teacher`, None where there is none.

    Raises DigitsError for a wrong file, and for any folder but the default one that has none.
    """
    path = folder / TRAINED.name
    try:
        found = path.is_file()
    except OSError as error:  # a name that is too long, say
        raise DigitsError(f"train.teacher cannot be read: {path}: {error.strerror}") from error
    if found:
        return read(path)
    if folder != TEACHER or not folder.is_dir():
        raise DigitsError(
            f"train.teacher is {str(folder)!r}, where there is no {path.name}; expected a folder "
            f"with that of a teacher, or {TEACHER} for none"
        )
    return None


def _wrong_values(arrays: npz.Arrays, activation: npt.NDArray[np.generic]) -> str | None:
    """Say what of the pixel scale or the activation no training writes, or return None."""
    scale = float(arrays["pixel_scale"].item())
    if not 0 < scale < np.inf:
        return f"pixel_scale is {scale}; expected a finite number above 0"
    known = names_of("network/activations.py:ACTIVATIONS")
    if activation.shape != () or str(activation) not in known:
        return f"its activation is {str(activation)[:40]!r}; expected {' or '.join(known)}"
    return None
