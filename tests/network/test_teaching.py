"""Distillation: a teacher's targets are of the very pixels that its student sees."""

from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.activations import ACTIVATIONS
from stages.network.batches import feed_of
from stages.network.descent import Task, begin, descend
from stages.network.first_weights import draw, glorot
from stages.network.parameters import Parameters, flat, sizes_of
from stages.network.teaching import Teacher, aim_of
from tests.network.helpers import recipe

BENT = {"shift": 3.0, "rotate": 20.0, "elastic": 3.0}


def network(seed: int) -> Parameters:
    return draw([784, 16, 10], glorot, np.random.default_rng(seed))


def step(rows: Encoded, student: Parameters, teacher: Teacher | None, **settings: Any) -> Any:
    """Return the parameters (p,) after one epoch of one step."""
    how = recipe(settings.pop("precision", "float64"), 1.0, activation="tanh", **settings)
    feed = feed_of(how, rows.X, rows.Y, 16, teacher is not None, 1)
    aim = aim_of(how, teacher, rows.pixel_scale)
    task = Task(sizes_of(student), feed, rows.pixel_scale, aim)
    (epoch,) = descend(how, task, begin(how, student), 0, 1, 1)
    return flat(epoch.parameters)


TANH = ACTIVATIONS["tanh"]


@pytest.mark.parametrize("settings", [{}, BENT], ids=["as they are", "deformed"])
def test_a_student_that_says_what_its_teacher_does_learns_nothing(
    digits: Encoded, settings: dict[str, Any]
) -> None:
    start, told = network(1), Teacher(network(1), TANH)
    left = step(digits, start, told, teacher_weight=1.0, **settings)
    # A target is a whole number of 2^-22, so at most half of that apart.
    assert np.abs(left - flat(start)).max() < 2**-22
    other = step(digits, start, Teacher(network(2), TANH), teacher_weight=1.0, **settings)
    assert np.abs(other - flat(start)).max() > 1e-3


@pytest.mark.parametrize("precision", ["float64", "reproducible"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_a_target_is_moved_to_the_teachers_by_its_weight(
    digits: Encoded, precision: str, smoothing: float
) -> None:
    # The gradient is linear in the targets.
    start, told = network(1), Teacher(network(2), TANH)
    how = {"label_smoothing": smoothing, "precision": precision}
    ends = [step(digits, start, told, teacher_weight=weight, **how) for weight in (0.0, 0.3, 1.0)]
    assert np.abs(ends[1] - (0.7 * ends[0] + 0.3 * ends[2])).max() < 1e-6
    assert np.abs(ends[0] - step(digits, start, None, **how)).max() < 1e-6


def test_the_temperature_divides_the_teachers_outputs(digits: Encoded) -> None:
    *hidden, (W, b) = network(2)
    told, cooled = Teacher([*hidden, (W, b)], TANH), Teacher([*hidden, (W / 4, b / 4)], TANH)
    soft = step(digits, network(1), told, teacher_weight=1.0, teacher_temperature=4.0)
    assert np.array_equal(soft, step(digits, network(1), cooled, teacher_weight=1.0))


def test_a_teacher_has_layers_and_an_activation_of_its_own(digits: Encoded) -> None:
    told = Teacher(draw([784, 7, 5, 10], glorot, np.random.default_rng(4)), ACTIVATIONS["silu"])
    assert np.isfinite(step(digits, network(1), told)).all()
