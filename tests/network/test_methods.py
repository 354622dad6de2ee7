"""The gradient of every activation, loss and dropout: by differences, and by a loop over images."""

from collections.abc import Sequence
from functools import reduce
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network import dropout
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import ARITHMETICS
from stages.network.compact import CONSTANT
from stages.network.cost import Truth, truth_of
from stages.network.first_weights import draw, he
from stages.network.parameters import Floats, Parameters, shaped, sizes_of
from stages.network.propagation import Mask, Network, add, forward, learn
from stages.network.targets import smoothed, taught
from tests.network import plain
from tests.network.helpers import (
    encoded,
    measured_gradient,
    random_parameters,
    random_rows,
    worst_difference,
)

EVERY_METHOD = pytest.mark.parametrize(
    ("activation", "loss", "share"),
    list(product(ACTIVATIONS, ["hard", "smoothed", "taught"], [0.0, 0.25])),
)
SIZES = [6, 5, 4, 10]


class Step(NamedTuple):
    """What a step learns from: images as columns above the row of CONSTANT, and their truth."""

    A0: Floats
    truth: Truth
    masks: Sequence[Mask] | None


def step_of(rows: Encoded, hidden: Sequence[int], loss: str, share: float) -> Step:
    n, rng = len(rows.X), np.random.default_rng(3)
    A0 = np.vstack([rows.X.T, np.full((1, n), CONSTANT)]).astype(np.float64)
    truth = truth_of(rows.Y)
    if loss != "hard":
        truth = smoothed(truth, 0.2)
    if loss == "taught":
        P = rng.random((10, n))
        truth = taught(truth, P / P.sum(axis=0), 0.7)
    return Step(A0, truth, dropout.draw(hidden, n, share, rng) if share else None)


def targets_of(step: Step) -> plain.Array:
    """Return T (10, n); where nothing softens them, the one-hot labels."""
    if step.truth.targets is None:
        return np.eye(10)[:, step.truth.labels]
    return step.truth.targets.astype(np.float64)


def network_of(
    parameters: Parameters, activation: str, share: float, precision: str = "float64"
) -> Network:
    divided = dropout.above_divided(parameters, share)
    return ARITHMETICS[precision].dense(divided, 255.0, ACTIVATIONS[activation])


def computed_gradient(
    parameters: Parameters, step: Step, activation: str, share: float, precision: str = "float64"
) -> Parameters:
    network = network_of(parameters, activation, share, precision)
    found = network.finish(learn(network, step.A0, step.truth, step.masks))
    gradient = shaped(found.gradient, sizes_of(parameters))
    dropout.divide_above(gradient, share)
    return gradient


def moved_by(parameters: Parameters, gradient: Parameters, rate: float) -> Parameters:
    pairs = zip(parameters, gradient, strict=True)
    return [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in pairs]


@EVERY_METHOD
def test_gradient_agrees_with_central_differences(activation: str, loss: str, share: float) -> None:
    parameters = random_parameters(SIZES, spread=0.7, seed=1)
    step = step_of(random_rows(6, 10, 9, seed=2), SIZES[1:-1], loss, share)

    def cost(moved: Parameters) -> float:
        _, _, guess = forward(network_of(moved, activation, share), step.A0, step.masks)
        return -float((targets_of(step) * (guess.Z - np.log(guess.total))).sum())

    computed = computed_gradient(parameters, step, activation, share)
    assert worst_difference(computed, measured_gradient(cost, parameters)) < 1e-6


@EVERY_METHOD
def test_gradient_agrees_with_the_loop_over_images(
    digits: Encoded, activation: str, loss: str, share: float
) -> None:
    sizes = [784, 12, 9, 10]
    rows = encoded(digits.X[:60], digits.Y[:60], 255.0)
    parameters = random_parameters(sizes, spread=0.15, seed=4)
    step = step_of(rows, sizes[1:-1], loss, share)
    expected = plain.summed_gradient(
        [(W.astype(np.float64), b.astype(np.float64)) for W, b in parameters],
        rows.X / 255.0,
        targets_of(step),
        activation,
        step.masks,
        1 - share,
    )
    exactly = computed_gradient(parameters, step, activation, share)
    assert worst_difference(exactly, expected) < 1e-12
    reproducible = computed_gradient(parameters, step, activation, share, "reproducible")
    moved = moved_by(parameters, reproducible, 0.8 / 60)
    assert worst_difference(moved, moved_by(parameters, exactly, 0.8 / 60)) < 1e-6


def test_masks_leave_out_what_the_formulas_leave_out() -> None:
    parameters = random_parameters(SIZES, spread=0.7, seed=1)
    step = step_of(random_rows(6, 10, 40, seed=2), SIZES[1:-1], "hard", 0.25)
    assert step.masks
    none = [np.ones_like(mask) for mask in step.masks]
    for activation in ACTIVATIONS:
        with_all = computed_gradient(parameters, step._replace(masks=none), activation, 0.0)
        without = computed_gradient(parameters, step._replace(masks=None), activation, 0.0)
        assert worst_difference(with_all, without) == 0
        inputs, slopes, _ = forward(network_of(parameters, activation, 0.25), step.A0, step.masks)
        for mask, A, slope in zip(step.masks, inputs[1:], slopes, strict=True):
            assert np.all(A[:-1][~mask] == 0)
            assert np.all(slope[~mask] == 0)
            assert np.all(A[-1] == 1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_order_and_the_cut_of_the_images_change_no_bit(
    digits: Encoded, activation: str
) -> None:
    sizes, share = [784, 12, 9, 10], 0.25
    step = step_of(digits, sizes[1:-1], "taught", share)
    parameters = draw(sizes, he, np.random.default_rng(5))
    network = network_of(parameters, activation, share, "reproducible")
    whole = network.finish(learn(network, step.A0, step.truth, step.masks))
    order = np.array_split(np.random.default_rng(6).permutation(300), 3)
    pieces = [learn(network, *taken(step, some)) for some in order]
    found = network.finish(reduce(add, reversed(pieces)))
    assert (found.cost, found.right) == (whole.cost, whole.right)
    assert np.array_equal(found.gradient, whole.gradient)


def taken(step: Step, images: npt.NDArray[np.intp]) -> Step:
    """Return a step of some of the images, in the order given."""
    assert step.truth.targets is not None
    assert step.masks is not None
    truth = truth_of(np.eye(10, dtype=np.uint8)[step.truth.labels[images]])
    truth = truth._replace(targets=step.truth.targets[:, images])
    return Step(step.A0[:, images], truth, [mask[:, images] for mask in step.masks])
