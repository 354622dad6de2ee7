"""What the rows of a source show of it as a whole, gathered while they pass."""

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

import numpy as np

from stages.sources.columns import Bytes, Part


class Seen(NamedTuple):
    """What some rows of a source show. Parts with a fraction are of another scale than others.

    rows: how many. largest, whole_largest: pixels of all, and of parts without a fraction.
    fraction: the first. blank, ones: how many images are of one colour, and how many of 0 and 1
    alone; first_blank, first_one: their first rows. border, whole_border: sums of the outermost
    pixels of all images, and of parts without a fraction.
    """

    rows: int = 0
    largest: int = 0
    whole_largest: int = 0
    fraction: str | None = None
    blank: int = 0
    first_blank: int | None = None
    ones: int = 0
    first_one: int | None = None
    border: int = 0
    whole_border: int = 0


BORDER = 108  # pixels of an image that are its outermost


def seen(part: Part) -> Seen:
    """Return what a part shows."""
    if not len(part.label):
        return Seen()
    highest = part.pixels.max(axis=1)
    blank, one = highest == part.pixels.min(axis=1), highest == 1
    largest, border = int(highest.max()), _border(part.pixels)
    whole = part.fraction is None
    return Seen(
        rows=len(part.label),
        largest=largest,
        whole_largest=largest if whole else 0,
        fraction=part.fraction,
        blank=int(np.count_nonzero(blank)),
        first_blank=int(blank.argmax()) if blank.any() else None,
        ones=int(np.count_nonzero(one)),
        first_one=int(one.argmax()) if one.any() else None,
        border=border,
        whole_border=border if whole else 0,
    )


def _border(pixels: Bytes) -> int:
    """Return the sum of the outermost pixels of images (n, 784)."""
    images = pixels.reshape(-1, 28, 28)
    sides = (images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1])
    return sum(int(side.sum(dtype=np.int64)) for side in sides)


def both(one: Seen, other: Seen) -> Seen:
    """Return what rows show together with those that follow them."""
    return Seen(
        rows=one.rows + other.rows,
        largest=max(one.largest, other.largest),
        whole_largest=max(one.whole_largest, other.whole_largest),
        fraction=one.fraction or other.fraction,
        blank=one.blank + other.blank,
        first_blank=_first(one.first_blank, one.rows, other.first_blank),
        ones=one.ones + other.ones,
        first_one=_first(one.first_one, one.rows, other.first_one),
        border=one.border + other.border,
        whole_border=one.whole_border + other.whole_border,
    )


def _first(one: int | None, rows: int, other: int | None) -> int | None:
    """Return a row that the first of two may have, or else the second, which follows so many."""
    if one is not None or other is None:
        return one
    return rows + other


def all_seen(parts: Iterable[Part]) -> Seen:
    """Return what parts show together."""
    return reduce(both, map(seen, parts), Seen())
