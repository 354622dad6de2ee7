"""What is counted in the first layer, against networks whose state is known."""

from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import ARITHMETICS, Arithmetic
from stages.network.compact import CompactMatrix, Scratch, one_block
from stages.network.first_weights import draw, uniform
from stages.network.parameters import Parameters, cast, shaped, sizes_of
from stages.network.propagation import learn
from stages.study.saturation import inspect
from tests.network.helpers import encoded

DOUBLE = ARITHMETICS["float64"]
TWO_DIGITS = np.eye(3, dtype=np.uint8)[:2]


def test_units_are_counted_by_their_sums() -> None:
    # Sums of 0, ±13.8 and ±13.9: the sigmoid of 13.8155 is 1e-6 from 1.
    W = np.array([[0.0, 0.0], [13.8, 13.9], [-13.8, -13.9], [13.9, 100.0]])
    rng = np.random.default_rng(1)
    parameters: Parameters = [(W, np.zeros(4)), (rng.random((3, 4)), np.zeros(3))]
    found = inspect(DOUBLE, parameters, encoded(np.eye(2, dtype=np.uint8), TWO_DIGITS, 1.0))
    assert found.saturated == 4 / 8
    assert found.silent_images == 0
    assert found.typical_sum == pytest.approx(13.85)


@pytest.mark.parametrize(("scale", "share"), [(1.0, 1.0), (1e4, 0.0)])
def test_images_on_which_every_unit_is_saturated_are_silent(scale: float, share: float) -> None:
    parameters: Parameters = [(np.full((4, 2), 50.0), np.zeros(4)), (np.ones((3, 4)), np.zeros(3))]
    found = inspect(DOUBLE, parameters, encoded(np.eye(2, dtype=np.uint8), TWO_DIGITS, scale))
    assert found.silent_images == found.saturated == found.zero_errors == share


def gradient_of(arithmetic: Arithmetic, parameters: Parameters, rows: Encoded) -> Parameters:
    """Return training's own gradient on all rows at once."""
    chunk = one_block(rows.X, rows.Y, np.arange(len(rows.X)))
    A0: Any = CompactMatrix(chunk, Scratch())
    network = arithmetic.network(parameters, rows.pixel_scale, ACTIVATIONS["sigmoid"])
    found = network.finish(learn(network, A0, chunk.truth))
    return shaped(found.gradient, sizes_of(parameters))


@pytest.mark.parametrize("precision", ["float32", "reproducible"])
def test_zeros_are_those_of_trainings_own_gradient(precision: str) -> None:
    arithmetic, rng = ARITHMETICS[precision], np.random.default_rng(2)
    parameters = cast(draw([30, 6, 5, 10], uniform, rng), arithmetic.weights)
    pixels = (rng.integers(0, 256, (30, 40)) * rng.integers(0, 2, (30, 1))).astype(np.uint8).T
    rows = encoded(pixels, np.eye(10, dtype=np.uint8)[rng.integers(0, 10, 40)], 1.0)
    found = inspect(arithmetic, parameters, rows)
    (dW, _), *_ = gradient_of(arithmetic, parameters, rows)
    assert found.zero_gradient == (dW == 0).mean() > 0
    # The error of one image alone is the gradient by the biases on it.
    each = [encoded(rows.X[[n]], rows.Y[[n]], 1.0) for n in range(40)]
    alone = np.array([gradient_of(arithmetic, parameters, one)[0][1] for one in each])
    assert found.zero_errors == pytest.approx((alone == 0).mean(), abs=0.02)
    assert 0 < found.zero_errors < 1
