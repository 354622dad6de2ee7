"""The picture of deformed digits on the page of methods: `python -m tests.docs.deformed` draws it.

A person looks at it, so that what the tests of deformations say in numbers is also seen.
"""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from threadpoolctl import threadpool_limits

from stages.figures import tiles
from stages.figures.style import FULL, head, new_figure, plain, to_png, write
from stages.network.augmentation import Augmentation, draw
from stages.network.resampling import deform
from tests.docs.pages import ROOT
from tests.network.conftest import read_digits

PICTURE = ROOT / "docs/pictures/augmentation.png"

NONE = Augmentation(shift=0, rotate=0, scale=0, shear=0, elastic=0)
ALL = Augmentation(shift=2, rotate=15, scale=0.15, shear=0.15, elastic=3)
WAYS = {
    "as they are": NONE,
    "shift: 4": NONE._replace(shift=4),
    "rotate: 30": NONE._replace(rotate=30),
    "scale: 0.3": NONE._replace(scale=0.3),
    "shear: 0.5": NONE._replace(shear=0.5),
    "elastic: 5": NONE._replace(elastic=5),
    "elastic: 10": NONE._replace(elastic=10),
    "shift: 2, rotate: 15,\nscale: 0.15,\nshear: 0.15,\nelastic: 3": ALL,
    "the same,\nin the next epoch": ALL,
}

_ROOM = 112  # pixels for an image
_PITCH = 119
_CORNER = (292, 110)


def digits() -> npt.NDArray[np.uint8]:
    """Return the first image (784,) of each digit among those of the repository."""
    rows = read_digits(100)
    first: npt.NDArray[np.uint8] = rows.X[rows.Y.argmax(axis=0)]
    return first


def sheet() -> Figure:
    """Return the digits, a way of deforming them a row."""
    X = digits()
    figure = new_figure(FULL, _CORNER[1] + len(WAYS) * _PITCH + 14)
    head(figure, "Training images, deformed", "Each number is drawn within ± the one that is said")
    for row, (words, augmentation) in enumerate(WAYS.items()):
        top = _CORNER[1] + row * _PITCH
        write(figure, 24, top + _ROOM // 2, words, va="center")
        drawn = draw(augmentation, 28, np.random.default_rng(row), len(X))
        for column, image in enumerate(deform(X, drawn, 28)):
            tiles.place(figure, tiles.ink(image), _CORNER[0] + column * _PITCH, top, _ROOM)
    return figure


def picture() -> bytes:
    """Return the sheet as PNG."""
    with threadpool_limits(1, "blas"), plain():
        return to_png(sheet())


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(picture())
