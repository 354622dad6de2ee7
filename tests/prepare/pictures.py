"""Pictures of digits, made for the tests: MNIST's own, as on paper under some light."""

import csv
import gzip
from collections.abc import Callable
from functools import cache
from itertools import islice

import numpy as np
import numpy.typing as npt

from stages.prepare.resizing import enlarged
from tests.scratch import ROOT

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

PAPER, PEN = (236, 232, 224), (40, 40, 70)


@cache
def some_digits(count: int) -> tuple[Bytes, list[int]]:
    """Return the first digits of the repository's own: (count, 28, 28), and what they show."""
    with gzip.open(ROOT / "data/raw/mnist-5k.csv.gz", "rt", encoding="utf-8") as file:
        rows = [list(map(int, row)) for row in islice(csv.reader(file), 1, count + 1)]
    cells = np.array(rows)
    return cells[:, 1:].reshape(-1, 28, 28).astype(np.uint8), cells[:, 0].tolist()


def inked(image: Bytes, times: int) -> Floats:
    """Return a digit enlarged, paper around it, as shares of full ink."""
    wide = np.pad(image, 6)[..., np.newaxis]
    return enlarged(wide, times)[..., 0] / 255


def written(ink: Floats, paper: tuple[int, ...] = PAPER, pen: tuple[int, ...] = PEN) -> Floats:
    """Return what is written with a pen on paper: (height, width, 3), 0 to 255."""
    share = ink[..., np.newaxis]
    return np.array(paper) * (1 - share) + np.array(pen) * share


def taken(light: Floats) -> Bytes:
    """Return a picture as a camera takes it: whole numbers."""
    return np.clip(light + 0.5, 0, 255).astype(np.uint8)


def noise(shape: tuple[int, ...], size: float, seed: int) -> Floats:
    """Return the unevenness of paper, that of larger places too."""
    rng = np.random.default_rng(seed)
    height, width = shape[:2]
    large = rng.normal(0, size, (height // 16 + 1, width // 16 + 1)).repeat(16, 0).repeat(16, 1)
    fine = rng.normal(0, size, (height, width))
    return (large[:height, :width] + fine)[..., np.newaxis]


def shadow(shape: tuple[int, ...], dark: float) -> Floats:
    """Return the light under a shadow with an edge across the picture: 1, and `dark` beyond."""
    down, across = np.mgrid[: shape[0], : shape[1]]
    beyond = down + across > (shape[0] + shape[1]) / 2
    return np.where(beyond, dark, 1.0)[..., np.newaxis]


def turned(ink: Floats, slope: float) -> Floats:
    """Return ink turned a little about the middle; slope: pixels across for one down."""
    down, across = np.mgrid[: ink.shape[0], : ink.shape[1]]
    middle = (np.array(ink.shape) - 1) / 2
    y, x = down - middle[0], across - middle[1]
    rows = np.rint(y - slope * x + middle[0]).astype(int).clip(0, ink.shape[0] - 1)
    columns = np.rint(x + slope * y + middle[1]).astype(int).clip(0, ink.shape[1] - 1)
    found: Floats = ink[rows, columns]
    return found


def on_a_table(ink: Floats) -> Bytes:
    """Return a sheet on a dark table, both in the picture."""
    sheet = written(ink, pen=(40, 60, 160))
    height, width = ink.shape
    table = np.full((height * 3 // 2, width * 3 // 2, 3), (40.0, 40.0, 50.0))
    table[height // 8 :][:height, width // 3 :][:, :width] = sheet
    return taken(table)


DISTORTIONS: dict[str, Callable[[Floats], Bytes]] = {
    "enlarged": lambda ink: taken(written(ink)),
    "as in MNIST": lambda ink: taken(written(ink, (0, 0, 0), (255, 255, 255))),
    "on textured paper": lambda ink: taken(written(ink) + noise(ink.shape, 5, 1)),
    "inverted": lambda ink: 255 - taken(written(ink) + noise(ink.shape, 2, 2)),
    "with a shadow": lambda ink: taken(written(ink) * shadow(ink.shape, 0.5)),
    "turned left": lambda ink: taken(written(turned(ink, 0.08))),
    "turned right": lambda ink: taken(written(turned(ink, -0.08))),
    "in yellow": lambda ink: taken(written(ink, pen=(240, 220, 60))),
    "chalk": lambda ink: taken(
        written(ink, (40, 70, 50), (225, 230, 220)) + noise(ink.shape, 4, 3)
    ),
}
