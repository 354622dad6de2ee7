"""Exponential and logarithm of basic operations, held against the real ones."""

import math

import numpy as np
import pytest

from stages.network.elementary import add_rows, log2, power_of_two
from stages.network.exact import ExactNetwork
from tests.network.helpers import random_parameters

EVERYWHERE = np.concatenate([np.linspace(-100, 100, 40_001), np.linspace(-1, 1, 20_001)])


def test_powers_of_two_are_right_to_the_last_bit_but_one() -> None:
    up, down = power_of_two(EVERYWHERE.astype(np.float32), most=100)
    exact = np.exp2(EVERYWHERE.astype(np.float32).astype(np.float64))
    assert np.abs(up.astype(np.float64) / down / exact - 1).max() < 1.5e-7


@pytest.mark.parametrize("y", [-np.inf, -1e30, -61.0, 61.0, 1e30, np.inf])
def test_powers_are_cut(y: float) -> None:
    up, down = power_of_two(np.array([y], np.float32), most=60)
    assert math.log2(up[0] / down[0]) == pytest.approx(math.copysign(60, y), abs=1e-6)


def test_powers_of_whole_numbers_are_exact() -> None:
    up, down = power_of_two(np.arange(-60, 61).astype(np.float32), most=60)
    assert np.array_equal(up / down, np.ldexp(np.float32(1), np.arange(-60, 61)))


def test_logarithms_are_right_to_1e_10() -> None:
    x = np.concatenate([np.linspace(0.5, 20, 10_001), np.exp2(np.linspace(-40, 40, 1001))])
    assert np.abs(log2(x) - np.log2(x)).max() < 1e-10


@pytest.mark.parametrize("rows", range(1, 14))
def test_rows_are_added_pair_by_pair(rows: int) -> None:
    x = np.random.default_rng(0).random((rows, 7), np.float32)
    kept = x.copy()
    assert np.allclose(add_rows(x), kept.sum(axis=0), rtol=1e-6)
    assert np.array_equal(x, kept)
    assert np.array_equal(add_rows(x[:, :3]), add_rows(x)[:3])


def test_the_sigmoid_and_its_slope_are_right_to_1e_7() -> None:
    network = ExactNetwork(random_parameters([2, 3, 2], 1.0, seed=1), 1.0)
    z = EVERYWHERE[np.newaxis]
    A, slope = network.sigmoid(-z / math.log(2))  # as a layer folds it
    expected = 1 / (1 + np.exp(-z))
    assert np.abs(A[:-1] - expected).max() < 1.2e-7
    assert np.abs(slope - expected * (1 - expected)).max() < 1.2e-7
    assert np.all(A[-1] == 1)
    assert np.array_equal(A * 2**24, np.rint(A * 2**24))
    assert 0 <= A.min() <= A.max() <= 1
    assert 0 <= slope.min() <= slope.max() <= 0.25


def test_the_softmax_is_right_to_1e_6() -> None:
    network = ExactNetwork(random_parameters([2, 3, 2], 1.0, seed=1), 1.0)
    z = np.random.default_rng(2).normal(0, 8, (10, 999))
    guess = network.softmax(z / math.log(2))
    powers = np.exp(z - z.max(axis=0))
    assert np.abs(guess.P - powers / powers.sum(axis=0)).max() < 1e-6
