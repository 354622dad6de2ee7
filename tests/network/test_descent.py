"""Descent: a step worked by hand, the cost of knowing nothing, and what stays untouched."""

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.descent import Epoch
from stages.network.parameters import Parameters
from tests.network.helpers import (
    PRECISIONS,
    arrays,
    cost_and_gradient,
    encoded,
    random_parameters,
    random_rows,
    relative_difference,
    run_epochs,
    worst_difference,
)

LN_3 = 1.0986122886681098

# Three images of two pixels: x = (1, 0), (0, 1), (1, 1), each pixel 5 at pixel scale 5.
HAND_ROWS = encoded(
    np.array([[5, 0], [0, 5], [5, 5]], np.uint8),
    np.array([[1, 0], [1, 0], [0, 1]], np.uint8),
    pixel_scale=5.0,
)

# With L = ln 3, sigmoid(L) = 3/4 and sigmoid(-L) = 1/4; a difference of L between two outputs
# gives the probabilities 3/4 and 1/4, one of 2 L gives 9/10 and 1/10.
HAND_PARAMETERS: Parameters = [
    (LN_3 * np.array([[-1.0, 0.0], [1.0, -1.0]]), LN_3 * np.array([1.0, 0.0])),
    (LN_3 * np.array([[4.0, -1.0], [0.0, 3.0]]), LN_3 * np.array([0.0, 1.0])),
]


def hand_step(precision: str) -> Epoch:
    # The learning rate over m = 3 images is 1/5.
    (epoch,) = run_epochs(HAND_PARAMETERS, HAND_ROWS, 0.6, epochs=1, precision=precision)
    return epoch


@pytest.mark.parametrize(
    ("precision", "tolerance"), [("float64", 1e-14), ("reproducible", 1e-6), ("float32", 1e-6)]
)
def test_one_step_is_as_worked_by_hand(precision: str, tolerance: float) -> None:
    # x        z1          a1           z2                 p             y       delta2 = p - y
    # (1, 0)   (0, L)      (1/2, 3/4)   L (5/4, 13/4)      (1/10, 9/10)  (1, 0)  (-9/10, 9/10)
    # (0, 1)   (L, -L)     (3/4, 1/4)   L (11/4, 7/4)      (3/4, 1/4)    (1, 0)  (-1/4, 1/4)
    # (1, 1)   (0, 0)      (1/2, 1/2)   L (3/2, 5/2)       (1/4, 3/4)    (0, 1)  (1/4, -1/4)
    #
    # W2' delta2 = 4 L delta2, as (4, -1) - (0, 3) = (4, -4) and the errors of a row sum to 0.
    #
    # a1 (1 - a1)    delta1 = a1 (1 - a1) * 4 L delta2
    # (1/4, 3/16)    L (-9/10, 27/40)
    # (3/16, 3/16)   L (-3/16, 3/16)
    # (1/4, 1/4)     L (1/4, -1/4)
    #
    # Sums over the images:
    # dW2 = [[-9/20 - 3/16 + 1/8, -27/40 - 1/16 + 1/8], [9/20 + 3/16 - 1/8, 27/40 + 1/16 - 1/8]]
    #     = [[-41/80, -49/80], [41/80, 49/80]]
    # db2 = (-9/10, 9/10)
    # dW1 = L [[-9/10 + 1/4, -3/16 + 1/4], [27/40 - 1/4, 3/16 - 1/4]]
    #     = L [[-13/20, 1/16], [17/40, -1/16]]
    # db1 = L (-9/10 - 3/16 + 1/4, 27/40 + 3/16 - 1/4) = L (-67/80, 49/80)
    #
    # A fifth of each is taken off, for example from W2[0, 0]: 4 L + 41/400.
    stepped = hand_step(precision).parameters
    (W1, b1), (W2, b2) = stepped
    expected_W1 = [
        [-0.9557926911412554, -0.013732653608351372],
        [1.0052302441313203, -1.0848796350597583],
    ]
    expected_b1 = [1.2826298470200181, -0.13458000536184345]
    expected_W2 = [[4.496949154672439, -0.9761122886681097], [-0.1025, 3.173336866004329]]
    expected_b2 = [0.18, 0.9186122886681097]
    assert relative_difference(W1, expected_W1) < tolerance
    assert relative_difference(b1, expected_b1) < tolerance
    assert relative_difference(W2, expected_W2) < tolerance
    assert relative_difference(b2, expected_b2) < tolerance


