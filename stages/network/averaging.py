"""Averaging: parameters that are a mean over the course of a training, one mean by name.

theta is all parameters, (p,). A state is arrays by name: `average` (p,) in theta's float type, and
`count` (), how many thetas are in it. The first theta is taken whole, as by PyTorch's
AveragedModel.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.parameters import Vector

State = dict[str, npt.NDArray[Any]]


class Settings(NamedTuple):
    """What averaging is told.

    decay: the share of its mean that `ema` keeps a step. begin: the share of the epochs after
    which `swa` begins, below 1.
    """

    decay: float
    begin: float


class Average(NamedTuple):
    """A mean.

    start: returns the state before the first step. after_step: takes theta after a step and the
    state; returns the state. after_epoch: takes theta after an epoch, the state, the epoch's
    number from 1 and the number of epochs; returns the state. value: returns the parameters to
    use (p,), from theta and the state. needs_end: whether the number of epochs decides.
    """

    start: Callable[[Vector], State]
    after_step: Callable[[Vector, State, Settings], State]
    after_epoch: Callable[[Vector, State, int, int, Settings], State]
    value: Callable[[Vector, State], Vector]
    needs_end: bool


def _nothing(_: Vector) -> State:
    """Return no state."""
    return {}


def _empty(theta: Vector) -> State:
    """Return a mean that nothing is in."""
    return {"average": theta, "count": np.zeros((), np.int64)}


def _unmoved(_: Vector, state: State, *__: object) -> State:
    """Return the state as it is."""
    return state


def _decaying(theta: Vector, state: State, settings: Settings) -> State:
    """Return a ← d a + (1 − d) theta: the exponential moving average (EMA) of the steps."""
    return _towards(theta, state, 1 - settings.decay)


def _equal(theta: Vector, state: State, epoch: int, epochs: int, settings: Settings) -> State:
    """Return the mean of the epochs after the point: SWA (Izmailov et al., 2018)."""
    if epoch <= settings.begin * epochs:
        return state
    return _towards(theta, state, 1 / (int(state["count"]) + 1))


def _towards(theta: Vector, state: State, share: float) -> State:
    """Return the state with the average moved to theta by a share of the way, at first wholly."""
    average, count = theta, state["count"] + 1
    if state["count"]:
        average = theta - state["average"]
        average *= theta.dtype.type(share)
        average += state["average"]
    return {"average": average, "count": np.asarray(count)}


def _itself(theta: Vector, _: State) -> Vector:
    """Return theta."""
    return theta


def _mean(theta: Vector, state: State) -> Vector:
    """Return the average, and theta where nothing is in it yet."""
    return state["average"] if state["count"] else theta


AVERAGES: dict[str, Average] = {
    "none": Average(_nothing, _unmoved, _unmoved, _itself, needs_end=False),
    "ema": Average(_empty, _decaying, _unmoved, _mean, needs_end=False),
    "swa": Average(_empty, _unmoved, _equal, _mean, needs_end=True),
}
