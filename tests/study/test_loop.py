"""The loop over single images: right by itself, and held against the pipeline."""

from itertools import islice

import numpy as np
import pytest

from stages.common.artifacts.digits import Digits
from stages.common.errors import DigitsError
from stages.network.first_weights import draw, uniform
from stages.study import agreement, loop
from stages.study.runs import Recipe, Run

RECIPE = Recipe([784, 6, 5, 10], 3, "float32")


def digits(count: int) -> Digits:
    """Return random digits, half of their pixels blank."""
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (count, 784)) * rng.integers(0, 2, (count, 784))
    labels = rng.integers(0, 10, count)
    rows = np.arange(count, dtype=np.int32)
    return Digits(rows, labels.astype(np.uint8), pixels.astype(np.uint8))


def cost_of(parameters: loop.Layers, x: loop.Array, y: loop.Array) -> float:
    """Return the cross-entropy of one image, from the formulas in another form."""
    a = x
    for W, b in parameters[:-1]:
        a = 0.5 + np.tanh((W @ a + b - 1e-5) / 2) / 2
    W, b = parameters[-1]
    z = W @ a + b
    return float(np.logaddexp.reduce(z) - z @ y)


def test_the_gradient_of_one_image_is_that_of_its_cost() -> None:
    rng = np.random.default_rng(3)
    plain = [(W.astype(float), b.astype(float)) for W, b in draw([7, 6, 5, 10], uniform, rng)]
    x, y = rng.random(7), np.eye(10)[4]
    gradient = [(np.zeros_like(W), np.zeros_like(b)) for W, b in plain]
    cost = loop.add_image(gradient, plain, x, y)
    assert cost == pytest.approx(cost_of(plain, x, y), rel=1e-12)
    for pair, slopes in zip(plain, gradient, strict=True):
        for array, slope in zip(pair, slopes, strict=True):
            for index in np.ndindex(array.shape):
                kept = array[index]
                array[index] = kept + 1e-5
                above = cost_of(plain, x, y)
                array[index] = kept - 1e-5
                below = cost_of(plain, x, y)
                array[index] = kept
                assert slope[index] == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-9)


def test_gradients_add_up_and_the_start_stays() -> None:
    rng = np.random.default_rng(4)
    start = [(W.astype(float), b.astype(float)) for W, b in draw([784, 6, 5, 10], uniform, rng)]
    before = [(W.copy(), b.copy()) for W, b in start]
    X, Y = rng.random((3, 784)), np.eye(10)[[1, 2, 3]]
    step = next(loop.descend(start, X, Y, 0.5))
    summed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in start]
    costs = [loop.add_image(summed, start, x, y) for x, y in zip(X, Y, strict=True)]
    assert step.cost == pytest.approx(sum(costs) / 3, rel=1e-12)
    for (W, b), (old_W, old_b), (dW, db) in zip(step.parameters, before, summed, strict=True):
        np.testing.assert_allclose(W, old_W - 0.5 * dW / 3, rtol=1e-12)
        np.testing.assert_allclose(b, old_b - 0.5 * db / 3, rtol=1e-12)
    for (W, b), (old_W, old_b) in zip(start, before, strict=True):
        assert np.array_equal(W, old_W)
        assert np.array_equal(b, old_b)


def test_the_naive_sigmoid_bears_the_sums_of_raw_pixels() -> None:
    assert loop.sigmoid(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]
    assert loop.sigmoid(np.array([1e-5]))[0] == 0.5


@pytest.mark.parametrize("scale", [1.0, 255.0])
def test_the_pipeline_agrees(scale: float) -> None:
    found = agreement.compare(Run("", scale, 0.8, 0), RECIPE, digits(150), 3, 1)
    assert 0 < found.worst <= agreement.TOLERANCE
    assert found.seconds > 0


@pytest.mark.parametrize("changed", ["rate", "epsilon"])
def test_a_difference_in_the_arithmetic_is_refused(
    changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if changed == "rate":
        real = loop.descend
        monkeypatch.setattr(
            loop, "descend", lambda start, X, Y, rate: islice(real(start, X, Y, rate * 1.001), 9)
        )
    else:
        # The loop's own arithmetic is then no longer what the start makes up for.
        monkeypatch.setattr(loop, "shifted", lambda parameters, _: parameters)
    with pytest.raises(DigitsError, match=r"differ by .* expected at most 1e-10"):
        agreement.compare(Run("", 255.0, 0.8, 0), RECIPE, digits(150), 2, 1)
