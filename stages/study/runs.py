"""One run of the study: trained and scored by the pipeline's own functions, watched on the way."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from stages.common.areas import SIDE
from stages.common.artifacts.checkpoint import Progress
from stages.common.artifacts.digits import Digits
from stages.common.artifacts.encoded import Encoded
from stages.encode import encode
from stages.evaluate import judge, metrics
from stages.network import course
from stages.network.arithmetic import ARITHMETICS
from stages.network.first_weights import draw, uniform
from stages.network.parameters import Parameters, cast
from stages.network.recipe import POST, recipe_of
from stages.network.recipe import Recipe as How
from stages.study.saturation import FirstLayer, inspect
from stages.train import begun, train

# The first layer is looked at after so many epochs, and after the last.
MOMENTS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 500)

Scores = npt.NDArray[np.float64]


class Run(NamedTuple):
    """What one run is, and no other: the settings in which runs of the study differ."""

    pixels: str
    pixel_scale: float
    learning_rate: float
    seed: int


class Recipe(NamedTuple):
    """What all runs have in common: layer sizes, epochs, and the float type of training."""

    layers: list[int]
    epochs: int
    precision: str


class Outcome(NamedTuple):
    """What a run gave.

    cost, accuracy: (epochs,), on the training rows before each epoch's update; nats, shares.
    scores: (4,) of the trained network: accuracy and cost on training rows, then on test rows.
    moments: (k,) the epochs after which the first layer was looked at.
    first_layer: (k, 5) what was seen there, in the order of FirstLayer's fields.
    seconds: () how long training alone took.
    """

    cost: Scores
    accuracy: Scores
    scores: Scores
    moments: Scores
    first_layer: Scores
    seconds: Scores


def start_of(run: Run, recipe: Recipe) -> Parameters:
    """Return the run's first parameters, as the stages initialize and train make them."""
    first = draw(recipe.layers, uniform, np.random.default_rng(run.seed))
    return cast(first, ARITHMETICS[recipe.precision].weights)


def settings_of(run: Run, recipe: Recipe) -> dict[str, Any]:
    """Return the run's settings by the names of the params in `train`."""
    return POST | {
        "epochs": recipe.epochs,
        "learning_rate": run.learning_rate,
        "precision": recipe.precision,
    }


def carry_out(
    run: Run, recipe: Recipe, rows: tuple[Digits, Digits], threads: int, tick: Callable[[], object]
) -> Outcome:
    """Train and score one run on `rows`, those that train and those that test.

    `tick` is called after each epoch. Raises DigitsError where training diverges.
    """
    train_rows, test_rows = (encode(part, SIDE, run.pixel_scale) for part in rows)
    how, first = recipe_of(settings_of(run, recipe)), start_of(run, recipe)
    watched = _Course(how, first, train_rows, recipe.epochs)
    start = begun(how, first, None)
    for progress in train(how, start, train_rows, None, None, recipe.epochs, threads):
        watched.note(progress)
        tick()
    learned, tested = (
        metrics(judge(watched.parameters, how.activation, part)) for part in (train_rows, test_rows)
    )
    return Outcome(
        cost=np.array(progress.course["cost"]),
        accuracy=np.array(progress.course["accuracy"]),
        scores=np.array([*(learned[key] for key in _KEYS), *(tested[key] for key in _KEYS)]),
        moments=np.array([float(epoch) for epoch, _ in watched.seen]),
        first_layer=np.array([tuple(map(float, state)) for _, state in watched.seen]),
        seconds=np.array(watched.seconds),
    )


_KEYS = ("accuracy", "cost")


def carry_out_there(shared: tuple[Recipe, tuple[Digits, Digits]], run: Run) -> Outcome:
    """Train and score one run as a task of a cluster; shared: what all runs have in common."""
    recipe, rows = shared
    with threadpool_limits(1, "blas"):
        return carry_out(run, recipe, rows, 1, lambda: None)


class _Course:
    """A training under way: now and then it stops the clock and looks at the first layer."""

    def __init__(self, how: How, parameters: Parameters, rows: Encoded, epochs: int) -> None:
        """Look at the parameters before the first epoch, and start the clock."""
        self._how, self._rows = how, rows
        self._when = {epoch for epoch in MOMENTS if epoch < epochs} | {epochs}
        self.parameters = parameters
        self.seen: list[tuple[int, FirstLayer]] = [(0, self._look())]
        self.seconds = 0.0
        self._started = time.perf_counter()

    def note(self, progress: Progress) -> None:
        """Take in the progress after an epoch."""
        self.seconds += time.perf_counter() - self._started
        self.parameters = course.result(self._how, progress.arrays)
        if progress.epochs in self._when:
            self.seen.append((progress.epochs, self._look()))
        self._started = time.perf_counter()

    def _look(self) -> FirstLayer:
        """Return the state of the first layer on the training rows."""
        return inspect(self._how.arithmetic, self.parameters, self._rows)
