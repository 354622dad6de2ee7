"""Update rules: worked steps, bits and types; the trajectories are in test_trajectories."""

import numpy as np
import numpy.typing as npt
import pytest

from stages.network.parameters import Floats, cast, flat
from stages.network.updates import UPDATES, Settings, weights_alone
from tests.network.helpers import random_parameters

DECAYED = np.array([1.0, 0.0])
THETA, TOTAL = np.array([2.0, 2.0]), np.array([4.0, -8.0])  # over 4 images: 1 and -2
every_rule = pytest.mark.parametrize("name", UPDATES)
both_floats = pytest.mark.parametrize("precision", [np.float32, np.float64])


def steps(name: str, count: int, decay: float = 0.0) -> np.ndarray:
    """Return THETA after some steps of rate 0.1 with the same gradient; beta 0.5, beta2 0.75."""
    settings = Settings(0.5, 0.75, decay, DECAYED)
    theta, moments = THETA, UPDATES[name].start(THETA)
    for _ in range(count):
        theta, moments = UPDATES[name].move(theta, TOTAL.copy(), 4, 0.1, moments, settings)
    return theta


# By hand. Momentum: v = g, then 1.5 g. Nesterov: g + v / 2 = 1.5 g, then 1.75 g. AdamW: both means
# corrected are g and g², so that each step is by the rate, whatever g is.
WORKED = {
    "descent": ([1.9, 2.2], [1.8, 2.4]),
    "momentum": ([1.9, 2.2], [1.75, 2.5]),
    "nesterov": ([1.85, 2.3], [1.675, 2.65]),
    "adamw": ([1.9, 2.1], [1.8, 2.2]),
}
# With decay 0.5 of the weight, which is first 2: it adds 1 to its gradient, or takes 0.1 off.
DECAYING = {
    "descent": ([1.8, 2.2], [1.8 - 0.1 * 1.9, 2.4]),
    "momentum": ([1.8, 2.2], [1.8 - 0.1 * (1 + 1.9), 2.5]),
    "nesterov": ([1.7, 2.3], [1.7 - 0.1 * (1.85 + (1 + 1.85) / 2), 2.65]),
    "adamw": ([1.8, 2.1], [1.8 - 0.1 * 0.9 - 0.1, 2.2]),
}


@every_rule
def test_two_steps_are_those_worked_by_hand(name: str) -> None:
    for count, expected in enumerate(WORKED[name], start=1):
        assert steps(name, count) == pytest.approx(np.array(expected), rel=1e-7)


@every_rule
def test_decay_is_of_weights_and_not_of_biases(name: str) -> None:
    for count, expected in enumerate(DECAYING[name], start=1):
        assert steps(name, count, 0.5) == pytest.approx(np.array(expected), rel=1e-7)


def test_adamw_halves_its_first_step_where_the_gradient_is_its_epsilon() -> None:
    theta, settings = np.zeros(2), Settings(0.9, 0.999, 0.0, DECAYED)
    total = np.array([1e-8, 0.0])
    moved, _ = UPDATES["adamw"].move(theta, total, 1, 0.1, UPDATES["adamw"].start(theta), settings)
    assert moved.tolist() == [pytest.approx(-0.05, rel=1e-6), 0.0]


@both_floats
def test_plain_descent_has_the_bits_of_its_formula(precision: npt.DTypeLike) -> None:
    rng = np.random.default_rng(0)
    theta, total = rng.normal(0, 1, (2, 999)).astype(precision)
    settings = Settings(0.9, 0.999, 0.0, np.ones_like(theta))
    expected = theta - theta.dtype.type(0.8 / 7) * total
    moved, moments = UPDATES["descent"].move(theta, total, 7, 0.8, {}, settings)
    assert moved.tobytes() == expected.tobytes()
    assert moments == {}


@every_rule
@both_floats
def test_floats_stay_what_they_are_and_only_gradient_and_moments_change(
    name: str, precision: npt.DTypeLike
) -> None:
    theta, total, decayed = (np.full(5, x, precision) for x in (1.0, 2.0, 1.0))
    update, settings = UPDATES[name], Settings(0.9, 0.999, 0.01, decayed)
    start = update.start(theta)
    types = {key: (array.dtype, array.shape) for key, array in start.items()}
    moved, moments = update.move(theta, total, 3, 0.1, start, settings)
    assert moved.dtype == precision
    assert {key: (array.dtype, array.shape) for key, array in moments.items()} == types
    assert moved is total
    assert all(moments[key] is start[key] for key in types if start[key].ndim)
    assert np.all(theta == 1)
    assert np.all(decayed == 1)


@every_rule
def test_steps_go_on_from_their_moments(name: str) -> None:
    rng = np.random.default_rng(1)
    theta, totals = rng.normal(0, 1, 9), rng.normal(0, 1, (6, 9))
    update, settings = UPDATES[name], Settings(0.9, 0.999, 0.1, np.ones(9))
    ends = []
    for stop in (6, 3):
        at: Floats = theta
        moments = update.start(theta)
        for number, total in enumerate(totals):
            if number == stop:  # as a checkpoint keeps them
                at, moments = at.copy(), {key: array.copy() for key, array in moments.items()}
            at, moments = update.move(at, total.copy(), 2, 0.1, moments, settings)
        ends.append(at.tobytes())
    assert ends[0] == ends[1]


@both_floats
def test_weights_are_told_from_biases(precision: npt.DTypeLike) -> None:
    parameters = cast(random_parameters([3, 2, 2], 1.0, seed=1), precision)
    mask = weights_alone(parameters)
    assert mask.tolist() == [1] * 6 + [0] * 2 + [1] * 4 + [0] * 2
    assert mask.dtype == precision
    assert mask.shape == flat(parameters).shape
