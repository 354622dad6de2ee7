"""The test digits that can be put on the page's canvas."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.page.base64_text import base64_text

Bytes = npt.NDArray[np.uint8]

_MISTAKES, _RIGHT = 6, 4  # of each digit
_LONGEST_RUN = 255


class Examples(NamedTuple):
    """Test rows: X (n, side²) pixels as the network takes them, labels (n,), predicted (n,)."""

    X: Bytes
    labels: npt.NDArray[np.integer]
    predicted: npt.NDArray[np.integer]


def chosen(examples: Examples) -> Examples:
    """Return the examples that go into the page: mistakes first, then some read right."""
    wrong = examples.labels != examples.predicted
    some = [*_of_each_digit(examples, wrong, _MISTAKES), *_of_each_digit(examples, ~wrong, _RIGHT)]
    rows = np.array(some, np.intp)
    return Examples(examples.X[rows], examples.labels[rows], examples.predicted[rows])


def _of_each_digit(examples: Examples, among: npt.NDArray[np.bool_], most: int) -> Iterator[int]:
    """Yield the first rows of each digit among some: one of each digit, another of each, and on."""
    by_digit = [np.flatnonzero(among & (examples.labels == digit)) for digit in range(10)]
    for place in range(most):
        yield from (int(rows[place]) for rows in by_digit if place < len(rows))


def squeezed(pixels: Bytes) -> str:
    """Return an image (side²,) in base64: each run of zeros as a zero and its length."""
    found = bytearray()
    for blank, run in groupby(pixels.tolist(), key=lambda pixel: pixel == 0):
        some = list(run)
        if not blank:
            found += bytes(some)
            continue
        for start in range(0, len(some), _LONGEST_RUN):
            found += bytes((0, len(some[start : start + _LONGEST_RUN])))
    return base64_text([bytes(found)])
