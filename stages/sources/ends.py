"""Which end of 785 numbered columns is the label, by what the two hold."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_LABEL, floats


def label_is_first(where: str, first: Collection[float], last: Collection[float]) -> bool:
    """Tell whether the first of the columns is the label, from the distinct values of both ends.

    A column with another number than 0 to 9 is none; nor, where both could be, one of zeros
    alone, as a corner of all images is. Raises DigitsError where that leaves both or neither.
    """
    could = [_could_be_labels(values) for values in (first, last)]
    if all(could):
        could = [any(values) for values in (first, last)]
    if all(could) or not any(could):
        raise DigitsError(
            f"{where}: the label could be the first column or the last, for {_why(could)}; "
            f"expected a header that tells: label,pixel0,…,pixel783 or pixel0,…,pixel783,label"
        )
    return could[0]


def add(values: set[float], column: pa.Array) -> None:
    """Add the distinct values of a column to a set, in place, as far as they can still tell.

    Where more are there than digits, one of them is none.
    """
    if len(values) <= HIGHEST_LABEL + 1:
        values.update(floats(pa.chunked_array([pc.unique(column)])).tolist())


def _could_be_labels(values: Collection[float]) -> bool:
    """Tell whether values are digits."""
    numbers = np.array(list(values), np.float64)
    with np.errstate(invalid="ignore"):
        right = (numbers >= 0) & (numbers <= HIGHEST_LABEL) & (numbers == np.floor(numbers))
    return bool(right.all())


def _why(could: list[bool]) -> str:
    """Say why neither end is plainly the label."""
    return "both hold digits" if all(could) else "neither holds digits alone, other than 0"
