import numpy as np
import pytest

from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import ARITHMETICS
from stages.network.cost import Guess, hits, minus_truth, truth_of
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import Network
from tests.network.helpers import PRECISIONS as NAMES

PRECISIONS = pytest.mark.parametrize("precision", NAMES)
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23, "reproducible": 2.0**-22}

# Three images, of a 0, a 1 and a 2; each column of P is one of them.
TRUTH = truth_of(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.uint8))
P = np.array([[0.5, 0.1, 0.2], [0.25, 0.8, 0.2], [0.25, 0.1, 0.6]])


def network_of(precision: str) -> Network:
    parameters: Parameters = [(np.zeros((3, 2)), np.zeros(3))]
    return ARITHMETICS[precision].network(parameters, 1.0, ACTIVATIONS["sigmoid"])


def guess_of(P: Floats, precision: str = "float64") -> Guess:
    """Return the softmax whose probabilities are P, in the arithmetic of a precision."""
    Z = np.log2(P) if precision == "reproducible" else np.log(P)
    return network_of(precision).softmax(Z.astype(ARITHMETICS[precision].weights))


def test_truth_is_the_labels_and_their_places() -> None:
    truth = truth_of(np.array([[0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]], np.uint8))
    assert truth.labels.tolist() == [1, 1, 0, 2]
    assert truth.places.tolist() == [4, 5, 2, 11]


@PRECISIONS
def test_softmax_gives_the_probabilities(precision: str) -> None:
    found = guess_of(P, precision)
    assert np.abs(found.P - P).max() <= 2 * EPSILON[precision]
    assert np.all(found.Z.max(axis=0) == 0)


@PRECISIONS
def test_cross_entropy_is_the_sum_of_minus_ln_p(precision: str) -> None:
    # ln 2 + ln(5/4) + ln(5/3) = ln(25/6)
    network = network_of(precision)
    found = network.nats(network.cross_entropy(guess_of(P, precision), TRUTH))
    assert found == pytest.approx(1.4271163556401458, rel=4 * EPSILON[precision])


@PRECISIONS
@pytest.mark.parametrize(("Y", "expected"), [([[1, 0]], 0.0), ([[0, 1]], 20000.0)])
def test_certainty_costs_nothing_or_its_logarithm(
    precision: str, Y: list[list[int]], expected: float
) -> None:
    network = network_of(precision)
    of_two = np.log2(np.e) if precision == "reproducible" else 1.0
    Z = np.array([[0.0], [-2e4 * of_two]]).astype(ARITHMETICS[precision].weights)
    cost = network.nats(network.cross_entropy(network.softmax(Z), truth_of(np.array(Y, np.uint8))))
    assert cost == pytest.approx(expected, rel=1e-7, abs=0)


def test_cross_entropy_of_single_precision_is_summed_in_double() -> None:
    # A sum in float32 is off by more, even if it is taken in pairs.
    truth = truth_of(np.tile(np.array([1, 0], np.uint8), (1_000_001, 1)))
    guess = Guess(
        np.full((2, 1_000_001), -0.1, np.float32), np.ones(1_000_001, np.float32), np.empty(0)
    )
    found = network_of("float32").cross_entropy(guess, truth)
    assert found == pytest.approx(100_000.10149011761, rel=1e-11)


@PRECISIONS
def test_output_error_is_p_minus_y(precision: str) -> None:
    found = network_of(precision).output_error(guess_of(P, precision), TRUTH)
    unit = 2.0**-22 if precision == "reproducible" else 1.0
    expected = [[-0.5, 0.1, 0.2], [0.25, -0.2, 0.2], [0.25, 0.1, -0.4]]
    assert found.dtype == ARITHMETICS[precision].weights
    assert np.abs(found * unit - expected).max() <= 2 * EPSILON[precision]


def test_minus_truth_takes_one_off_where_the_digit_is() -> None:
    assert minus_truth(np.full((3, 3), 2.0), TRUTH).tolist() == [[1, 2, 2], [2, 1, 2], [2, 2, 1]]


def test_hits_are_the_images_whose_most_probable_digit_is_the_true_one() -> None:
    assert hits(guess_of(P), TRUTH) == 3
    assert hits(guess_of(P[:, [1, 0, 2]]), TRUTH) == 1
    assert hits(guess_of(P[:, [1, 2, 0]]), TRUTH) == 0


def test_first_of_equally_probable_digits_is_the_prediction() -> None:
    guess = guess_of(np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.4], [0.2, 0.2, 0.4]]))
    labels_0_0_1 = truth_of(np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], np.uint8))
    assert hits(guess, labels_0_0_1) == 3
    assert hits(guess, TRUTH) == 1
