"""The first layer's weights as pictures: what each unit looks for."""

import math

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures.style import new_figure

COLUMNS = 8
MOST = 64  # units shown; more would be too small to see


def draw(W: npt.NDArray[np.floating]) -> Figure:
    """Return a sheet with each row of W (units, 784) as a 28 x 28 picture, all on one scale."""
    shown = W[:MOST]
    rows = math.ceil(len(shown) / COLUMNS)
    figure = new_figure(10, 1.3 * rows + 0.7)
    which = "" if len(shown) == len(W) else f" (the first {MOST} of {len(W)})"
    figure.suptitle(f"First layer: what adds to each unit, and what takes away{which}")
    # A few large weights would fade the rest: the scale ends where 1 in 200 lies beyond.
    limit = float(np.quantile(np.abs(shown), 0.995)) or 1.0
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for number, (axes, weights) in enumerate(zip(grid.flat, shown, strict=False), start=1):
        image = axes.imshow(weights.reshape(28, 28), cmap="PuOr", vmin=-limit, vmax=limit)
        axes.set_title(f"unit {number}", fontsize=9)
    figure.colorbar(image, ax=grid, label="weight", shrink=0.8, extend="both")
    return figure
