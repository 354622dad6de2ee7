"""The rows that test, which choose nothing: only `score` may import this module."""

import numpy as np

from stages.common.artifacts.digits import Digits, part_of
from stages.common.reordering import Positions
from stages.study.ladder.plan import OFFICIAL
from stages.study.ladder.pools import Counts, shuffled


def places(rows: str, n: int, counts: Counts) -> Positions:
    """Return the positions, among all n digits, of the rows that test what trained on `rows`."""
    if rows in OFFICIAL:
        return np.arange(counts.official_rows, n)
    return shuffled(n, counts)[counts.train_rows :][: counts.test_rows]


def digits_of(rows: str, whole: Digits, counts: Counts) -> Digits:
    """Return the digits that test what trained on the rows of a name."""
    return part_of(whole, places(rows, len(whole.row), counts))
