"""A picture at another size: the means of areas where it shrinks, straight lines where it grows."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

# Longest side of a picture that is worked on: so long that a digit on a page has pixels enough,
# and so short that all steps take a fraction of a second.
MOST, LEAST = 800, 200


def worked_on(picture: Bytes) -> Bytes:
    """Return a picture with its longest side from LEAST to MOST pixels, about."""
    longest = max(picture.shape[:2])
    if longest > MOST:
        return shrunk(picture, -(-longest // MOST))
    return enlarged(picture, -(-LEAST // longest)) if longest < LEAST else picture


def shrunk(picture: Bytes, times: int) -> Bytes:
    """Return the means of squares of `times` pixels a side, rounded; the last go on as they end."""
    height, width, colours = picture.shape
    whole = np.pad(picture, ((0, -height % times), (0, -width % times), (0, 0)), mode="edge")
    squares = whole.reshape(len(whole) // times, times, -1, times, colours)
    sums = squares.sum(axis=(1, 3), dtype=np.int64)
    means: Bytes = ((2 * sums + times * times) // (2 * times * times)).astype(np.uint8)
    return means


def enlarged(picture: Bytes, times: int) -> Bytes:
    """Return a picture `times` as large, each line of pixels mixed from its two neighbours."""
    for axis in (0, 1):
        last = picture.shape[axis] - 1
        # Where the new pixels' centres lie between the old ones', in units of 1 / (2 times).
        at = 2 * np.arange((last + 1) * times) + 1 - times
        low, part = at // (2 * times), at % (2 * times)
        part = part.reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        before = picture.take(low.clip(0, last), axis).astype(np.int64)
        after = picture.take((low + 1).clip(0, last), axis)
        mixed = before * (2 * times - part) + after * part
        picture = ((mixed + times) // (2 * times)).astype(np.uint8)
    return picture


def resampled(x: Floats, box: tuple[float, float, float, float], size: tuple[int, int]) -> Floats:
    """Return the part of x (height, width) in a box, at another size (rows, columns).

    box: top, left, bottom and right, in pixels; outside of x is paper, 0.
    """
    top, left, bottom, right = box
    rows = _weights(top, bottom, size[0], x.shape[0])
    columns = _weights(left, right, size[1], x.shape[1])
    found: Floats = rows @ x @ columns.T
    return found


def _weights(start: float, end: float, count: int, old: int) -> Floats:
    """Return what each of `count` pixels from `start` to `end` takes of the old ones: (count, old).

    A larger pixel takes what it covers, a smaller one mixes the two nearest.
    """
    step = (end - start) / count
    places, centres = np.arange(count)[:, None], np.arange(old)
    if step > 1:
        low, high = start + places * step, start + (places + 1) * step
        covered: Floats = np.minimum(high, centres + 1) - np.maximum(low, centres)
        return np.maximum(covered / step, 0.0)
    middle = start + (places + 0.5) * step - 0.5
    near: Floats = 1 - np.abs(middle - centres)
    return np.maximum(near, 0.0)
