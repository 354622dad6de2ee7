"""Activations without a bound: exact, order-free, and as near to float64 as those with one."""

from functools import reduce

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.first_weights import draw, uniform
from stages.network.parameters import Floats, Parameters
from stages.network.partition import partition
from stages.network.propagation import Found, add, learn
from tests.network.helpers import arrays, encoded
from tests.network.products import matrix
from tests.network.unbounded import ReluNetwork, UnboundedLayer, own_units


def start() -> Parameters:
    return draw([784, 16, 12, 10], uniform, np.random.default_rng(8))


def found_by(network: ReluNetwork, rows: Encoded) -> Found:
    chunks = partition(rows.X, rows.Y, 16, np.dtype(float))
    return network.finish(
        reduce(add, (learn(network, matrix(chunk), chunk.truth) for chunk in chunks))
    )


def plainly(parameters: Parameters, rows: Encoded) -> tuple[float, Parameters]:
    """Return cost and gradient in float64, from the formulas alone."""
    activations = [rows.X.T / rows.pixel_scale]
    for W, b in parameters[:-1]:
        activations.append(np.maximum(W @ activations[-1] + b[:, None], 0))
    W, b = parameters[-1]
    Z = W @ activations[-1] + b[:, None]
    log_P = Z - Z.max(axis=0)
    log_P -= np.log(np.exp(log_P).sum(axis=0))
    delta: Floats = np.exp(log_P) - rows.Y.T
    gradient: Parameters = []
    for (W, _), A in zip(parameters[::-1], activations[::-1], strict=True):
        gradient.append((delta @ A.T, delta.sum(axis=1)))
        delta = (W.T @ delta) * (A > 0)
    return -float((log_P * rows.Y.T).sum()), gradient[::-1]


@pytest.mark.parametrize("scale", [255.0, 1.0])
def test_relu_is_as_near_to_float64_as_the_sigmoid(digits: Encoded, scale: float) -> None:
    rows = encoded(digits.X, digits.Y, scale)
    found = found_by(ReluNetwork(start(), scale), rows)
    cost, expected = plainly(start(), rows)
    assert found.cost == pytest.approx(cost, rel=1e-6)
    for one, other in zip(arrays(found.gradient), arrays(expected), strict=True):
        assert np.abs(one - other).max() < 3e-6 * np.abs(other).max()


def test_the_order_and_the_cut_change_no_bit(digits: Encoded) -> None:
    network = ReluNetwork(start(), 255.0)
    expected = found_by(network, digits)
    order = np.random.default_rng(1).permutation(len(digits.X))
    shuffled = encoded(digits.X[order], digits.Y[order], 255.0)
    found = found_by(network, shuffled)
    assert found.cost == expected.cost
    assert all(map(np.array_equal, arrays(found.gradient), arrays(expected.gradient)))


def test_an_image_has_its_own_unit() -> None:
    A = np.array([[0.0, 3.0, 700.0], [0.25, 0.1, 1e-3], [1.0, 1.0, 1.0]])
    whole, unit = own_units(A)
    assert unit.tolist() == [2, 4, 1024]
    assert np.abs(whole).max() <= 1
    assert np.abs(whole * unit - A).max() <= 1024 * 2.0**-25


@pytest.mark.parametrize("most", [0, 4, 12])
def test_both_parts_of_an_error_are_exact(most: int) -> None:
    rng = np.random.default_rng(most)
    layer = UnboundedLayer(np.zeros((3, 6)), np.zeros((5, 3)), most)
    delta = rng.integers(-(2**22), 2**22 + 1, (3, 300)).astype(float)
    A = np.vstack([rng.random((5, 300)) * 2.0 ** rng.integers(-3, most + 1, 300), np.ones(300)])
    A = np.minimum(A, 2.0**most)
    found = layer.gradient(delta, A).times_two_to(most - 22 - 24)
    assert np.abs(found - delta @ A.T).max() < 1e-6 * np.abs(delta @ A.T).max()
