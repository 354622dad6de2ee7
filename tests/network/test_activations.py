"""Every activation and its derivative, in floats and in the arithmetic of exact sums."""

import math

import numpy as np
import numpy.typing as npt
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from hypothesis.extra.numpy import arrays as arrays_of

from stages.network.activations import ACTIVATIONS, sigmoid
from tests.network.helpers import unhurried
from tests.network.plain import CURVES

Array = npt.NDArray[np.floating]

LN_2, LN_3 = math.log(2), math.log(3)
WAYS = ("float64", "float32", "exact")
TOLERANCE = {"float64": 4 * 2.0**-52, "float32": 4 * 2.0**-23, "exact": 3e-7}
EVERY = pytest.mark.parametrize("name", ACTIVATIONS)
EVERY_WAY = pytest.mark.parametrize("way", WAYS)

# Numbers, and the value and derivative there, worked by hand.
KNOWN = {
    "sigmoid": [
        (0.0, 0.5, 0.25),
        (LN_3, 0.75, 0.1875),
        (-LN_3, 0.25, 0.1875),
        (1.0, 0.7310585786300049, 0.19661193324148185),
        (10.0, 0.9999546021312976, 4.539580773595167e-05),
    ],
    "tanh": [
        (0.0, 0.0, 1.0),
        (LN_2, 0.6, 0.64),
        (-LN_2, -0.6, 0.64),
        (LN_3, 0.8, 0.36),
        (-LN_3, -0.8, 0.36),
    ],
    "relu": [(0.0, 0.0, 0.0), (2.5, 2.5, 1.0), (-2.5, 0.0, 0.0), (1e-3, 1e-3, 1.0)],
    "silu": [
        (0.0, 0.0, 0.5),
        (LN_3, 0.8239592165010823, 0.9559898041252706),
        (-LN_3, -0.27465307216702745, 0.04401019587472943),
        (10.0, 9.999546021312976, 1.000408560208657),
    ],
}


def at(name: str, way: str, Z: Array) -> tuple[Array, Array]:
    """Return an activation's values at Z and its derivative, in one of three ways to compute."""
    activation = ACTIVATIONS[name]
    if way == "exact":
        A = np.empty(Z.shape)
        return A, activation.exact(Z * activation.fold, A)
    A = np.empty(Z.shape, way)
    return A, activation.floats(Z.astype(way), A)


@EVERY_WAY
@EVERY
def test_known_values_and_slopes(name: str, way: str) -> None:
    Z, expected, slopes = np.array(KNOWN[name]).T
    A, slope = at(name, way, Z)
    assert slope.dtype == ("float32" if way == "exact" else way)
    scale = np.maximum(1, np.abs(expected))
    assert np.abs((A - expected) / scale).max() <= TOLERANCE[way]
    assert np.abs(slope - slopes).max() <= TOLERANCE[way]


EVERYWHERE = np.concatenate([np.linspace(-100, 100, 20_001), np.linspace(-3, 3, 20_001)])


# How near the exact ones come: their values, relative where these are above 1, and derivatives.
NEAR = {"sigmoid": (1e-7, 1e-7), "tanh": (1.4e-7, 3e-7), "relu": (0, 0), "silu": (1.2e-7, 2e-7)}


@EVERY
def test_exact_ones_are_those_of_the_formulas(name: str) -> None:
    A, slope = at(name, "exact", EVERYWHERE)
    value, derivative = (curve(EVERYWHERE) for curve in CURVES[name])
    assert np.abs((A - value) / np.maximum(1, np.abs(value))).max() <= NEAR[name][0]
    assert np.abs(slope - derivative).max() <= NEAR[name][1]


@EVERY
def test_exact_ones_keep_what_is_said_of_them(name: str) -> None:
    activation = ACTIVATIONS[name]
    wide = np.linspace(-80, 80, 3000)
    A, slope = at(name, "exact", np.concatenate([EVERYWHERE, np.sign(wide) * np.exp2(wide)]))
    assert np.abs(slope).max() <= activation.steepest
    assert np.abs(slope).max() > 0.999 * activation.steepest
    if activation.bounded:
        assert np.array_equal(A * 2**24, np.rint(A * 2**24))
        assert -1 <= A.min() <= A.max() == 1
    else:
        assert A.min() > -1


@EVERY
def test_slopes_agree_with_central_differences(name: str) -> None:
    Z, step = np.linspace(-8, 8, 66), 1e-5  # not 0, where ReLU bends
    above, below = (at(name, "float64", Z + move)[0] for move in (step, -step))
    measured = (above - below) / (2 * step)
    assert np.abs(at(name, "float64", Z)[1] - measured).max() < 1e-9


@EVERY_WAY
@EVERY
def test_large_numbers_are_borne_without_a_warning(name: str, way: str) -> None:
    # exp(-740) would be a denormal number, which slows processors down.
    Z = np.array([-1e20, -1e4, -740, 740, 1e4, 1e20])
    expected = {
        "sigmoid": np.array([0, 0, 0, 1, 1, 1.0]),
        "tanh": np.array([-1, -1, -1, 1, 1, 1.0]),
    }.get(name, np.maximum(Z, 0))
    A, slope = at(name, way, Z)
    assert np.abs((A - expected) / np.maximum(1, np.abs(expected))).max() <= 1e-7
    flat = [0] * 6 if ACTIVATIONS[name].bounded else [0, 0, 0, 1, 1, 1]
    assert slope == pytest.approx(flat, abs=1e-7)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@unhurried
@given(data=st.data())
def test_sigmoid_agrees_with_scipy(precision: str, data: st.DataObject) -> None:
    shapes, numbers = (
        array_shapes(min_dims=2, max_dims=2, max_side=12),
        st.floats(-1e4, 1e4, width=32),
    )
    Z = data.draw(arrays_of(np.dtype(precision), shapes, elements=numbers))
    A, mirrored = np.empty_like(Z), np.empty_like(Z)
    sigmoid(Z, A)
    sigmoid(-Z, mirrored)
    assert np.abs(A - scipy.special.expit(Z)).max() <= 2 * np.finfo(precision).eps
    assert np.abs(mirrored - (1 - A)).max() <= np.finfo(precision).eps


@EVERY_WAY
@EVERY
def test_activations_do_not_change_their_argument(name: str, way: str) -> None:
    Z = np.array([[0.25, -0.5], [0.75, 1.0]])
    activation, A = ACTIVATIONS[name], np.empty((2, 2))
    (activation.exact if way == "exact" else activation.floats)(Z, A)
    assert Z.tolist() == [[0.25, -0.5], [0.75, 1.0]]
