"""A digit that leans far brought half the way to where MNIST's digits lean."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# The median slant of MNIST's test images, in pixels across for one down: they lean to the right.
USUAL = -0.08
_TAKEN_OFF = 0.5  # of what the slant differs from that: all of it would make of a 7 another


def upright(ink: Floats) -> Floats:
    """Return a digit with each row moved along by its distance from the middle: (height, wider).

    ink: (height, width), with paper, 0, around.
    """
    lean = _TAKEN_OFF * (_slant(ink) - USUAL)
    height, width = ink.shape
    moved = lean * (np.arange(height) - (height - 1) / 2)
    beside = int(np.abs(moved).max()) + 2
    wide = np.pad(ink, ((0, 0), (beside, beside)))
    whole = np.floor(moved).astype(np.int64)
    part = (moved - whole)[:, np.newaxis]
    places = np.arange(width + 2 * beside) + whole[:, np.newaxis]
    rows, last = np.arange(height)[:, np.newaxis], width + 2 * beside - 1
    one, other = wide[rows, places.clip(0, last)], wide[rows, (places + 1).clip(0, last)]
    found: Floats = one * (1 - part) + other * part
    return found


def _slant(ink: Floats) -> float:
    """Return how far the ink goes across for one pixel down: the line through it that fits best."""
    total, rows, columns = ink.sum(), np.arange(ink.shape[0]), np.arange(ink.shape[1])
    down = rows - ink.sum(axis=1) @ rows / total
    across = columns - ink.sum(axis=0) @ columns / total
    spread = float(ink.sum(axis=1) @ (down * down))
    return float(down @ ink @ across) / spread if spread > 0 else 0.0
