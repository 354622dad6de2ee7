"""Soft targets: known answers, their grid, and the bound of errors that exact sums rely on."""

import numpy as np
import pytest

from stages.network import exact, exact_layers
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import ARITHMETICS
from stages.network.cost import Guess, Truth, truth_of
from stages.network.parameters import Floats
from stages.network.targets import smoothed, softened, taught
from tests.network.helpers import PRECISIONS, random_parameters

UNIT = 2.0**-22


def truth(*labels: int) -> Truth:
    return truth_of(np.eye(10, dtype=np.uint8)[list(labels)])


def targets(of: Truth) -> Floats:
    assert of.targets is not None
    assert of.targets.dtype == np.float32
    T: Floats = of.targets.astype(np.float64)
    assert np.array_equal(T / UNIT, np.rint(T / UNIT))
    assert T.min() >= 0
    assert T.max() <= 1
    return T


def probabilities(n: int, spread: float, seed: int) -> Floats:
    """Return P (10, n) of float32, of numbers with standard deviation `spread`."""
    powers = np.exp(np.random.default_rng(seed).normal(0, spread, (10, n)))
    P: Floats = (powers / powers.sum(axis=0)).astype(np.float32)
    return P


def test_smoothed_labels_are_known() -> None:
    found = targets(smoothed(truth(0, 3), 0.1))
    expected = np.full((10, 2), 0.01)
    expected[0, 0] = expected[3, 1] = 0.91
    assert np.abs(found - expected).max() <= 4.5 * UNIT
    assert np.array_equal(found.sum(axis=0), [1, 1])


@pytest.mark.parametrize("share", [0.0, 1e-3, 0.1, 0.3, 0.999])
def test_smoothed_labels_sum_to_one_exactly(share: float) -> None:
    found = targets(smoothed(truth(1, 9, 9), share))
    assert np.array_equal(found.sum(axis=0), np.ones(3))
    assert found[1, 0] == pytest.approx(1 - 0.9 * share, abs=4.5 * UNIT)
    assert found[0, 0] == pytest.approx(share / 10, abs=UNIT / 2)


def test_a_teachers_probabilities_are_mixed_in() -> None:
    P = probabilities(4, 2.0, seed=1)
    hard, soft = truth(2, 2, 0, 9), smoothed(truth(2, 2, 0, 9), 0.2)
    for own in (hard, soft):
        T = np.eye(10)[:, [2, 2, 0, 9]] if own is hard else targets(soft)
        for weight in (0.0, 0.3, 1.0):
            found = targets(taught(own, P, weight))
            assert np.abs(found - ((1 - weight) * T + weight * P)).max() <= 0.75 * UNIT
            assert np.abs(found.sum(axis=0) - 1).max() <= 10 * 0.75 * UNIT
    assert np.array_equal(targets(taught(soft, P, 0.0)), targets(soft))


def test_targets_leave_the_truth_as_it_was() -> None:
    before = smoothed(truth(2, 5), 0.1)
    after = taught(before, probabilities(2, 1.0, seed=2), 0.5)
    assert before.labels is after.labels
    assert before.places is after.places
    assert np.array_equal(targets(before), targets(smoothed(truth(2, 5), 0.1)))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_softened_teacher_divides_its_last_sums(precision: str) -> None:
    arithmetic = ARITHMETICS[precision]
    ((W, b),) = random_parameters([3, 10], 2.0, seed=4)
    teacher = [(W.astype(arithmetic.weights), b.astype(arithmetic.weights))]
    soft = softened(teacher, 4.0)
    assert soft[0][0].dtype == arithmetic.weights
    network = arithmetic.network(soft, 1.0, ACTIVATIONS["sigmoid"])
    A0 = np.array([[1.0, 3.0], [0.0, 2.0], [5.0, 1.0], [128.0, 128.0]])
    found = network.softmax(network.first.affine(A0.astype(arithmetic.weights))).P
    powers = np.exp((W @ A0[:3] + b[:, np.newaxis]) / 4)
    assert np.abs(found - powers / powers.sum(axis=0)).max() < 1e-6


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("share", [0.0, 0.1])
def test_the_error_of_the_outputs_is_p_minus_t(precision: str, share: float) -> None:
    arithmetic = ARITHMETICS[precision]
    network = arithmetic.network(random_parameters([2, 10], 1.0, 0), 1.0, ACTIVATIONS["sigmoid"])
    P = probabilities(5, 1.0, seed=3).astype(
        np.float32 if precision == "reproducible" else arithmetic.weights
    )
    hard = truth(1, 2, 3, 4, 9)
    soft = smoothed(hard, share)
    unit = UNIT if precision == "reproducible" else 1.0
    guess = Guess(np.empty(0), np.empty(0), P.copy())
    found = network.output_error(guess, soft)
    assert found.dtype == arithmetic.weights
    assert np.abs(found * unit - (P - targets(soft))).max() <= UNIT / 2
    if share == 0:
        plain = network.output_error(Guess(np.empty(0), np.empty(0), P.copy()), hard)
        assert np.array_equal(found, plain)


@pytest.mark.parametrize("spread", [0.0, 1.0, 30.0])
def test_errors_of_the_outputs_keep_their_bounds(spread: float) -> None:
    # exact._units: each at most 2^22 units, the absolute values of an image at most
    # 2 (1 + 2^-19), which its margin covers.
    network = exact.ExactNetwork(random_parameters([2, 10], 1.0, 0), 1.0, ACTIVATIONS["sigmoid"])
    n = 4000
    own = smoothed(truth(*np.arange(n) % 10), 0.05)
    rng = np.random.default_rng(6)
    guess = network.softmax(rng.normal(0, spread, (10, n)))
    soft = taught(own, probabilities(n, spread, seed=7), 0.9)
    delta = network.output_error(guess, soft)
    assert np.array_equal(delta, np.rint(delta))
    assert np.abs(delta).max() <= 2.0**exact_layers.DELTA_BITS
    assert np.abs(delta).sum(axis=0).max() * UNIT <= 2 * (1 + 2.0**-19) < 2 * exact._MARGIN