@pytest.mark.parametrize(
    ("precision", "tolerance"), [("float64", 1e-14), ("reproducible", 1e-6), ("float32", 1e-6)]
)
def test_cost_and_accuracy_are_those_before_the_step(precision: str, tolerance: float) -> None:
    cost, accuracy, *_ = hand_step(precision)
    # The probabilities of the true labels are 1/10, 3/4 and 3/4: ln(160/9) / 3.
    assert cost == pytest.approx(0.9593164126325359, rel=tolerance, abs=0)
    assert accuracy == 2 / 3


@pytest.mark.parametrize("m", [1, 300])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_zero_parameters_cost_ln_10(digits: Encoded, precision: str, m: int) -> None:
    sizes, ln_10 = [784, 16, 16, 10], 2.302585092994046
    zeros: Parameters = [(0 * W, 0 * b) for W, b in random_parameters(sizes, spread=0.15, seed=0)]
    rows = encoded(digits.X[:m], digits.Y[:m], digits.pixel_scale)
    cost, _ = cost_and_gradient(zeros, rows, precision)
    # A unit in the last place for the logarithm in its precision, and one in double precision
    # for each addition; what is reproducible is a whole number of 2^-24 bits.
    single = np.spacing(np.float32(ln_10))
    last = {"float32": single, "float64": np.spacing(ln_10), "reproducible": 2**-24}[precision]
    allowed = last + (m - 1) * np.spacing(ln_10)
    assert abs(cost - ln_10) <= allowed


def test_order_of_the_rows_changes_no_more_than_rounding(many_digits: Encoded) -> None:
    parameters = random_parameters([784, 16, 16, 10], spread=0.15, seed=3)
    X, Y = many_digits.X[::-1].copy(), many_digits.Y[::-1].copy()
    backwards = encoded(X, Y, many_digits.pixel_scale)
    (forth,) = run_epochs(parameters, many_digits, 0.8, epochs=1)
    (back,) = run_epochs(parameters, backwards, 0.8, epochs=1)
    assert back.cost == pytest.approx(forth.cost, rel=1e-12)
    assert back.accuracy == forth.accuracy
    assert worst_difference(back.parameters, forth.parameters) < 1e-12


def test_descent_does_not_change_its_arguments() -> None:
    parameters = random_parameters([6, 5, 4, 3], spread=0.5, seed=4)
    rows = random_rows(6, 3, 9, seed=5)
    given = [*arrays(parameters), rows.X, rows.Y]
    before = [array.copy() for array in given]
    run_epochs(parameters, rows, 0.8, epochs=3)
    assert all(map(np.array_equal, given, before))


def test_later_epochs_do_not_change_what_an_epoch_left() -> None:
    parameters = random_parameters([6, 5, 4, 3], spread=0.5, seed=4)
    rows = random_rows(6, 3, 9, seed=5)
    (only,) = run_epochs(parameters, rows, 0.8, epochs=1)
    first, second, third = run_epochs(parameters, rows, 0.8, epochs=3)
    assert all(map(np.array_equal, arrays(first.parameters), arrays(only.parameters)))
    assert second.cost != first.cost
    assert not np.array_equal(second.parameters[0][0], third.parameters[0][0])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_descent_keeps_the_float_type_of_the_precision(precision: str) -> None:
    parameters = random_parameters([6, 5, 4, 3], spread=0.5, seed=4)
    rows = random_rows(6, 3, 9, seed=5)
    first, second = run_epochs(parameters, rows, 0.8, epochs=2, precision=precision)
    found = arrays(first.parameters) + arrays(second.parameters)
    kept = "float64" if precision == "reproducible" else precision
    assert {array.dtype.name for array in found} == {kept}
    assert type(first.cost) is float
    assert type(first.accuracy) is float


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("threads", [2, 3, 8])
def test_number_of_threads_changes_no_bit(
    many_digits: Encoded, threads: int, precision: str
) -> None:
    parameters = random_parameters([784, 16, 16, 10], spread=0.5, seed=6)
    *_, alone = run_epochs(parameters, many_digits, 0.8, 3, 1, precision)
    *_, shared = run_epochs(parameters, many_digits, 0.8, 3, threads, precision)
    assert all(map(np.array_equal, arrays(shared.parameters), arrays(alone.parameters)))
    assert (shared.cost, shared.accuracy) == (alone.cost, alone.accuracy)
