"""Training agrees with the post's formulas, written as a loop over images."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.parameters import Parameters
from tests.network import reference
from tests.network.helpers import (
    encoded,
    random_parameters,
    relative_difference,
    trained,
    worst_difference,
)

EPOCHS = 3
LEARNING_RATE = 0.8
TOLERANCE = 1e-10
TOLERANCES = pytest.mark.parametrize(
    ("precision", "tolerance"), [("float64", TOLERANCE), ("reproducible", 1e-6)]
)
POST_EPSILON = 1e-5


def reference_course(
    initial: Parameters, rows: Encoded, inner_epsilon: float = 0.0
) -> reference.Course:
    layers = [(W.astype(np.float64), b.astype(np.float64)) for W, b in initial]
    images, one_hot = rows.X / rows.pixel_scale, rows.Y.astype(np.float64)
    return reference.train(layers, images, one_hot, LEARNING_RATE, EPOCHS, inner_epsilon)


def start(sizes: list[int]) -> Parameters:
    # At raw pixels, weights as large as those of `draw` would let rounding errors grow to 1e-10
    # within three epochs.
    return random_parameters(sizes, spread=0.15, seed=0)


def raise_hidden_biases(parameters: Parameters, by: float) -> Parameters:
    return [(W, b + by) for W, b in parameters[:-1]] + parameters[-1:]


@pytest.mark.parametrize("pixel_scale", [1.0, 255.0])
@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 12, 7, 9, 10], [784, 10]], ids=str)
@TOLERANCES
def test_training_agrees_with_the_loop_over_images(
    digits: Encoded, sizes: list[int], pixel_scale: float, precision: str, tolerance: float
) -> None:
    rows = replace(digits, pixel_scale=pixel_scale)
    initial = start(sizes)
    expected = reference_course(initial, rows)
    found = trained(initial, rows, EPOCHS, LEARNING_RATE, precision)
    assert worst_difference(found.parameters, expected.layers) < tolerance
    assert relative_difference(found.cost, expected.costs) < tolerance
    assert found.accuracy == expected.accuracies


def first_image(digits: Encoded) -> Encoded:
    return encoded(digits.X[:1], digits.Y[:1], digits.pixel_scale)


def low_digits(digits: Encoded) -> Encoded:
    low = digits.Y.argmax(axis=1) < 5
    return encoded(digits.X[low], digits.Y[low], digits.pixel_scale)


def blank_images(digits: Encoded) -> Encoded:
    return replace(digits, X=np.zeros_like(digits.X))


def blank_high_digits(digits: Encoded) -> Encoded:
    # Images of a digit train together: those of the last two fill the last block.
    high = digits.Y[:, [8, 9]].any(axis=1, keepdims=True)
    return replace(digits, X=np.where(high, np.uint8(0), digits.X))


def full_images(digits: Encoded) -> Encoded:
    return replace(digits, X=np.full_like(digits.X, 255))


@pytest.mark.parametrize(
    "odd_rows", [first_image, low_digits, blank_images, blank_high_digits, full_images]
)
@TOLERANCES
def test_training_on_odd_rows_agrees_with_the_loop_over_images(
    digits: Encoded, odd_rows: Callable[[Encoded], Encoded], precision: str, tolerance: float
) -> None:
    rows, initial = odd_rows(digits), start([784, 16, 16, 10])
    expected = reference_course(initial, rows)
    found = trained(initial, rows, EPOCHS, LEARNING_RATE, precision)
    assert worst_difference(found.parameters, expected.layers) < tolerance
    assert relative_difference(found.cost, expected.costs) < tolerance
    assert found.accuracy == expected.accuracies


def test_single_precision_training_stays_near_the_loop_over_images(digits: Encoded) -> None:
    initial = start([784, 16, 16, 10])
    expected = reference_course(initial, digits)
    found = trained(initial, digits, EPOCHS, LEARNING_RATE, "float32")
    assert worst_difference(found.parameters, expected.layers) < 1e-5
    assert relative_difference(found.cost, expected.costs) < 1e-5


def test_post_epsilon_is_a_lowering_of_each_hidden_bias(digits: Encoded) -> None:
    # exp(-z + epsilon) = exp(-(z - epsilon)), and z - epsilon = W x + (b - epsilon).
    initial = start([784, 16, 16, 10])
    expected = reference_course(initial, digits, POST_EPSILON)
    lowered = raise_hidden_biases(initial, -POST_EPSILON)
    found = trained(lowered, digits, EPOCHS, LEARNING_RATE, "float64")
    raised = raise_hidden_biases(found.parameters, POST_EPSILON)
    assert worst_difference(raised, expected.layers) < TOLERANCE
    assert relative_difference(found.cost, expected.costs) < TOLERANCE


def test_post_epsilon_shows_where_hidden_biases_are_not_lowered(digits: Encoded) -> None:
    initial = start([784, 16, 16, 10])
    expected = reference_course(initial, digits, POST_EPSILON)
    found = trained(initial, digits, EPOCHS, LEARNING_RATE, "float64")
    assert worst_difference(found.parameters, expected.layers) > 1000 * TOLERANCE


def test_post_epsilon_cancels_in_the_softmax(digits: Encoded) -> None:
    # Without hidden layers the only exponents are the softmax's.
    initial = start([784, 10])
    expected = reference_course(initial, digits, POST_EPSILON)
    found = trained(initial, digits, EPOCHS, LEARNING_RATE, "float64")
    assert worst_difference(found.parameters, expected.layers) < TOLERANCE
    assert relative_difference(found.cost, expected.costs) < TOLERANCE
