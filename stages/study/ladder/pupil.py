"""One training of the study, by the pipeline's own functions, single-threaded."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common import combinations
from stages.common.areas import SIDE
from stages.common.artifacts.digits import Digits
from stages.common.artifacts.encoded import Encoded
from stages.common.combinations import Surroundings
from stages.encode import encode
from stages.evaluate import judge
from stages.network import course
from stages.network.activations import ACTIVATIONS, Activation
from stages.network.first_weights import FIRST_WEIGHTS, draw
from stages.network.parameters import Parameters
from stages.network.recipe import POST, recipe_of
from stages.network.teaching import Teacher
from stages.study.ladder.plan import Values, full
from stages.study.ladder.pools import Rows
from stages.train import begun, train

Scores = npt.NDArray[np.float64]

_CURVES = ("cost", "accuracy", "validation_cost", "validation_accuracy")


class Outcome(NamedTuple):
    """What an entry gave.

    parameters: the trained network. curves: (4, epochs) cost in nats and accuracy, before each
    epoch's updates on the rows that train, after them on those that validate, NaN where none do.
    scores: (4,) accuracy and cost of the trained network on training rows, then on validation rows.
    predicted: (n,) uint8 what it reads on the validation rows. seconds: () of training alone.
    """

    parameters: Parameters
    curves: Scores
    scores: Scores
    predicted: npt.NDArray[np.uint8]
    seconds: Scores


def encoded(values: Values, digits: Digits) -> Encoded:
    """Return digits as a network with these values takes them."""
    side = int(values.get("encode.side", SIDE))
    return encode(digits, side, float(values["encode.pixel_scale"]))


def activation_of(values: Values) -> Activation:
    """Return the activation of the hidden layers."""
    return ACTIVATIONS[values.get("train.activation", POST["activation"])]


def settings_of(values: Values, seed: int) -> dict[str, Any]:
    """Return the settings of training, those of the post where no other is named."""
    return POST | full(values)["train"] | {"seed": seed}


def start_of(values: Values, seed: int) -> Parameters:
    """Return the first weights and biases, as the stage initialize makes them."""
    how = full(values)["initialize"]
    rule = FIRST_WEIGHTS[how.get("first_weights", "uniform")]
    return draw(how["layers"], rule, np.random.default_rng(seed))


def carry_out(
    values: Values, seed: int, rows: Rows, teacher: Teacher | None, tick: Callable[[], object]
) -> Outcome:
    """Train a network; `tick` is called after each epoch. Raises DigitsError where it diverges."""
    settings, learning = settings_of(values, seed), encoded(values, rows.train)
    validation = encoded(values, rows.validation) if len(rows.validation.row) else None
    around = Surroundings(
        learning.side, full(values)["initialize"]["layers"], len(learning.X),
        len(rows.validation.row),
    )  # fmt: skip
    combinations.refuse(settings, around)
    recipe, epochs = recipe_of(settings), settings["epochs"]
    began = time.perf_counter()
    start = begun(recipe, start_of(values, seed), validation)
    for progress in train(recipe, start, learning, validation, teacher, epochs, 1):
        done = progress
        tick()
    seconds = time.perf_counter() - began
    parameters = course.result(recipe, done.arrays)
    checked, predicted = _judged(parameters, recipe.activation, validation)
    learned, _ = _judged(parameters, recipe.activation, learning)
    return Outcome(
        parameters, _curves(done.course), np.array([*learned, *checked]), predicted,
        np.array(seconds),
    )  # fmt: skip


def _judged(
    parameters: Parameters, activation: Activation, rows: Encoded | None
) -> tuple[tuple[float, float], npt.NDArray[np.uint8]]:
    """Return accuracy, cost and readings on some rows: NaN and none where there are no rows."""
    if rows is None:
        return (np.nan, np.nan), np.empty(0, np.uint8)
    judged = judge(parameters, activation, rows)
    return (judged.accuracy, judged.cost), judged.predicted


def _curves(found: dict[str, list[float]]) -> Scores:
    """Return what epochs found, in the order of `Outcome`."""
    nothing = [np.nan] * len(found["cost"])
    return np.array([found.get(name, nothing) for name in _CURVES])
