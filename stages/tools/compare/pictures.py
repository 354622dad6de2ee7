"""The pictures of a report: confusion matrices, cost curves, and the images that flipped."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.common.artifacts import encoded
from stages.common.artifacts.committed import Floats, Predicted
from stages.common.errors import DigitsError
from stages.figures import confusion
from stages.figures.style import BLUE, GREY, INK, VERMILION, new_figure, tidy
from stages.network.scores import confusion_matrix
from stages.tools.compare.statistics import Flips

Images = npt.NDArray[np.uint8]

COLUMNS, ROWS = 10, 4  # of each half of the sheet
_SIDE = 28  # pixels
_PITCH_X, _PITCH_Y = 40, 44  # pixels from one image to the next; the text goes between


def draw_confusion(predicted: Predicted, title: str) -> Figure:
    """Return the confusion matrix of one side."""
    figure = confusion.draw(confusion_matrix(predicted.actual, predicted.predicted, 10))
    figure.axes[0].set_title(title)
    return figure


def draw_costs(before: Floats, after: Floats, names: tuple[str, str]) -> Figure:
    """Return both cost curves: (epochs,) each, in nats, epoch 1 first."""
    figure = new_figure(8, 4.2)
    axes = figure.subplots()
    # The baseline's is wide and pale, so that it shows where the curves are the same.
    styles = ({"color": GREY, "linewidth": 4, "alpha": 0.6}, {"color": BLUE, "linewidth": 1.5})
    for cost, name, style in zip((before, after), names, styles, strict=True):
        label = f"{name}: {cost[-1]:.4f} at the end"
        axes.plot(np.arange(1, len(cost) + 1), cost, label=label, **style)  # type: ignore[arg-type]
    axes.set(title="Cost on the training rows", xlabel="epoch", ylim=(0, None))
    axes.set_ylabel("mean cross-entropy (nats)")
    axes.legend(frameon=False)
    tidy(axes)
    return figure


def find_images(rows: npt.NDArray[np.int64], source: Path) -> Images:
    """Return the pixels of rows of the source: (n, 784).

    From data/encoded/test.npz where it is there, or from the source itself. Raises DigitsError
    where neither can be read.
    """
    if encoded.TEST.exists():
        test = encoded.read(encoded.TEST)
        order = np.argsort(test.row)
        places = np.searchsorted(test.row, rows, sorter=order)
        found = order[np.minimum(places, len(order) - 1)]
        if np.array_equal(test.row[found], rows):
            return test.X[found]
    # Here, for it brings in the readers of all forms of input.
    from stages.ingest import read_source

    pixels = read_source(source).pixels
    if len(rows) and rows.max() >= len(pixels):
        raise DigitsError(
            f"{source} has {len(pixels)} rows, but a prediction is of row {rows.max()}"
        )
    return pixels[rows]


def draw_flips(spoiled: Flips, mended: Flips, source: Path) -> Figure:
    """Return a sheet of what went from right to wrong, and below it from wrong to right."""
    halves = [(spoiled, "From right to wrong", VERMILION), (mended, "From wrong to right", BLUE)]
    images = [find_images(_first(flips), source) for flips, _, _ in halves]
    heights = [_lines(flips) for flips, _, _ in halves]
    figure = new_figure(10, 1.2 + 1.15 * sum(heights))
    parts = figure.subplots(2, 1, height_ratios=heights)
    for axes, pixels, (flips, title, color) in zip(parts, images, halves, strict=True):
        _draw_half(axes, pixels, flips, color)
        shown = len(pixels)
        count = f"{len(flips.row)}" if shown == len(flips.row) else f"{shown} of {len(flips.row)}"
        axes.set_title(f"{title}: {count}", loc="left", fontweight="bold", color=color)
    return figure


def _first(flips: Flips) -> npt.NDArray[np.int64]:
    """Return the rows that the sheet has room for."""
    return flips.row[: COLUMNS * ROWS]


def _lines(flips: Flips) -> int:
    """Return how many lines of images a half of the sheet takes."""
    return max(1, -(-len(_first(flips)) // COLUMNS))


def _draw_half(axes: Axes, images: Images, flips: Flips, color: str) -> None:
    """Draw images (n, 784) in lines, each with its digit and both predictions above."""
    lines = _lines(flips)
    # One picture of all: an axes for each image would take ten times as long.
    sheet = np.zeros((lines * _PITCH_Y, COLUMNS * _PITCH_X), np.uint8)
    for place, pixels in enumerate(images):
        top, left = (place // COLUMNS + 1) * _PITCH_Y - _SIDE, place % COLUMNS * _PITCH_X
        sheet[top : top + _SIDE, left : left + _SIDE] = pixels.reshape(_SIDE, _SIDE)
        text = f"{flips.actual[place]}: {flips.before[place]} → {flips.after[place]}"
        axes.text(left + _SIDE / 2, top - 2, text, ha="center", va="bottom", fontsize=9, color=INK)
    if not len(images):
        axes.text(0, _PITCH_Y / 2, "none", color=color)
    axes.imshow(sheet, cmap="gray_r", vmin=0, vmax=255)
    axes.set_axis_off()
