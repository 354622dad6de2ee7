"""The encoded digits: pixels and one-hot labels, ready for the network."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz
from stages.common.errors import unusable

TRAIN = Path("data/encoded/train.npz")
TEST = Path("data/encoded/test.npz")

_VERSION = 1
_STAGE = "encode"


@dataclass(frozen=True)
class Encoded:
    """Images with their one-hot labels.

    X: (n, 784) uint8, pixels from 0 to 255, an image a row.
    Y: (n, 10) uint8, one 1 in each row, at the label.
    row: (n,) int32, each image's position in the source, from 0.
    pixel_scale: what the network divides pixels by.
    """

    X: npt.NDArray[np.uint8]
    Y: npt.NDArray[np.uint8]
    row: npt.NDArray[np.int32]
    pixel_scale: float


def write(path: Path, encoded: Encoded) -> None:
    """Write encoded digits to an NPZ file."""
    scale = np.array(encoded.pixel_scale, np.float64)
    arrays: npz.Arrays = {
        "X": encoded.X,
        "Y": encoded.Y,
        "row": encoded.row,
        "pixel_scale": scale,
    }
    npz.write(path, arrays, _VERSION)


def read(path: Path) -> Encoded:
    """Return the encoded digits in an NPZ file; raises DigitsError for a wrong one."""
    arrays = npz.read(path, _VERSION, _STAGE)
    fault = (
        npz.expect(arrays, "X", (None, 784), ("uint8",))
        or npz.expect(arrays, "Y", (len(arrays["X"]), 10), ("uint8",))
        or npz.expect(arrays, "row", (len(arrays["X"]),), ("int32",))
        or npz.expect(arrays, "pixel_scale", (), ("float64",))
        or npz.unexpected(arrays, ("X", "Y", "row", "pixel_scale"))
        or _wrong_values(arrays)
    )
    if fault:
        raise unusable(path, _STAGE, fault)
    return Encoded(
        X=arrays["X"].view(np.uint8),
        Y=arrays["Y"].view(np.uint8),
        row=arrays["row"].view(np.int32),
        pixel_scale=float(arrays["pixel_scale"].item()),
    )


def read_both() -> tuple[Encoded, Encoded]:
    """Return the rows that train and those that test.

    Raises DigitsError for a wrong file, and for two that are not of one run of the encoder.
    """
    train, test = read(TRAIN), read(TEST)
    if train.pixel_scale != test.pixel_scale:
        scales = f"its pixel_scale is {test.pixel_scale}, but that of {TRAIN} {train.pixel_scale}"
        raise unusable(TEST, _STAGE, scales)
    shared = np.intersect1d(train.row, test.row)
    if len(shared):
        raise unusable(TEST, _STAGE, f"row {shared[0]} of the source is in {TRAIN} as well")
    return train, test


def _wrong_values(arrays: npz.Arrays) -> str | None:
    """Say which values no encoder writes, or return None."""
    Y, scale = arrays["Y"].view(np.uint8), float(arrays["pixel_scale"].item())
    if len(Y) == 0:
        return "it holds no row"
    if np.any(Y.sum(axis=1) != 1):
        return "Y is not one-hot: each row must hold one 1 and nine 0"
    if arrays["row"].view(np.int32).min() < 0:
        return f"a row is {arrays['row'].view(np.int32).min()}; expected 0 or more"
    if len(np.unique(arrays["row"])) < len(Y):
        return "it holds a row twice"
    single = np.finfo(np.float32)
    if not float(single.tiny) <= scale <= float(single.max):
        return f"pixel_scale is {scale}; expected a finite number above 0, in float32 as well"
    return None
