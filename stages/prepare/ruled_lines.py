"""Lines that go across the whole picture, as on ruled paper, taken out of a mask."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

_CELL = 8  # pixels in a row of the mask that are looked at together
_LEAST_CELLS = 8
_ACROSS = 0.75  # of the picture, from where on a line is ruled
_THICKEST = 0.025  # of its longer side: a stroke of a digit that fills the picture is thicker


def without_lines(mask: Mask) -> Mask:
    """Return a mask without the lines that go across it, in either direction.

    Where a stroke crosses a line, the stroke stays.
    """
    return _without_level_lines(_without_level_lines(mask).T).T


def _without_level_lines(mask: Mask) -> Mask:
    """Return a mask without the lines that go across it from left to right, about level."""
    line = _lines(mask)
    if not line.any():
        return mask
    starts = line & ~np.pad(line, ((1, 0), (0, 0)))[:-1]
    thickness = int(line.sum() / starts.sum())
    if thickness > _THICKEST * max(mask.shape):
        return mask
    return mask & ~(line & ~_tall(mask, 2 * thickness + 3))  # a tilted line is wider at its steps


def _tall(mask: Mask, height: int) -> Mask:
    """Return the pixels in upright runs of ink of so many pixels, at least: those of strokes."""
    ends = np.pad(mask, ((height - 1, height - 1), (0, 0)))
    starts = np.logical_and.reduce(
        [ends[step : len(ends) - height + 1 + step] for step in range(height)]
    )
    tall: Mask = np.logical_or.reduce([starts[step : step + len(mask)] for step in range(height)])
    return tall


def _lines(mask: Mask) -> Mask:
    """Return the pixels of lines that go across the mask."""
    height, width = mask.shape
    count = width // _CELL
    if count < _LEAST_CELLS:
        return np.zeros_like(mask)
    cells = mask[:, : count * _CELL].reshape(height, count, _CELL).sum(axis=2) > _CELL // 2
    through = _longest(cells) + _longest(cells[:, ::-1])[:, ::-1] - 1
    long = cells & (through >= _ACROSS * count)
    line = np.zeros_like(mask)
    line[:, : count * _CELL] = long.repeat(_CELL, axis=1)
    line[:, count * _CELL :] = long[:, -1:]
    beside = np.pad(line, ((1, 1), (0, 0)))
    return mask & (beside[:-2] | beside[1:-1] | beside[2:])  # its edges too


def _longest(cells: Mask) -> Whole:
    """Return how many cells a line from the left has that ends at each cell.

    From cell to cell it goes straight on, or a row up or down: so it may be tilted by 7 degrees.
    """
    found, before = np.zeros(cells.shape, np.int64), np.zeros(len(cells), np.int64)
    for column in range(cells.shape[1]):
        around = np.pad(before, 1)
        best = np.maximum(before, np.maximum(around[:-2], around[2:]))
        before = np.where(cells[:, column], best + 1, 0)
        found[:, column] = before
    return found
