"""Which share of a picture's pixels each pixel of a smaller picture covers."""

import numpy as np
import numpy.typing as npt

SIDE = 28  # of the source's images, in pixels


def overlaps(side: int) -> npt.NDArray[np.int32]:
    """Return how much of each of 28 pixels in a line each of `side` longer ones covers: (side, 28).

    In units of which a pixel of 28 is `side` long, and one of `side` is 28: whole numbers.
    """
    ours, theirs = np.arange(side)[:, None] * SIDE, np.arange(SIDE) * side
    starts, ends = np.maximum(ours, theirs), np.minimum(ours + SIDE, theirs + side)
    shared: npt.NDArray[np.int32] = np.maximum(ends - starts, 0).astype(np.int32)
    return shared
