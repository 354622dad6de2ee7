"""Exponential, logarithm and sine of basic operations, held against the real ones."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from stages.network.activations import ACTIVATIONS
from stages.network.elementary import _SINE_TERMS, add_rows, cosine, log2, power_of_two, sine
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


PI = Decimal("3.14159265358979323846264338327950288419716939937510582")


def exact_sine(half_turns: Decimal) -> Decimal:
    """Return sin(pi x), |x| <= 3, by its series, to 20 digits."""
    x = total = term = PI * half_turns
    for n in range(2, 60, 2):
        term *= -x * x / (n * (n + 1))
        total += term
    return total


def test_the_sine_is_right_to_the_last_bit_or_two() -> None:
    for x in np.random.default_rng(1).uniform(-2, 2, 100).tolist():
        assert abs(Decimal(sine(x)) - exact_sine(Decimal(x))) < 3e-16
        assert abs(Decimal(cosine(x)) - exact_sine(Decimal(x) + Decimal("0.5"))) < 3e-16


def test_the_terms_of_the_sine_are_those_of_its_series() -> None:
    terms = [Decimal(4)]
    with localcontext(prec=50):
        for n in range(1, 10):
            terms.append(4 * terms[-1] + 4 * (-PI * PI) ** n / math.factorial(2 * n))
    assert tuple(float(term) for term in reversed(terms)) == _SINE_TERMS


def test_sine_and_cosine_are_right_to_1e_15() -> None:
    x = np.linspace(-2, 2, 20_001)
    assert np.abs(sine(x) - np.sin(np.pi * x)).max() < 1e-15
    assert np.abs(cosine(x) - np.cos(np.pi * x)).max() < 1e-15


def test_the_sine_of_a_small_angle_is_right_relative_to_itself() -> None:
    x = np.array([-1e-300, 1e-20, 1e-9, 1e-3])
    assert np.allclose(sine(x), np.sin(np.pi * x), rtol=1e-15, atol=0)


def test_quarters_and_sixths_of_a_turn_have_known_sines() -> None:
    halves = np.arange(-4, 5) / 2
    assert sine(halves).tolist() == [0, 1, 0, -1, 0, 1, 0, -1, 0]
    assert cosine(halves).tolist() == [1, 0, -1, 0, 1, 0, -1, 0, 1]
    assert [sine(1 / 6), cosine(1 / 3)] == [0.5, 0.5]
    assert np.abs(cosine(np.array([1, 3, 5, 7]) / 4)) == pytest.approx(math.sqrt(0.5), rel=1e-15)


def test_a_float_and_an_array_have_the_same_sines() -> None:
    x = np.random.default_rng(2).uniform(-999, 999, 50)
    assert [sine(one) for one in x.tolist()] == sine(x).tolist()
    assert [cosine(one) for one in x.tolist()] == cosine(x).tolist()
    assert np.abs(cosine(x) - np.cos(np.pi * (x % 2))).max() < 1e-15


@pytest.mark.parametrize("rows", range(1, 14))
def test_rows_are_added_pair_by_pair(rows: int) -> None:
    x = np.random.default_rng(0).random((rows, 7), np.float32)
    kept = x.copy()
    assert np.allclose(add_rows(x), kept.sum(axis=0), rtol=1e-6)
    assert np.array_equal(x, kept)
    assert np.array_equal(add_rows(x[:, :3]), add_rows(x)[:3])


def test_the_softmax_is_right_to_1e_6() -> None:
    network = ExactNetwork(random_parameters([2, 3, 2], 1.0, seed=1), 1.0, ACTIVATIONS["sigmoid"])
    z = np.random.default_rng(2).normal(0, 8, (10, 999))
    guess = network.softmax(z / math.log(2))
    powers = np.exp(z - z.max(axis=0))
    assert np.abs(guess.P - powers / powers.sum(axis=0)).max() < 1e-6
