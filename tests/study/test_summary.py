"""What the runs say together, against plain computations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.study import summary
from stages.study.post import Post
from stages.study.summary import Group

COST = np.array([[3.0, 2.0, 2.5, 1.0], [2.0, 2.0, 2.0, 2.0], [4.0, 1.0, 3.0, 0.5]])


def test_a_band_is_lowest_middle_and_highest() -> None:
    around = summary.band(COST)
    assert around.lowest.tolist() == [2.0, 1.0, 2.0, 0.5]
    assert around.median.tolist() == [3.0, 2.0, 2.5, 1.0]
    assert around.highest.tolist() == [4.0, 2.0, 3.0, 2.0]


def test_the_ends_of_a_band_are_inside() -> None:
    curve = np.array([2.0, 2.0, 3.0001, 0.4999])
    assert summary.inside(curve, summary.band(COST)).tolist() == [True, True, False, False]


@pytest.mark.parametrize("epochs", [1, 3, 9])
def test_only_epochs_that_both_have_are_compared(epochs: int) -> None:
    assert len(summary.inside(np.ones(epochs), summary.band(COST))) == min(epochs, 4)


def test_a_cost_that_stays_does_not_rise() -> None:
    assert summary.rises(COST).tolist() == [1, 0, 1]
    assert summary.rises(COST[0]) == 1


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.floats(0, 1))
def test_a_spread_is_that_of_plain_sums(values: list[float], published: float) -> None:
    found = summary.spread(np.array(values), published)
    n, mean = len(values), math.fsum(values) / len(values)
    std = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    assert found["mean"] == pytest.approx(mean, abs=1e-12)
    assert found["std"] == pytest.approx(std, abs=1e-12)
    assert (found["min"], found["max"]) == (min(values), max(values))
    share = sum(value <= published for value in values) / n
    assert found["post_percentile"] == pytest.approx(100 * share, abs=1e-9)


def test_a_summary_puts_the_post_among_the_runs() -> None:
    post = Post(np.array([2.5, 2.5, 2.5, 2.5, 9.0]), train_accuracy=0.5, test_accuracy=0.1)
    group = Group(COST, np.array([0.4, 0.5, 0.6]), np.array([0.2, 0.3, 0.4]))
    found = summary.summarise(group, post)
    assert found["runs"] == 3
    assert found["train_accuracy"]["post_percentile"] == pytest.approx(200 / 3)
    assert found["test_accuracy"]["post_percentile"] == 0
    assert found["epochs_inside_band"] == 2
    assert found["cost_rises"] == {"min": 0, "max": 1}


def test_the_post_is_told_as_far_as_the_runs_go() -> None:
    post = Post(np.array([2.0, 3.0, 1.0, 4.0]), 0.5, 0.25)
    assert summary.of_post(post, 3) == {
        "train_accuracy": 0.5,
        "test_accuracy": 0.25,
        "epochs": 3,
        "cost_rises": 1,
    }
    assert summary.of_post(post, 9)["epochs"] == 4
