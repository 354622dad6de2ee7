"""The first weights: known draws of each rule, and the limits that it keeps."""

import math
from itertools import pairwise

import numpy as np
import pytest

from stages.network.first_weights import FIRST_WEIGHTS, draw, glorot, he, uniform
from tests.network.helpers import arrays

DEFAULT_SIZES = [784, 16, 16, 10]


@pytest.mark.parametrize("name", FIRST_WEIGHTS)
def test_drawn_parameters_have_the_shapes_of_the_layers(name: str) -> None:
    drawn = arrays(draw(DEFAULT_SIZES, FIRST_WEIGHTS[name], np.random.default_rng(0)))
    assert {array.dtype.name for array in drawn} == {"float64"}
    assert [array.shape for array in drawn] == [(16, 784), (16,), (16, 16), (16,), (10, 16), (10,)]


def test_numbers_are_drawn_in_the_order_of_the_layers() -> None:
    drawn = draw([4, 3, 2], uniform, np.random.default_rng(7))
    expected = np.random.default_rng(7).random(23) - 0.5
    assert np.array_equal(np.concatenate([array.ravel() for array in arrays(drawn)]), expected)


def test_first_number_of_seed_0_is_the_one_that_numpy_promises() -> None:
    (W, _), *_ = draw(DEFAULT_SIZES, uniform, np.random.default_rng(0))
    assert W[0, :2].tolist() == [0.6369616873214543 - 0.5, 0.2697867137638703 - 0.5]


@pytest.mark.parametrize("name", FIRST_WEIGHTS)
def test_same_seed_gives_the_same_numbers_and_another_seed_others(name: str) -> None:
    first, same, other = (
        arrays(draw(DEFAULT_SIZES, FIRST_WEIGHTS[name], np.random.default_rng(seed)))
        for seed in (3, 3, 4)
    )
    assert all(map(np.array_equal, first, same))
    assert not any(map(np.array_equal, first[::2], other[::2]))


def test_drawn_numbers_are_uniform_from_minus_a_half_to_a_half() -> None:
    ((W, _),) = draw([1000, 1000], uniform, np.random.default_rng(5))
    assert W.dtype == np.float64
    assert -0.5 <= W.min() < -0.4999
    assert 0.4999 < W.max() < 0.5
    # Within five standard errors: a right draw misses each with probability 6e-7.
    # The variance of (u - 1/2)² is its fourth moment 1/80 less (1/12)² = 1/180.
    assert abs(W.mean()) < 5 * math.sqrt(1 / 12 / W.size)
    assert abs(np.square(W).mean() - 1 / 12) < 5 * math.sqrt(1 / 180 / W.size)


@pytest.mark.parametrize(
    ("name", "limits"),
    [("glorot", [math.sqrt(6 / 7), 1.0]), ("he", [math.sqrt(1.5), math.sqrt(2)])],
)
def test_weights_are_the_same_draws_within_their_limits_and_biases_0(
    name: str, limits: list[float]
) -> None:
    drawn = draw([4, 3, 3], FIRST_WEIGHTS[name], np.random.default_rng(5))
    rng = np.random.default_rng(5)
    for (W, b), limit, (n_in, n_out) in zip(drawn, limits, pairwise([4, 3, 3]), strict=True):
        assert W.ravel() == pytest.approx((2 * rng.random(n_in * n_out) - 1) * limit, rel=1e-12)
        assert np.array_equal(b, np.zeros(n_out))


def test_known_draws() -> None:
    # NumPy promises the stream: the first number of seed 0 is 0.6369616873214543.
    first, _ = he(784, 16, np.random.default_rng(0))
    assert first[0, 0] == 0.023963303446298514
    first, _ = glorot(784, 16, np.random.default_rng(0))
    assert first[0, 0] == 0.0237224601131121


@pytest.mark.parametrize(("name", "variance"), [("glorot", 2 / 1200), ("he", 2 / 400)])
def test_the_variance_is_that_of_the_rule(name: str, variance: float) -> None:
    W, _ = FIRST_WEIGHTS[name](400, 800, np.random.default_rng(1))
    # A uniform number's square has a standard deviation of 0.9 times its mean.
    assert abs(np.square(W).mean() / variance - 1) < 5 * 0.9 / math.sqrt(W.size)
