"""The softmax of the float networks, by its logarithm."""

import math

import numpy as np
import numpy.typing as npt
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from hypothesis.extra.numpy import arrays as arrays_of

from stages.network.activations import softmax
from tests.network.helpers import unhurried

Array = npt.NDArray[np.floating]

PRECISIONS = pytest.mark.parametrize("precision", ["float64", "float32"])
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}


def log_softmax(Z: Array) -> Array:
    """Return the logarithms of the probabilities that the parts of a softmax give."""
    guess = softmax(Z)
    log_P: Array = guess.Z - np.log(guess.total)
    return log_P


def tables(precision: str) -> st.SearchStrategy[Array]:
    """Return (classes, n) of numbers up to 10⁴ in size, as raw pixels give."""
    return arrays_of(
        np.dtype(precision),
        array_shapes(min_dims=2, max_dims=2, max_side=12),
        elements=st.floats(-1e4, 1e4, width=32),
    )


@PRECISIONS
def test_log_softmax_has_its_known_values(precision: str) -> None:
    # Each column's probabilities are 1/8, 2/8 and 5/8, in another order.
    Z = np.log(np.array([[1, 10], [2, 4], [5, 2]], precision))
    ln_1_8, ln_2_8, ln_5_8 = -2.0794415416798357, -1.3862943611198906, -0.4700036292457356
    expected = [[ln_1_8, ln_5_8], [ln_2_8, ln_2_8], [ln_5_8, ln_1_8]]
    assert np.abs(log_softmax(Z) - expected).max() <= 4 * EPSILON[precision]


@PRECISIONS
def test_log_softmax_of_large_numbers_is_finite_and_exact(precision: str) -> None:
    found = log_softmax(np.array([[1e4, -1e4], [-1e4, -1e4], [0, -1e4]], precision))
    assert found.dtype == precision
    assert found[:, 0].tolist() == [0, -2e4, -1e4]
    assert found[:, 1] == pytest.approx(-math.log(3), rel=EPSILON[precision])


@PRECISIONS
@unhurried
@given(data=st.data())
def test_log_softmax_gives_finite_logarithms_of_shares(precision: str, data: st.DataObject) -> None:
    Z = data.draw(tables(precision))
    log_P, P = log_softmax(Z), softmax(Z).P
    assert np.all(np.isfinite(log_P))
    assert np.abs(np.exp(log_P).sum(axis=0) - 1).max() <= 16 * EPSILON[precision]
    assert np.abs(P - np.exp(log_P)).max() <= 16 * EPSILON[precision]


@PRECISIONS
@unhurried
@given(data=st.data())
def test_log_softmax_agrees_with_scipy(precision: str, data: st.DataObject) -> None:
    Z = data.draw(tables(precision))
    expected = scipy.special.log_softmax(Z.astype(np.float64), axis=0)
    # Differences of numbers up to 10⁴ are rounded by up to 10⁴ epsilon.
    assert np.abs(log_softmax(Z) - expected).max() <= 2e4 * EPSILON[precision]


@unhurried
@given(Z=tables("float64"), shift=st.floats(-1e4, 1e4))
def test_log_softmax_ignores_what_all_outputs_share(Z: Array, shift: float) -> None:
    assert np.abs(log_softmax(Z + shift) - log_softmax(Z)).max() <= 1e5 * EPSILON["float64"]


def test_softmax_does_not_change_its_argument() -> None:
    given = np.array([[0.25, 0.5], [0.75, 1.0]])
    softmax(given)
    assert given.tolist() == [[0.25, 0.5], [0.75, 1.0]]
