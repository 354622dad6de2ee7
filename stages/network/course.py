"""The course of a training: its epochs, what they come to on other rows, and the best of them."""

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network import exact
from stages.network.descent import (
    DivergenceError,
    Epoch,
    Hire,
    State,
    Task,
    begin,
    descend,
    hired_here,
)
from stages.network.parameters import Parameters, cast, flat, shaped, sizes_of
from stages.network.recipe import Recipe
from stages.network.validation import Validation, judged

# All that a training goes on from, by name: W1, b1, W2, …, what the update rule and the averaging
# remember, and with patience the best parameters so far, their cost and their epoch.
Arrays = dict[str, npt.NDArray[Any]]

_MOMENT, _AVERAGED = "moment_", "averaged_"


class Point(NamedTuple):
    """Where a training stands after an epoch, and what that epoch found: numbers by name."""

    arrays: Arrays
    found: dict[str, float]


def columns(recipe: Recipe, validated: bool) -> list[str]:
    """Return the names of what an epoch finds, where rows validate and where none do."""
    more = ["validation_cost", "validation_accuracy"] if validated else []
    return ["cost", "accuracy", *more, *(["learning_rate"] if recipe.rate_varies else [])]


def start(recipe: Recipe, parameters: Parameters) -> Arrays:
    """Return the arrays before the first epoch."""
    state = begin(recipe, parameters)
    best = _best(state.theta, math.inf, 0) if recipe.patience else {}
    return _named(state, sizes_of(parameters)) | best


def sizes(arrays: Arrays) -> list[int]:
    """Return the sizes of the layers that the arrays are of, pixels first."""
    return sizes_of(_layers(arrays))


def result(recipe: Recipe, arrays: Arrays) -> Parameters:
    """Return the parameters to use: the best, where there is patience."""
    theta, _, averaged = _state(arrays)
    used = arrays["best"] if recipe.patience else recipe.averaging.value(theta, averaged)
    return shaped(used, sizes(arrays))


def follow(
    recipe: Recipe,
    task: Task,
    rows: Validation | None,
    arrays: Arrays,
    done: int,
    epochs: int,
    threads: int,
    hire: Hire = hired_here,
) -> Generator[Point, None, None]:
    """Yield the epochs after `done`, to `epochs` or to where patience with the `rows` ends.

    hire: makes what works on the batches. Nothing given is changed. Raises DivergenceError as
    `descend` does.
    """
    best = {name: arrays[name] for name in arrays if name.startswith("best")}
    course = descend(recipe, task, _state(arrays), done, epochs, threads, hire)
    with closing(course):
        while not _exhausted(recipe, best, done) and (epoch := next(course, None)):
            done += 1
            found = _found(recipe, epoch, rows, done, threads)
            if best and found["validation_cost"] < best["best_cost"]:
                best = _best(flat(epoch.parameters), found["validation_cost"], done)
            yield Point(_named(epoch.state, task.sizes) | best, found)


def _found(
    recipe: Recipe, epoch: Epoch, rows: Validation | None, number: int, threads: int
) -> dict[str, float]:
    """Return what an epoch found, on the rows that validate too."""
    found = {"cost": epoch.cost, "accuracy": epoch.accuracy}
    if rows:
        parameters = cast(epoch.parameters, np.float64)
        if not exact.holds(parameters, rows.pixel_scale, recipe.activation):
            raise DivergenceError(number, epoch.cost, parameters, held=False)
        cost, accuracy = judged(parameters, recipe.activation, rows, threads)
        found |= {"validation_cost": cost, "validation_accuracy": accuracy}
    return found | ({"learning_rate": epoch.learning_rate} if recipe.rate_varies else {})


def _best(theta: npt.NDArray[Any], cost: float, epoch: int) -> Arrays:
    """Return what is kept of the best epoch so far."""
    return {"best": theta, "best_cost": np.array(cost), "best_epoch": np.array(epoch, np.int64)}


def _exhausted(recipe: Recipe, best: Arrays, done: int) -> bool:
    """Tell whether the best epoch is too long ago."""
    return recipe.patience is not None and done - int(best["best_epoch"]) >= recipe.patience


def _named(state: State, sizes: Sequence[int]) -> Arrays:
    """Return a state as arrays by name."""
    arrays: Arrays = {}
    for number, (W, b) in enumerate(shaped(state.theta, sizes), start=1):
        arrays |= {f"W{number}": W, f"b{number}": b}
    arrays |= {_MOMENT + name: array for name, array in state.moments.items()}
    return arrays | {_AVERAGED + name: array for name, array in state.averaged.items()}


def _state(arrays: Arrays) -> State:
    """Return the state in arrays by name."""
    moments, averaged = (
        {name.removeprefix(kind): arrays[name] for name in arrays if name.startswith(kind)}
        for kind in (_MOMENT, _AVERAGED)
    )
    return State(flat(_layers(arrays)), moments, averaged)


def _layers(arrays: Arrays) -> Parameters:
    """Return the layers in arrays by name."""
    count = len([name for name in arrays if name.startswith("W")])
    return [(arrays[f"W{number}"], arrays[f"b{number}"]) for number in range(1, count + 1)]
