"""Whole training: what it returns, what it leaves alone, and how it fails."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.common.errors import DigitsError
from stages.network.parameters import Parameters
from tests.network.helpers import PRECISIONS, arrays, go_on, random_parameters, trained


@pytest.fixture
def initial() -> Parameters:
    return random_parameters([784, 16, 16, 10], spread=0.5, seed=0)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_trained_parameters_have_the_precision(
    initial: Parameters, digits: Encoded, precision: str
) -> None:
    found = trained(initial, digits, 2, 0.8, precision)
    kept = "float64" if precision == "reproducible" else precision
    assert {array.dtype.name for array in arrays(found.parameters)} == {kept}


def test_every_epoch_is_in_the_course(initial: Parameters, digits: Encoded) -> None:
    found = trained(initial, digits, 7, 0.8, "float32")
    assert len(found.cost) == len(found.accuracy) == 7
    assert {type(number) for number in found.cost + found.accuracy} == {float}


def test_shorter_training_is_the_start_of_a_longer_one(
    initial: Parameters, digits: Encoded
) -> None:
    short = trained(initial, digits, 3, 0.8, "float32")
    long = trained(initial, digits, 5, 0.8, "float32")
    assert long.cost[:3] == short.cost
    assert long.accuracy[:3] == short.accuracy


@pytest.mark.parametrize("precision", PRECISIONS)
def test_training_that_goes_on_gives_the_same_bits(
    initial: Parameters, digits: Encoded, precision: str
) -> None:
    whole = trained(initial, digits, 5, 0.8, precision)
    start = trained(initial, digits, 2, 0.8, precision)
    rest = go_on(start, digits, 5)
    assert all(map(np.array_equal, arrays(rest.parameters), arrays(whole.parameters)))
    assert (rest.cost, rest.accuracy) == (whole.cost, whole.accuracy)


def test_training_does_not_change_its_arguments(initial: Parameters, digits: Encoded) -> None:
    start = trained(initial, digits, 1, 0.8, "float64")
    given = [*arrays(initial), *start.progress.arrays.values(), digits.X, digits.Y, digits.row]
    before, cost = [array.copy() for array in given], list(start.cost)
    go_on(start, digits, 3)
    assert all(map(np.array_equal, given, before))
    assert start.cost == cost


def test_training_at_pixel_scale_255_brings_the_cost_down_in_every_epoch(
    initial: Parameters, digits: Encoded
) -> None:
    found = trained(initial, digits, 50, 0.8, "float32")
    assert np.all(np.diff(found.cost) < 0)
    assert found.accuracy[-1] > found.accuracy[0] + 0.3


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("pixel_scale", [1.0, 255.0])
@pytest.mark.parametrize(
    ("learning_rate", "precision"),
    [(1e300, "float32"), (1e308, "float64"), (1e40, "reproducible"), (1e308, "reproducible")],
    ids=str,
)
def test_divergence_is_told_with_what_to_try(
    initial: Parameters,
    many_digits: Encoded,
    learning_rate: float,
    precision: str,
    pixel_scale: float,
    threads: int,
) -> None:
    rows = replace(many_digits, pixel_scale=pixel_scale)
    with pytest.raises(DigitsError) as raised:
        trained(initial, rows, 20, learning_rate, precision, threads)
    told = str(raised.value)
    assert re.search(r"\bepoch [1-9]\d*\b", told)
    assert f"train.learning_rate {learning_rate}" in told
    assert "Try a smaller one" in told
    assert "encode.pixel_scale 255.0" in told


def test_divergence_names_the_first_epoch_that_is_not_finite(
    initial: Parameters, digits: Encoded
) -> None:
    with pytest.raises(DigitsError) as raised:
        trained(initial, digits, 20, 1e306, "float64")
    named = re.search(r"\bepoch (\d+)\b", str(raised.value))
    assert named
    assert int(named[1]) > 1
    found = trained(initial, digits, int(named[1]) - 1, 1e306, "float64")
    assert np.all(np.isfinite(found.cost))
    assert all(np.all(np.isfinite(array)) for array in arrays(found.parameters))


def test_weights_that_only_the_last_update_left_infinite_are_refused(
    initial: Parameters, digits: Encoded
) -> None:
    # The cost of the first epoch knows nothing of the learning rate.
    with pytest.raises(DigitsError, match=r"epoch 1: .* weights that are not finite"):
        trained(initial, digits, 1, 1e300, "float32")


@pytest.mark.parametrize("pixel_scale", [1.0, 255.0])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("update", ["descent", "nesterov", "adamw"])
@pytest.mark.parametrize("precision", ["reproducible", "float32"])
def test_divergence_inside_an_epoch_is_told_as_any(
    initial: Parameters,
    digits: Encoded,
    precision: str,
    update: str,
    activation: str,
    pixel_scale: float,
) -> None:
    rows = replace(digits, pixel_scale=pixel_scale)
    how: dict[str, Any] = {"update": update, "activation": activation, "batch_rows": 32}
    with pytest.raises(DigitsError, match=r"diverged in epoch 1: .* Try a smaller one"):
        trained(initial, rows, 3, 1e300, precision, **how)


def test_a_step_in_the_middle_of_an_epoch_that_leaves_too_much_ends_it(
    initial: Parameters, digits: Encoded
) -> None:
    # Clipped gradients and the decay would bring weights back below 2^64 in the same epoch.
    how: dict[str, Any] = {"batch_rows": 100, "clip_norm": 1.0, "weight_decay": 0.9999 * 2.0**-66}
    with pytest.raises(DigitsError, match=r"diverged in epoch 1: .* weights that are too large"):
        trained(initial, digits, 1, 2.0**66, "reproducible", **how)
