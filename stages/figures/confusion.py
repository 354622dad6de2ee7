"""The confusion matrix: which digits the network takes for which."""

import numpy as np
import numpy.typing as npt
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stages.figures.style import new_figure

_DARK = 0.35  # share from which a cell is dark enough for white figures


def draw(confusion: npt.NDArray[np.int64]) -> Figure:
    """Return the figure of a matrix (actual, predicted) of counts, coloured by share of its row."""
    digits = range(len(confusion))
    share = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    figure = new_figure(7, 6)
    axes = figure.subplots()
    # The square root brings out the mistakes, a few per cent each.
    image = axes.imshow(share, cmap="Blues", norm=PowerNorm(0.5, vmin=0, vmax=1))
    for actual in digits:
        for predicted in digits:
            color = "white" if share[actual, predicted] > _DARK else "black"
            count = f"{confusion[actual, predicted]}"
            axes.text(predicted, actual, count, ha="center", va="center", color=color)
    axes.set(title="Confusion matrix: test images", xlabel="predicted digit", ylabel="true digit")
    axes.set(xticks=digits, yticks=digits)
    bar = figure.colorbar(image, label="share of the images of the true digit")
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure
