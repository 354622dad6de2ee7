"""Columns of labels and pixels of any type, and whether their values are allowed."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stages.common.artifacts.digits import PIXELS
from stages.common.artifacts.parquet import numbers
from stages.common.errors import DigitsError

LABEL = "label"
HIGHEST_LABEL = 9
HIGHEST_PIXEL = 255
LABELS_HOLD = f"a whole number from 0 to {HIGHEST_LABEL}"
PIXELS_HOLD = f"a whole number from 0 to {HIGHEST_PIXEL}"
IMAGE_SHAPES = ((784,), (784, 1), (1, 784), (28, 28), (28, 28, 1), (1, 28, 28))

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Labelled:
    """What a source holds: label (n,) and pixels (n, 784), both uint8, an image a row."""

    label: Bytes
    pixels: Bytes


@dataclass(frozen=True)
class Part(Labelled):
    """Some rows of a source, before the scale of all its pixels is known.

    pixels: whole numbers as they stand there; or, where `fraction` says where the first stands
    that is none and what it is, 255 times what stands there. notes: what was understood that one
    should know. announced: how many rows are said to follow, or about as many; 0 says nothing.
    """

    fraction: str | None = None
    notes: tuple[str, ...] = ()
    announced: int = 0


@dataclass(frozen=True)
class Fault:
    """A cell that is not allowed: its row from 0, its column, its text, and what was expected."""

    row: int
    column: str
    value: str
    expected: str


def is_text(cell_type: pa.DataType) -> bool:
    """Tell whether a column's cells are texts."""
    return bool(
        pa.types.is_string(cell_type)
        or pa.types.is_large_string(cell_type)
        or pa.types.is_string_view(cell_type)
    )


def holds_numbers(cell_type: pa.DataType) -> bool:
    """Tell whether a column's cells can be numbers."""
    inner = cell_type.value_type if pa.types.is_dictionary(cell_type) else cell_type
    return bool(
        pa.types.is_integer(inner)
        or pa.types.is_floating(inner)
        or pa.types.is_decimal(inner)
        or pa.types.is_boolean(inner)
        or is_text(inner)
    )


def refuse_type(where: str, name: str, cell_type: pa.DataType) -> None:
    """Raise DigitsError, naming `where`, for a column that cannot hold numbers."""
    if not holds_numbers(cell_type):
        found = str(cell_type).replace("\n", " ")
        shown = found if len(found) <= 80 else f"{found[:80]}…"
        raise DigitsError(
            f"{where}: column {name} is of type {shown}; expected integers or floats, "
            f"each {LABELS_HOLD if name == LABEL else PIXELS_HOLD}"
        )


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of integers, floats or texts: what a category, a decimal or a bool means."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_boolean(column.type):
        return column.cast(pa.uint8())
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64(), safe=False)
    return column.cast(pa.string()) if is_text(column.type) else column


_NUMBER = r"^\s*[+-]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})([eE][+-]?\d{1,2})?\s*$"


def floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return a plain column as float64, NaN where a cell is empty or a text that is no number."""
    if pa.types.is_string(column.type):
        bare = pc.utf8_ltrim(pc.utf8_trim_whitespace(column), "+")
        is_number = pc.match_substring_regex(column, _NUMBER)
        column = pc.if_else(is_number, bare, pa.scalar(None, pa.string()))
    cast = column.cast(pa.float64(), safe=False)
    found: npt.NDArray[np.float64] = numbers(cast.fill_null(math.nan) if cast.null_count else cast)
    return found


def whole(column: pa.ChunkedArray, highest: int) -> Bytes | None:
    """Return a plain column as uint8, or None where a cell is no whole number from 0 to highest."""
    if column.null_count:
        return None
    values: npt.NDArray[Any] = (
        floats(column) if pa.types.is_string(column.type) else numbers(column)
    )
    with np.errstate(invalid="ignore"):
        right = (values >= 0) & (values <= highest)
        if values.dtype.kind == "f":
            right &= values == np.floor(values)
    return values.astype(np.uint8) if right.all() else None


def labels(name: str, column: pa.ChunkedArray) -> Bytes | Fault:
    """Return a plain column of labels as uint8, or its first cell that is none."""
    found = whole(column, HIGHEST_LABEL)
    if found is not None:
        return found
    values = floats(column)
    with np.errstate(invalid="ignore"):
        right = (values >= 0) & (values <= HIGHEST_LABEL) & (values == np.floor(values))
    row = int((~right).argmax())
    return Fault(row, name, shown(column[row].as_py()), LABELS_HOLD)


def shown(value: object) -> str:
    """Return a cell's value as a message shows it."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "an empty cell"
    return repr(value[:40]) if isinstance(value, str) else repr(value)


def told(notes: Sequence[str], announced: int = 0) -> Part:
    """Return no rows, and what is to be said before there are any."""
    nothing = np.empty((0, len(PIXELS)), np.uint8)
    return Part(nothing[:, 0], nothing, notes=tuple(notes), announced=announced)


def joined(parts: Sequence[Labelled]) -> Labelled:
    """Return the digits of some parts as one."""
    label = [np.empty(0, np.uint8), *(part.label for part in parts)]
    pixels = [np.empty((0, len(PIXELS)), np.uint8), *(part.pixels for part in parts)]
    return Labelled(np.concatenate(label), np.concatenate(pixels))


def is_number(text: str) -> bool:
    """Tell whether a text is a number."""
    return re.match(_NUMBER, text, re.ASCII) is not None
