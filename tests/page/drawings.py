"""Pictures as they are drawn on the page, and as on ruled paper, made for the tests."""

import numpy as np

from tests.prepare.pictures import Bytes, Floats, taken, written

PAD = 280  # pixels of the page's canvas in a line
_RADIUS = 10.0  # half the width of its strokes


def strokes(seed: int) -> Bytes:
    """Return a drawing of one to three strokes, each a curve, black on white."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((PAD, PAD))
    for _ in range(rng.integers(1, 4)):
        ink = np.maximum(ink, _stroke(rng.uniform(40, PAD - 40, (4, 2))))
    return taken(written(ink, (255, 255, 255), (0, 0, 0)))


def _stroke(corners: Floats) -> Floats:
    """Return the ink of a Bézier curve of four corners (4, 2)."""
    t = np.linspace(0, 1, 50)[:, np.newaxis]
    powers = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    points = sum(power * corner for power, corner in zip(powers, corners, strict=True))
    rows, columns = np.mgrid[:PAD, :PAD]
    nearest = np.full((PAD, PAD), np.inf)
    for down, across in np.asarray(points):
        nearest = np.minimum(nearest, np.hypot(rows - down, columns - across))
    ink: Floats = np.clip(_RADIUS - nearest + 0.5, 0, 1)
    return ink


def on_a_form(ink: Floats) -> Bytes:
    """Return a digit on ruled paper, in a frame, with specks around it."""
    height, width = ink.shape
    marked = ink.copy()
    marked[12:15, 10:-10] = marked[-15:-12, 10:-10] = 1
    marked[12:-12, 10:13] = marked[12:-12, -13:-10] = 1
    marked[height // 5 : height // 5 + 3, width // 5 : width // 5 + 3] = 1
    picture = written(marked)
    for row in range(20, height, 50):
        picture[row : row + 2] = np.minimum(picture[row : row + 2], (110, 110, 130))
    return taken(picture)
