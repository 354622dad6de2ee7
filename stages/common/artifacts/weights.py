"""The network's first weights and biases, and how layers are kept as arrays by name."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz
from stages.common.artifacts.sides import wrong_columns
from stages.common.errors import unusable

INITIAL = Path("data/weights/initial.npz")

_VERSION = 1
_STAGE = "initialize"

Floats = npt.NDArray[np.floating]
Layers = list[tuple[Floats, Floats]]


def write(path: Path, layers: Sequence[tuple[Floats, Floats]]) -> None:
    """Write each layer's W (n_out, n_in) and b (n_out,)."""
    npz.write(path, arrays_of(layers), _VERSION)


def read(path: Path) -> Layers:
    """Return the layers, first to last; raises DigitsError for a wrong file."""
    return layers_in(npz.read(path, _VERSION, _STAGE), path, _STAGE)


def arrays_of(layers: Sequence[tuple[Floats, Floats]]) -> npz.Arrays:
    """Return each layer's W (n_out, n_in) and b (n_out,) by name: W1, b1, W2, b2 and so on."""
    return {
        f"{letter}{number}": array
        for number, layer in enumerate(layers, start=1)
        for letter, array in zip("Wb", layer, strict=True)
    }


def layers_in(arrays: npz.Arrays, path: Path, stage: str) -> Layers:
    """Return the layers, first to last: W (n_out, n_in) and b (n_out,), all of one float type.

    arrays: those that a `stage` has written to `path`. Raises DigitsError unless they lead from
    the pixels of an image of a known side to 10 digits with finite numbers.
    """
    inputs: int | None = None
    layers = Layers()
    for number in range(1, max(len(arrays) // 2, 1) + 1):
        fault = _wrong_layer(arrays, number, inputs)
        if fault:
            raise unusable(path, stage, fault)
        W, b = arrays[f"W{number}"], arrays[f"b{number}"]
        layers.append((W.view(W.dtype), b.view(b.dtype)))
        inputs = len(b)
    if len(arrays) % 2 or inputs != 10:
        found = ", ".join(sorted(arrays))
        raise unusable(path, stage, f"its layers do not end in 10 digits (it holds {found})")
    return layers


def _wrong_layer(arrays: npz.Arrays, number: int, inputs: int | None) -> str | None:
    """Say what is wrong with a layer that takes `inputs` numbers, or return None.

    inputs: None for the first layer, which takes as many as an image of a known side has.
    """
    float_type = arrays["W1"].dtype.name if "W1" in arrays else ""
    allowed = (float_type,) if float_type in ("float32", "float64") else ("float32", "float64")
    fault = (
        npz.expect(arrays, f"W{number}", (None, inputs), allowed)
        or (None if inputs else wrong_columns(f"W{number}", arrays[f"W{number}"]))
        or npz.expect(arrays, f"b{number}", (len(arrays[f"W{number}"]),), allowed)
    )
    if fault:
        return fault
    if not len(arrays[f"b{number}"]):
        return f"b{number} is empty: the layer has no unit"
    for letter in "Wb":
        if not np.all(np.isfinite(arrays[f"{letter}{number}"].astype(np.float64))):
            return f"{letter}{number} holds a number that is not finite"
    return None
