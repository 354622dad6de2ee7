import numpy as np
import pytest

from stages.network.first_weights import draw, uniform
from stages.network.parameters import cast, count, flat, shaped, sizes_of
from tests.network.helpers import arrays

DEFAULT_SIZES = [784, 16, 16, 10]


def test_default_network_learns_13002_numbers() -> None:
    assert count(draw(DEFAULT_SIZES, uniform, np.random.default_rng(0))) == 13_002


@pytest.mark.parametrize(
    ("sizes", "expected"), [([784, 10], 7850), ([3, 2], 8), ([2, 3, 4, 5], 9 + 16 + 25)], ids=str
)
def test_count_is_that_of_weights_and_biases(sizes: list[int], expected: int) -> None:
    assert count(draw(sizes, uniform, np.random.default_rng(0))) == expected


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_cast_rounds_each_number_to_the_precision(precision: str) -> None:
    drawn = draw([4, 3, 2], uniform, np.random.default_rng(6))
    found = arrays(cast(drawn, precision))
    assert {array.dtype.name for array in found} == {precision}
    for array, original in zip(found, arrays(drawn), strict=True):
        assert array.shape == original.shape
        half_a_unit = np.finfo(precision).eps / 4  # of numbers up to 1/2
        assert np.abs(array - original).max() <= half_a_unit


def test_flat_is_each_layer_weights_and_biases_and_shaped_is_its_inverse() -> None:
    sizes = [4, 3, 2]
    drawn = draw(sizes, uniform, np.random.default_rng(7))
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
