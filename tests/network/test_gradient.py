"""The gradient of every parameter agrees with central differences of the cost."""

import numpy as np
import pytest

from stages.network.parameters import Parameters
from tests.network.helpers import (
    arrays,
    cost_and_gradient,
    measured_gradient,
    random_parameters,
    random_rows,
    worst_difference,
)

TOLERANCE = 1e-6


def both_gradients(sizes: list[int], m: int) -> tuple[Parameters, Parameters]:
    """Return the gradient that the network computes, and the one measured on its cost."""
    parameters = random_parameters(sizes, spread=0.5, seed=1)
    rows = random_rows(sizes[0], sizes[-1], m, seed=2)
    _, computed = cost_and_gradient(parameters, rows)
    measured = measured_gradient(lambda moved: cost_and_gradient(moved, rows)[0], parameters)
    return computed, measured


@pytest.mark.parametrize("m", [1, 2, 9])
@pytest.mark.parametrize("sizes", [[6, 5, 4, 3], [5, 3], [7, 4, 10], [4, 3, 5, 3, 2]], ids=str)
def test_gradient_agrees_with_central_differences(sizes: list[int], m: int) -> None:
    assert worst_difference(*both_gradients(sizes, m)) < TOLERANCE


@pytest.mark.parametrize("which", range(6), ids=["W1", "b1", "W2", "b2", "W3", "b3"])
def test_checker_catches_an_array_that_is_wrong_by_a_thousandth(which: int) -> None:
    computed, measured = both_gradients([6, 5, 4, 3], m=9)
    arrays(computed)[which][...] *= 1.001
    assert worst_difference(computed, measured) > 100 * TOLERANCE


@pytest.mark.parametrize("which", range(6), ids=["W1", "b1", "W2", "b2", "W3", "b3"])
def test_checker_looks_at_every_array(which: int) -> None:
    computed, measured = both_gradients([6, 5, 4, 3], m=9)
    arrays(computed)[which].flat[-1] += 0.001
    assert worst_difference(computed, measured) > 100 * TOLERANCE


def test_gradient_has_the_shapes_and_type_of_the_parameters() -> None:
    parameters = random_parameters([6, 5, 4, 3], spread=0.5, seed=1)
    _, gradient = cost_and_gradient(parameters, random_rows(6, 3, 9, seed=2))
    assert [array.shape for array in arrays(gradient)] == [(5, 6), (5,), (4, 5), (4,), (3, 4), (3,)]
    assert {array.dtype for array in arrays(gradient)} == {np.dtype(np.float64)}
