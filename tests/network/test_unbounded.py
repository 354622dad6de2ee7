"""Activations without a bound: exact, free of order and cut, and as near to float64 as others."""

from functools import reduce

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network import exact_layers
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import ARITHMETICS
from stages.network.exact_layers import UpperLayer
from stages.network.first_weights import draw, he
from stages.network.parameters import Parameters, shaped
from stages.network.partition import partition
from stages.network.propagation import Found, add, learn
from stages.network.unbounded import LOW_BITS, UnboundedLayer, into_units
from tests.network.helpers import encoded, worst_difference
from tests.network.products import Integers, matrix

UNBOUNDED = [name for name, activation in ACTIVATIONS.items() if not activation.bounded]
SMALL = [784, 16, 16, 10]


def found_by(precision: str, parameters: Parameters, rows: Encoded, activation: str) -> Found:
    """Return what a step finds of all rows, block by block."""
    arithmetic = ARITHMETICS[precision]
    network = arithmetic.network(parameters, rows.pixel_scale, ACTIVATIONS[activation])
    chunks = partition(rows.X, rows.Y, 16, arithmetic.weights)
    return network.finish(
        reduce(add, (learn(network, matrix(chunk), chunk.truth) for chunk in chunks))
    )


@pytest.mark.parametrize(
    ("sizes", "tolerance"),
    [(SMALL, 1e-6), ([784, 512, 512, 10], 3e-6), ([784, 10], 1e-6)],
    ids=str,
)
@pytest.mark.parametrize("scale", [255.0, 1.0])
@pytest.mark.parametrize("name", UNBOUNDED)
def test_gradients_are_as_near_to_float64(
    digits: Encoded, name: str, scale: float, sizes: list[int], tolerance: float
) -> None:
    rows = encoded(digits.X, digits.Y, scale)
    start = draw(sizes, he, np.random.default_rng(8))
    found, expected = (found_by(one, start, rows, name) for one in ("reproducible", "float64"))
    assert found.cost == pytest.approx(expected.cost, rel=1e-6)
    assert found.right == expected.right
    gradients = (shaped(one.gradient, sizes) for one in (found, expected))
    assert worst_difference(*gradients) < tolerance


@pytest.mark.parametrize("name", UNBOUNDED)
def test_many_layers_lose_no_bit_forwards(digits: Encoded, name: str) -> None:
    # A bound from the weights is 2^30 above the last layer's activations.
    rows = encoded(digits.X[:20], digits.Y[:20], 255.0)
    start = draw([784, *[200] * 8, 10], he, np.random.default_rng(1))
    found, expected = (found_by(one, start, rows, name) for one in ("reproducible", "float64"))
    assert found.cost == pytest.approx(expected.cost, rel=1e-5)


def test_an_image_has_its_own_unit() -> None:
    A = np.array([[0.0, 3.0, 700.0], [0.25, -0.1, 1e-3], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    before = A.copy()
    into_units(A)
    values, unit = A[:-1], A[-1]
    assert unit.tolist() == [2, 4, 1024]
    assert np.abs(values).max() <= 1
    assert np.array_equal(values * 2**24, np.rint(values * 2**24))
    assert np.all(np.abs(values * unit - before[:-1]) <= unit * 2.0**-25)


@pytest.mark.parametrize("most", [1, 4, 12, 30])
def test_both_parts_of_an_error_are_exact(most: int) -> None:
    # delta is whole numbers of at most 22 bits, the activations' units are at most 2^most.
    rng = np.random.default_rng(most)
    layer = UnboundedLayer(UpperLayer(np.zeros((3, 6)), np.zeros((5, 3))), most)
    delta = rng.integers(-(2**22), 2**22 + 1, (3, 300)).astype(float)
    delta[0], delta[1] = 2**22, -(2**22)
    units = rng.integers(1, most + 1, 300)
    whole = rng.integers(-(2**24), 2**24 + 1, (6, 300))
    whole[0] = 2**24
    A = np.vstack([whole * 2.0**-24, np.ldexp(1.0, units)])
    high, low = layer.parts(delta, A[-1])
    for part in (high, low):
        assert np.array_equal(part, np.rint(part))
        assert np.abs(part).max() <= 2.0**exact_layers.DELTA_BITS
    scaled = np.ldexp(delta, units - most)
    assert np.abs(high + np.ldexp(low, -LOW_BITS) - scaled).max() <= 2.0**-23
    expected = shifted(high, LOW_BITS) @ whole.T + low.astype(np.int64) @ whole.T
    assert layer.unit == most - LOW_BITS - 24
    total = layer.gradient(delta, A)
    assert np.array_equal(total.high * 2.0**32 + total.low, expected.astype(float))
    exactly = delta @ (whole * np.ldexp(2.0**-24, units)).T
    assert np.ldexp(total.rounded(), layer.unit) == pytest.approx(exactly, rel=1e-6)


def shifted(x: np.ndarray, by: int) -> Integers:
    """Return x * 2^by in Python's integers, which have no largest number."""
    numbers: Integers = np.array([[int(one) << by for one in row] for row in x], object)
    return numbers
