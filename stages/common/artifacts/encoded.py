"""The encoded digits: pixels and one-hot labels, ready for the network."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import npz
from stages.common.artifacts.sides import wrong_columns
from stages.common.errors import unusable
from stages.common.repeated import repeated

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
    write_pieces(path, len(encoded.X), encoded.side, encoded.pixel_scale, [encoded])


def write_pieces(
    path: Path, rows: int, side: int, pixel_scale: float, pieces: Iterable[Encoded]
) -> None:
    """Write encoded digits that come some at a time, and are `rows` in all, as `write` does."""
    shape = (rows, side * side)
    Y, row = np.empty((rows, 10), np.uint8), np.empty(rows, np.int32)
    arrays: dict[str, npt.NDArray[np.generic] | npz.Stream] = {
        "X": npz.Stream(np.uint8, shape, _images(pieces, Y, row)),
        "Y": Y,  # whole once X is written
        "row": row,
        "pixel_scale": np.array(pixel_scale, np.float64),
    }
    npz.write(path, arrays, _VERSION)


def size(rows: int, side: int) -> int:
    """Return how many bytes the arrays of so many rows take in a file."""
    return rows * (side * side + 10 + 4)


def _images(
    pieces: Iterable[Encoded], Y: npt.NDArray[np.uint8], row: npt.NDArray[np.int32]
) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield the images of pieces; put what stands beside them into `Y` and `row`, in place."""
    start = 0
    for piece in pieces:
        span = slice(start, start := start + len(piece.X))
        Y[span], row[span] = piece.Y, piece.row
        yield piece.X


def read(path: Path) -> Encoded:
    """Return the encoded digits in an NPZ file; raises DigitsError for a wrong one.

    X and Y stay in the file, mapped, and are not to be written to. Only the file of the rows that
    validate may be without a row.
    """
    arrays = npz.read(path, _VERSION, _STAGE, mapped=True)
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
    shared = repeated(np.concatenate([first.row, second.row]))
    return f"row {shared} of the source is in {path} as well" if shared is not None else None


def _wrong_values(arrays: npz.Arrays, *, may_be_empty: bool) -> str | None:
    """Say which values no encoder writes, or return None."""
    Y, row = arrays["Y"].view(np.uint8), arrays["row"].view(np.int32)
    scale = float(arrays["pixel_scale"].item())
    if not (len(Y) or may_be_empty):
        return "it holds no row"
    if np.any(Y.sum(axis=1, dtype=np.uint16) != 1):
        return "Y is not one-hot: each row must hold one 1 and nine 0"
    if row.min(initial=0) < 0:
        return f"a row is {row.min()}; expected 0 or more"
    if repeated(row) is not None:
        return "it holds a row twice"
    single = np.finfo(np.float32)
    if not float(single.tiny) <= scale <= float(single.max):
        return f"pixel_scale is {scale}; expected a finite number above 0, in float32 as well"
    return None
