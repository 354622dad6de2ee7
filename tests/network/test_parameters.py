import math

import numpy as np
import pytest

from stages.network.parameters import cast, count, draw, flat, shaped, sizes_of
from tests.network.helpers import arrays

DEFAULT_SIZES = [784, 16, 16, 10]


def test_drawn_parameters_have_the_shapes_of_the_layers() -> None:
    shapes = [array.shape for array in arrays(draw(DEFAULT_SIZES, np.random.default_rng(0)))]
    assert shapes == [(16, 784), (16,), (16, 16), (16,), (10, 16), (10,)]


def test_numbers_are_drawn_in_the_order_of_the_layers() -> None:
    drawn = draw([4, 3, 2], np.random.default_rng(7))
    expected = np.random.default_rng(7).random(23) - 0.5
    assert np.array_equal(np.concatenate([array.ravel() for array in arrays(drawn)]), expected)


def test_first_number_of_seed_0_is_the_one_that_numpy_promises() -> None:
    (W, _), *_ = draw(DEFAULT_SIZES, np.random.default_rng(0))
    assert W[0, :2].tolist() == [0.6369616873214543 - 0.5, 0.2697867137638703 - 0.5]


def test_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, same, other = (
        arrays(draw(DEFAULT_SIZES, np.random.default_rng(seed))) for seed in (3, 3, 4)
    )
    assert all(map(np.array_equal, first, same))
    assert not any(map(np.array_equal, first, other))


def test_drawn_numbers_are_uniform_from_minus_a_half_to_a_half() -> None:
    ((W, _),) = draw([1000, 1000], np.random.default_rng(5))
    assert W.dtype == np.float64
    assert -0.5 <= W.min() < -0.4999
    assert 0.4999 < W.max() < 0.5
    # Within five standard errors: a right draw misses each with probability 6e-7.
    # The variance of (u - 1/2)² is its fourth moment 1/80 less (1/12)² = 1/180.
    assert abs(W.mean()) < 5 * math.sqrt(1 / 12 / W.size)
    assert abs(np.square(W).mean() - 1 / 12) < 5 * math.sqrt(1 / 180 / W.size)


def test_default_network_learns_13002_numbers() -> None:
    assert count(draw(DEFAULT_SIZES, np.random.default_rng(0))) == 13_002


@pytest.mark.parametrize(
    ("sizes", "expected"), [([784, 10], 7850), ([3, 2], 8), ([2, 3, 4, 5], 9 + 16 + 25)], ids=str
)
def test_count_is_that_of_weights_and_biases(sizes: list[int], expected: int) -> None:
    assert count(draw(sizes, np.random.default_rng(0))) == expected


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_cast_rounds_each_number_to_the_precision(precision: str) -> None:
    drawn = draw([4, 3, 2], np.random.default_rng(6))
    found = arrays(cast(drawn, precision))
    assert {array.dtype.name for array in found} == {precision}
    for array, original in zip(found, arrays(drawn), strict=True):
        assert array.shape == original.shape
        half_a_unit = np.finfo(precision).eps / 4  # of numbers up to 1/2
        assert np.abs(array - original).max() <= half_a_unit


def test_flat_is_each_layer_weights_and_biases_and_shaped_is_its_inverse() -> None:
    sizes = [4, 3, 2]
    drawn = draw(sizes, np.random.default_rng(7))
    vector = flat(drawn)
    assert np.array_equal(vector, np.random.default_rng(7).random(23) - 0.5)
    assert sizes_of(drawn) == sizes
    assert all(map(np.array_equal, arrays(shaped(vector, sizes)), arrays(drawn)))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_shaped_parameters_are_views_in_c_order(precision: str) -> None:
    vector = np.arange(23, dtype=precision)
    for array in arrays(shaped(vector, [4, 3, 2])):
        assert np.shares_memory(array, vector)
        assert array.flags.c_contiguous


def test_flat_takes_views_in_any_order() -> None:
    both = np.arange(8.0).reshape(2, 4)
    assert flat([(both[:, :-1], both[:, -1])]).tolist() == [0, 1, 2, 4, 5, 6, 3, 7]
