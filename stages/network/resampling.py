"""Images deformed: each pixel is blended of the four around the place that it is read at."""

import numpy as np
import numpy.typing as npt

from stages.network.deformations import BORDER, STEPS, Deformations, Positions, Singles

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint16]
Quads = npt.NDArray[np.uint32]

# Images at once: few enough for the processor's caches, and enough that several threads, each of
# which waits for Python's lock between two operations, get on side by side.
_BLOCK = 256


def deform(X: Bytes, deformations: Deformations, side: int) -> Bytes:
    """Return images X (n, side²) deformed: (n, side²). What is beyond their edges is blank.

    Pixels are interpolated bilinearly, with weights of 1/256, and rounded once, half up. All of it
    is whole numbers, so that the bytes are the same on every processor; an image's depend on no
    other image.
    """
    deformed = np.empty_like(X)
    for start in range(0, len(X), _BLOCK):
        block = slice(start, start + _BLOCK)
        places = deformations.take(block).places()
        deformed[block] = _blend(_quads(X[block], side), places, side)
    return deformed


def _quads(X: Bytes, side: int) -> Quads:
    """Return each pixel of images with blank borders with three neighbours, in one number.

    (n * width²,), width = side + 2. From its highest byte on it is the pixel itself, the one right
    of it, the one below, and the one right of that.
    """
    width = side + 2 * BORDER
    count = len(X) * width * width
    pixels = np.zeros(count + width + 1, np.uint16)
    framed = pixels[:count].reshape(-1, width, width)
    framed[:, BORDER:-BORDER, BORDER:-BORDER] = X.reshape(-1, side, side)
    pairs = pixels[:-1] << 8
    pairs |= pixels[1:]
    wide = pairs.astype(np.uint32)
    quads = np.left_shift(wide[:-width], 16)
    quads |= wide[width:]
    return quads


def _blend(quads: Quads, places: Singles, side: int) -> Quads:
    """Return the pixels (n, side²) read at places (2, n, side²), which are changed."""
    np.clip(places, np.float32(0), np.float32((side + BORDER) * STEPS), out=places)
    steps = places.astype(np.uint16)
    found = quads.take(_cells(steps, side + 2 * BORDER), mode="wrap")  # all are there
    steps[0] &= STEPS - 1
    steps[1] <<= 8
    right, below = steps.astype(np.uint32)  # how far, in 2^-8 and in 2^-16 pixels
    return _between_rows(_between_columns(found, right), below)


def _cells(steps: Words, width: int) -> Positions:
    """Return which cell of all images each place (2, n, side²) is in."""
    across, down = steps >> 8
    down *= np.uint16(width)
    down += across
    cells: Positions = down.astype(np.intp)
    cells += np.arange(len(cells))[:, np.newaxis] * (width * width)
    return cells


def _between_columns(quads: Quads, right: Quads) -> Quads:
    """Return the blends of left and right, in 1/256: above in the high 16 bits, below in the low.

    `quads` is changed. Left + (right - left) * part is taken in both halves at once; what a half
    borrows from the other in between, it has given back in the end.
    """
    left = quads & 0xFF00FF00  # times 256
    quads &= 0x00FF00FF
    quads -= left >> 8
    quads *= right
    quads += left
    return quads


def _between_rows(blends: Quads, below: Quads) -> Quads:
    """Return the blends of above and below, rounded half up to whole pixels; `blends` is changed.

    In units of 2^-24, modulo 2^32: 255 and the half that rounds are below 256.
    """
    upper = blends >> 16
    lower = blends & 0xFFFF
    lower -= upper
    lower *= below
    blends &= 0xFFFF0000
    blends += lower
    blends += 1 << 23
    blends >>= 24
    return blends
