"""Intervals over seeds, against numbers of tables and a plain computation."""

import numpy as np
import pytest
from scipy import stats

from stages.study.ladder import intervals
from stages.study.ladder.intervals import Spread


def test_known_answers() -> None:
    found = intervals.spread([1.0, 2.0, 3.0])
    # Of Student's t with 2 degrees of freedom: 4.302653 for 95 %, 9.924843 for 99 %.
    assert found.mean == 2
    assert found.std == pytest.approx(1, rel=1e-12)
    assert found.high == pytest.approx(2 + 4.302653 / 3**0.5, rel=1e-6)
    assert found.low == pytest.approx(2 - 4.302653 / 3**0.5, rel=1e-6)
    assert found.next_high == pytest.approx(2 + 9.924843 * (4 / 3) ** 0.5, rel=1e-6)
    assert found.next_low == pytest.approx(2 - 9.924843 * (4 / 3) ** 0.5, rel=1e-6)


def test_the_interval_of_the_mean_is_that_of_scipy() -> None:
    values = np.random.default_rng(0).normal(0.95, 0.01, 10)
    found = intervals.spread(values.tolist())
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), rel=1e-12)


def test_one_more_seed_lies_in_its_interval_as_often_as_is_said() -> None:
    draws = np.random.default_rng(1).normal(0, 1, (1500, 6))
    spreads = [intervals.spread(row[:5].tolist()) for row in draws]
    held = [one.next_low < row[5] < one.next_high for one, row in zip(spreads, draws, strict=True)]
    assert 0.98 < np.mean(held) < 0.998


def test_of_one_seed_there_is_a_mean_alone() -> None:
    assert intervals.spread([0.9]) == Spread(1, 0.9, None, None, None, None, None)


def test_differences_are_between_the_same_seeds() -> None:
    found = intervals.differences(
        {0: 0.9, 1: 0.8, 2: 0.7, 5: 0.1}, {2: 0.5, 1: 0.7, 0: 0.6, 9: 1.0}
    )
    assert found == intervals.spread([0.9 - 0.6, 0.8 - 0.7, 0.7 - 0.5])
    assert intervals.differences({0: 1.0}, {1: 1.0}) is None
