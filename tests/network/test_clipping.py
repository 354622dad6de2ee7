"""Clipping by the norm of the mean gradient; its trajectories are in test_trajectories."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from stages.network.clipping import clipped, norm

both_floats = pytest.mark.parametrize("precision", [np.float32, np.float64])


@both_floats
@pytest.mark.parametrize("size", [1, 2, 3, 1000, 13_002])
def test_the_norm_is_that_of_an_exact_sum(precision: npt.DTypeLike, size: int) -> None:
    x = np.random.default_rng(size).normal(0, 1, size).astype(precision)
    expected = math.sqrt(math.fsum(float(one) * float(one) for one in x))
    assert norm(x) == pytest.approx(expected, rel=1e-15)


def test_a_long_gradient_is_made_as_long_as_it_may_be() -> None:
    total = np.array([3.0, -4.0]) * 8
    assert clipped(total, 8, 0.5) == pytest.approx(total * (0.5 / (5 + 1e-6)), rel=1e-15)
    assert norm(clipped(total, 8, 0.5) / 8) == pytest.approx(0.5, rel=1e-6)


def test_a_short_one_keeps_its_bits() -> None:
    total = np.array([0.3, -0.4]) * 8
    assert clipped(total, 8, 0.6).tobytes() == total.tobytes()


def test_what_is_added_to_the_norm_is_pytorchs() -> None:
    assert clipped(np.array([1e-6]), 1, 1e-7) == pytest.approx(np.array([0.05e-6]), rel=1e-12)


@both_floats
def test_no_gradient_stays_none(precision: npt.DTypeLike) -> None:
    found = clipped(np.zeros(3, precision), 2, 0.1)
    assert found.dtype == precision
    assert found.tolist() == [0, 0, 0]


def test_squares_that_float32_does_not_hold_are_no_fault() -> None:
    total = np.array([3e25, 4e25], np.float32)
    found = clipped(total, 1, 5.0)
    assert found.dtype == np.float32
    assert found == pytest.approx(np.array([3.0, 4.0]), rel=1e-6)
