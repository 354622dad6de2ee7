"""What is counted in the first layer, against networks whose state is known."""

import numpy as np
import pytest

from stages.network.cost import truth_of
from stages.network.parameters import Parameters, cast, draw
from stages.network.propagation import learn
from stages.study.saturation import inspect


def test_units_are_counted_by_their_sums() -> None:
    # Sums of 0, ±13.8 and ±13.9: the sigmoid of 13.8155 is 1e-6 from 1.
    W = np.array([[0.0, 0.0], [13.8, 13.9], [-13.8, -13.9], [13.9, 100.0]])
    rng = np.random.default_rng(1)
    parameters: Parameters = [(W, np.zeros(4)), (rng.random((3, 4)), np.zeros(3))]
    found = inspect(parameters, np.eye(2), truth_of(np.eye(3, dtype=np.uint8)[:2]))
    assert found.saturated == 4 / 8
    assert found.silent_images == 0
    assert found.typical_sum == pytest.approx(13.85)


@pytest.mark.parametrize(("scale", "share"), [(1.0, 1.0), (1e4, 0.0)])
def test_images_on_which_every_unit_is_saturated_are_silent(scale: float, share: float) -> None:
    parameters: Parameters = [(np.full((4, 2), 50.0), np.zeros(4)), (np.ones((3, 4)), np.zeros(3))]
    found = inspect(parameters, np.eye(2) / scale, truth_of(np.eye(3, dtype=np.uint8)[:2]))
    assert found.silent_images == found.saturated == found.zero_errors == share


def test_zeros_are_those_of_trainings_own_gradient() -> None:
    rng = np.random.default_rng(2)
    parameters = cast(draw([30, 6, 5, 10], rng), np.float32)
    A0 = (rng.integers(0, 256, (30, 40)) * rng.integers(0, 2, (30, 1))).astype(np.float32)
    Y = np.eye(10, dtype=np.uint8)[rng.integers(0, 10, 40)]
    truth = truth_of(Y)
    found = inspect(parameters, A0, truth)
    gradient = learn(parameters, A0, truth).gradient
    assert found.zero_gradient == (gradient[0][0] == 0).mean() > 0
    # The error of one image alone is the gradient by the biases on it.
    errors = [learn(parameters, A0[:, [n]], truth_of(Y[[n]])) for n in range(40)]
    alone = np.array([sums.gradient[0][1] for sums in errors])
    assert found.zero_errors == pytest.approx((alone == 0).mean(), abs=0.02)
    assert 0 < found.zero_errors < 1
