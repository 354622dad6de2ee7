"""Columns of labels and pixels: which are which, and whether their values are allowed."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stages.common.artifacts.digits import PIXELS
from stages.common.artifacts.parquet import numbers
from stages.common.errors import DigitsError

LABEL = "label"
# The other header in use for these 28 x 28 images: row x column, both from 1.
GRID_PIXELS = tuple(f"{row}x{column}" for row in range(1, 29) for column in range(1, 29))
# What pandas calls the index that it writes unless told not to.
INDEX_NAMES = ("", "Unnamed: 0")

HIGHEST_LABEL = 9
HIGHEST_PIXEL = 255

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Labelled:
    """What a source holds: label (n,) and pixels (n, 784), both uint8, an image a row."""

    label: Bytes
    pixels: Bytes


@dataclass(frozen=True)
class Fault:
    """A cell that is not allowed: its row from 0, its column, its text, and what was expected."""

    row: int
    column: str
    value: str
    expected: str


def wanted_columns(where: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the label column and of the 784 pixel columns, in pixel order.

    Raises DigitsError, naming `where` and the columns, unless each is there once and no other
    is; an index column in first place is left out.
    """
    pixels = GRID_PIXELS if "1x1" in names else PIXELS
    wanted = (LABEL, *pixels)
    present = Counter(names)
    index = names[:1] if names[0] in INDEX_NAMES else ()
    strange = [name for name in present if name not in (*wanted, *index)]
    complaints = {
        "a column twice": [name for name in present if present[name] > 1],
        "no column": [name for name in wanted if name not in present],
        "an unknown column": strange,
    }
    for complaint, columns in complaints.items():
        if columns:
            instead = f" (but {_listed(strange)})" if strange and columns is not strange else ""
            raise DigitsError(
                f"{where}: {complaint}: {_listed(columns)}, among {len(names)}{instead}; "
                f"expected {LABEL} and {pixels[0]} to {pixels[-1]}, in any order"
            )
    return wanted


def _listed(names: Sequence[str]) -> str:
    """Return a few names and how many more there are."""
    shown = ", ".join(repr(name[:40]) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _expected(name: str) -> str:
    """Say what the cells of a column hold."""
    return f"a whole number from 0 to {HIGHEST_LABEL if name == LABEL else HIGHEST_PIXEL}"


def refuse_type(where: str, name: str, cell_type: pa.DataType) -> None:
    """Raise DigitsError, naming `where`, for a column whose type is not one of numbers."""
    if not (pa.types.is_integer(cell_type) or pa.types.is_floating(cell_type)):
        found = str(cell_type)[:40]
        raise DigitsError(
            f"{where}: column {name} is of type {found}; expected integers or floats, "
            f"each {_expected(name)}"
        )


def bounded(name: str, column: pa.ChunkedArray) -> Bytes | Fault:
    """Return a column of numbers as uint8, or its first cell that is not allowed.

    A float is allowed where its value is whole.
    """
    highest = HIGHEST_LABEL if name == LABEL else HIGHEST_PIXEL
    if column.null_count:
        filled = column.cast(pa.float64(), safe=False).fill_null(math.nan)
    else:
        filled = column
    values: npt.NDArray[np.number] = numbers(filled)
    wrong = ~((values >= 0) & (values <= highest))
    if values.dtype.kind == "f":
        wrong |= values != np.floor(values)
    if wrong.any():
        row = int(wrong.argmax())
        found = column[row].as_py()
        return Fault(row, name, "an empty cell" if found is None else repr(found), _expected(name))
    return values.astype(np.uint8)


_NUMBER = r"^\s*[+-]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})([eE][+-]?\d{1,2})?\s*$"


def parsed(name: str, column: pa.ChunkedArray) -> Bytes | Fault:
    """Return a column of text as uint8, or its first cell that is not allowed."""
    bare = pc.utf8_ltrim(pc.utf8_trim_whitespace(column), "+")
    is_number = pc.match_substring_regex(column, _NUMBER)
    found = bounded(name, pc.if_else(is_number, bare, "-1").cast(pa.float64()))
    if not isinstance(found, Fault):
        return found
    text = column[found.row].as_py()
    shown = repr(text[:40]) if text.strip() else "an empty cell"
    return Fault(found.row, name, shown, found.expected)


def gather(names: Sequence[str], columns: Sequence[Bytes | Fault]) -> Labelled | Fault:
    """Return labels and pixels, or the first fault in reading order; `names` starts with label."""
    faults = [column for column in columns if isinstance(column, Fault)]
    if faults:
        return min(faults, key=lambda fault: (fault.row, names.index(fault.column)))
    good = [column for column in columns if not isinstance(column, Fault)]
    return Labelled(good[0], np.ascontiguousarray(np.stack(good[1:], axis=1)))


def joined(parts: Sequence[Labelled]) -> Labelled:
    """Return the digits of some parts as one."""
    label = [np.empty(0, np.uint8), *(part.label for part in parts)]
    pixels = [np.empty((0, len(PIXELS)), np.uint8), *(part.pixels for part in parts)]
    return Labelled(np.concatenate(label), np.concatenate(pixels))


def is_numeric(name: str) -> bool:
    """Tell whether a column name looks like data: then the file has no header."""
    return re.match(_NUMBER, name) is not None
