"""The sides that an image may have: every reader of images or of a first layer asks here."""

import numpy as np
import numpy.typing as npt

SIDES = (28, 20, 16, 14, 8)

_PIXELS = [side * side for side in SIDES]


def wrong_columns(name: str, array: npt.NDArray[np.generic]) -> str | None:
    """Say that a matrix has not a column for each pixel of such an image, or return None."""
    if array.shape[1] in _PIXELS:
        return None
    wanted = " or ".join(map(str, _PIXELS))
    return f"{name} is {array.dtype.name} of shape {array.shape}; expected {wanted} columns"
