"""What rows mean, once it is known which columns hold them: labels and pixels, or a fault."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.common.errors import DigitsError
from stages.sources import columns, scale
from stages.sources.columns import HIGHEST_PIXEL, Bytes, Fault, Part


class Pixels(NamedTuple):
    """Pixels (n, 784), and where the first stands that is a fraction of 1, if one is."""

    values: Bytes
    fraction: Fault | None


def of_columns(
    names: Sequence[str], cells: Sequence[pa.ChunkedArray], highest: float | None
) -> Pixels | Fault:
    """Return the pixels in 784 plain columns, or the first cell that is none."""
    quick = _whole(cells, highest)
    if quick is not None:
        return Pixels(quick, None)
    values = np.stack([columns.floats(column) for column in cells], axis=1)
    return of_numbers(
        values, highest, names, lambda row, place: columns.shown(cells[place][row].as_py())
    )


def _whole(cells: Sequence[pa.ChunkedArray], highest: float | None) -> Bytes | None:
    """Return the pixels in columns of whole numbers, or None."""
    found = np.empty((len(cells), len(cells[0])), np.uint8)
    for place, column in enumerate(cells):
        values = columns.whole(column, HIGHEST_PIXEL)
        if values is None:
            return None
        found[place] = values
    return scale.whole(np.ascontiguousarray(found.T), highest)


def of_numbers(
    values: npt.NDArray[np.float64],
    highest: float | None,
    names: Sequence[str],
    shown: Callable[[int, int], str],
) -> Pixels | Fault:
    """Return the pixels that numbers (n, 784) mean, or the first that means none.

    names: of the 784. shown: what a message shows of the one in a row and place.
    """
    meaning = scale.understood(values, highest)
    if meaning.wrong.any():
        row, place = divmod(int(meaning.wrong.argmax()), values.shape[1])
        others = np.delete(values.ravel(), row * values.shape[1] + place)
        text = shown(row, place)
        return Fault(
            row, names[place], text, scale.expected(highest, float(values[row, place]), others)
        )
    if not meaning.fraction.any():
        return Pixels(meaning.pixels, None)
    row, place = divmod(int(meaning.fraction.argmax()), values.shape[1])
    return Pixels(meaning.pixels, Fault(row, names[place], shown(row, place), ""))


def part(label: Bytes | Fault, pixels: Pixels | Fault, where: Callable[[int], str]) -> Part:
    """Return some rows of a source; raises DigitsError for the first fault.

    where: says of a row, from 0, in which file and line it stands.
    """
    if isinstance(label, Fault) or isinstance(pixels, Fault):
        raise _error(label, pixels, where)
    cell = pixels.fraction
    stands = f"{where(cell.row)}, column {cell.column}: {cell.value}" if cell else None
    return Part(label, pixels.values, stands)


def _error(
    label: Bytes | Fault, pixels: Pixels | Fault, where: Callable[[int], str]
) -> DigitsError:
    """Return the error of the first fault in reading order, a label's before its row's pixels'."""
    faults = [found for found in (label, pixels) if isinstance(found, Fault)]
    first = min(faults, key=lambda fault: fault.row)
    return DigitsError(
        f"{where(first.row)}, column {first.column}: {first.value}; expected {first.expected}"
    )
