"""Dropout: which units stay, and that training with masks is what the formula says."""

import math

import numpy as np
import pytest

from stages.network import dropout
from stages.network.parameters import Parameters
from stages.network.propagation import Mask
from tests.network.helpers import arrays, random_parameters


def masks(seed: int, share: float = 0.3, n: int = 5) -> list[Mask]:
    return dropout.draw([4, 3], n, share, np.random.default_rng(seed))


def test_masks_have_the_shapes_of_the_hidden_layers() -> None:
    assert [mask.shape for mask in masks(0)] == [(4, 5), (3, 5)]
    assert {mask.dtype for mask in masks(0)} == {np.dtype(bool)}


def test_masks_are_known() -> None:
    # NumPy promises the stream: numbers of 24 bits, in order.
    numbers = np.random.default_rng(1).random(35_000, dtype=np.float32)
    assert numbers[:3].tolist() == [0.4731886386871338, 0.5118215680122375, 0.7551674842834473]
    first, second = masks(1, n=5000)
    assert np.array_equal(first.ravel(), numbers[:20_000] >= 0.3)
    assert np.array_equal(second.ravel(), numbers[20_000:] >= 0.3)


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    assert all(map(np.array_equal, masks(1, n=50), masks(1, n=50)))
    assert not any(map(np.array_equal, masks(1, n=50), masks(2, n=50)))


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5])
def test_so_many_units_are_left_out(share: float) -> None:
    first, second = dropout.draw([100, 100], 2000, share, np.random.default_rng(3))
    deviation = math.sqrt(share * (1 - share))
    for mask in (first, second):
        left_out = ~mask
        assert abs(left_out.mean() - share) < 5 * deviation / math.sqrt(mask.size)
        # Each unit on some images, each image some units.
        assert np.abs(left_out.mean(axis=1) - share).max() < 5 * deviation / math.sqrt(2000)
        assert np.abs(left_out.mean(axis=0) - share).max() < 6 * deviation / 10
    # The layers are independent.
    both = (~first & ~second).mean()
    assert abs(both - share**2) < 5 * share / math.sqrt(first.size)


def test_a_share_of_nothing_leaves_none_out() -> None:
    assert all(mask.all() for mask in masks(4, share=0.0, n=100))


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_weights_above_hidden_layers_are_divided(precision: type) -> None:
    parameters: Parameters = [
        (W.astype(precision), b.astype(precision))
        for W, b in random_parameters([5, 4, 3, 2], 1.0, seed=5)
    ]
    found = dropout.above_divided(parameters, 0.2)
    assert {array.dtype for array in arrays(found)} == {np.dtype(precision)}
    factors = [1, 1, 0.8, 1, 0.8, 1]
    for one, other, factor in zip(arrays(found), arrays(parameters), factors, strict=True):
        assert one * factor == pytest.approx(other, rel=1e-6)


@pytest.mark.parametrize("n", [7, 8, 1001])
@pytest.mark.parametrize("before", [0, 1])
def test_masks_drawn_some_at_a_time_are_those_drawn_at_once(
    n: int, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (np.random.default_rng(5) for _ in range(2))
    for rng in (one, other):
        rng.random(before, np.float32)
    whole = dropout.masks([3, 5], n, 0.3, one)
    monkeypatch.setattr(dropout, "_AT_ONCE", 0)
    some = dropout.masks([3, 5], n, 0.3, other)
    for rows in (slice(3, 6), slice(0, 3), slice(1, n), slice(0, n + 9)):
        assert all(map(np.array_equal, some(rows), whole(rows)))
    # What follows is the same, too.
    assert one.random(3, np.float32).tobytes() == other.random(3, np.float32).tobytes()
