"""The test images that the network gets most confidently wrong."""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures import tiles
from stages.figures.style import HALF, head, new_figure, write

COLUMNS, ROWS = 6, 4

_ROOM = 112  # pixels for an image, framed by one more on each side
_PITCH = (121, 176)  # pixels from one image to the next; the text goes above
_CORNER = (15, 138)


def draw(
    images: npt.NDArray[np.uint8],
    actual: npt.NDArray[np.uint8],
    predicted: npt.NDArray[np.uint8],
    sureness: npt.NDArray[np.float64],
) -> Figure:
    """Return a sheet of the wrong images, the most confident first.

    images: (n, side²). actual, predicted: (n,). sureness: (n,) the probabilities of the predicted.
    """
    wrong = np.flatnonzero(actual != predicted)
    # A stable order: equally confident images stay in the order of the test rows.
    worst = wrong[np.argsort(-sureness[wrong], kind="stable")][: COLUMNS * ROWS]
    figure = new_figure(HALF, _CORNER[1] + -(-len(worst) // COLUMNS) * _PITCH[1] - 40)
    head(figure, "The most confident mistakes", _note(len(worst), len(wrong), len(actual)))
    for number, index in enumerate(worst):
        left = _CORNER[0] + number % COLUMNS * _PITCH[0]
        top = _CORNER[1] + number // COLUMNS * _PITCH[1]
        tiles.place(figure, tiles.ink(images[index]), left, top, _ROOM)
        said = f"{actual[index]} read as {predicted[index]}\n{sureness[index]:.1%} sure"
        middle = left + _ROOM // 2 + 1
        write(figure, middle, top - 4, said, ha="center", va="bottom", fontsize=8.5)
    return figure


def _note(shown: int, wrong: int, images: int) -> str:
    """Say how many mistakes are shown of how many."""
    if not wrong:
        return f"None: all {images:,} test images are read right"
    if wrong == 1:
        return f"The only mistake in {images:,} test images"
    count = f"{shown} of the {wrong:,}" if shown < wrong else f"All {wrong}"
    return f"{count} mistakes in {images:,} test images, the surest first"
