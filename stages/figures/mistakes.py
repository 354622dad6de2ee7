"""The test images that the network gets most confidently wrong."""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures.style import INK, new_figure

COLUMNS, ROWS = 8, 3


def draw(
    images: npt.NDArray[np.uint8],
    actual: npt.NDArray[np.uint8],
    predicted: npt.NDArray[np.uint8],
    P: npt.NDArray[np.float64],
) -> Figure:
    """Return a sheet of the wrong images, the most confident first.

    images: (n, 784). actual, predicted: (n,). P: (n, 10) probabilities.
    """
    confidence = P.max(axis=1)
    wrong = np.flatnonzero(actual != predicted)
    # A stable order: equally confident images stay in the order of the test rows.
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][: COLUMNS * ROWS]
    figure = new_figure(10, 5.4)
    figure.suptitle(
        f"Most confidently wrong: {len(worst)} of the {len(wrong)} mistakes in {len(actual)} images"
    )
    grid = figure.subplots(ROWS, COLUMNS)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, index in zip(grid.flat, worst, strict=False):
        axes.imshow(images[index].reshape(28, 28), cmap="gray_r", vmin=0, vmax=255)
        title = f"{actual[index]} read as {predicted[index]}\n{confidence[index]:.1%} sure"
        axes.set_title(title, fontsize=9, color=INK)
    return figure
