"""The encoded digits: pixels and one-hot labels, ready for the network."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz
from stages.common.artifacts.sides import wrong_columns
from stages.common.errors import unusable

TRAIN = Path("data/encoded/train.npz")
VALIDATION = Path("data/encoded/validation.npz")
TEST = Path("data/encoded/test.npz")
PARTS = (TRAIN, VALIDATION, TEST)

_VERSION = 1
_STAGE = "encode"


@dataclass(frozen=True)
class Encoded:
    """Images with their one-hot labels.

    X: (n, side²) uint8, pixels from 0 to 255, an image a row.
    Y: (n, 10) uint8, one 1 in each row, at the label.
    row: (n,) int32, each image's position in the source, from 0.
    pixel_scale: what the network divides pixels by.
    """

    X: npt.NDArray[np.uint8]
    Y: npt.NDArray[np.uint8]
    row: npt.NDArray[np.int32]
    pixel_scale: float

    @property
    def side(self) -> int:
        """Return the side of the images in pixels."""
        return math.isqrt(self.X.shape[1])


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
    """Return the encoded digits in an NPZ file; raises DigitsError for a wrong one.

    Only the file of the rows that validate may be without a row.
    """
    arrays = npz.read(path, _VERSION, _STAGE)
    fault = (
        npz.expect(arrays, "X", (None, None), ("uint8",))
        or wrong_columns("X", arrays["X"])
        or npz.expect(arrays, "Y", (len(arrays["X"]), 10), ("uint8",))
        or npz.expect(arrays, "row", (len(arrays["X"]),), ("int32",))
        or npz.expect(arrays, "pixel_scale", (), ("float64",))
        or npz.unexpected(arrays, ("X", "Y", "row", "pixel_scale"))
        or _wrong_values(arrays, may_be_empty=path == VALIDATION)
    )
    if fault:
        raise unusable(path, _STAGE, fault)
    return Encoded(
        X=arrays["X"].view(np.uint8),
        Y=arrays["Y"].view(np.uint8),
        row=arrays["row"].view(np.int32),
        pixel_scale=float(arrays["pixel_scale"].item()),
    )


def read_parts(paths: Sequence[Path]) -> list[Encoded]:
    """Return the rows of several files, in the order of `paths`.

    Raises DigitsError for a wrong file, and for two that are not of one run of the encoder.
    """
    parts = {path: read(path) for path in paths}
    for (one, first), (two, second) in combinations(parts.items(), 2):
        fault = _at_odds(first, second, one)
        if fault:
            raise unusable(two, _STAGE, fault)
    return list(parts.values())


def _at_odds(first: Encoded, second: Encoded, path: Path) -> str | None:
    """Say how the second is not of the run of the first, which is in `path`, or return None."""
    for name in ("pixel_scale", "side"):
        wanted, found = getattr(first, name), getattr(second, name)
        if found != wanted:
            return f"its {name} is {found}, but that of {path} {wanted}"
    shared = np.intersect1d(first.row, second.row)
    return f"row {shared[0]} of the source is in {path} as well" if len(shared) else None


def _wrong_values(arrays: npz.Arrays, *, may_be_empty: bool) -> str | None:
    """Say which values no encoder writes, or return None."""
    Y, scale = arrays["Y"].view(np.uint8), float(arrays["pixel_scale"].item())
    if not (len(Y) or may_be_empty):
        return "it holds no row"
    if np.any(Y.sum(axis=1) != 1):
        return "Y is not one-hot: each row must hold one 1 and nine 0"
    if arrays["row"].view(np.int32).min(initial=0) < 0:
        return f"a row is {arrays['row'].view(np.int32).min()}; expected 0 or more"
    if len(np.unique(arrays["row"])) < len(Y):
        return "it holds a row twice"
    single = np.finfo(np.float32)
    if not float(single.tiny) <= scale <= float(single.max):
        return f"pixel_scale is {scale}; expected a finite number above 0, in float32 as well"
    return None
