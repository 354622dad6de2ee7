"""Gradient descent: every step goes down the gradient over a batch, by the rules of a recipe."""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple, Protocol

import numpy as np

from stages.network import dropout, processes, updates
from stages.network.ahead import ahead
from stages.network.averaging import State as Averaged
from stages.network.batches import Batch, Feed, Whole
from stages.network.clipping import clipped
from stages.network.dropout import Masks
from stages.network.exact import held_below
from stages.network.parameters import Parameters, Vector, flat, shaped
from stages.network.processes import Processes
from stages.network.propagation import Found, Network
from stages.network.recipe import Recipe
from stages.network.schedules import Length
from stages.network.side_by_side import shared
from stages.network.streams import DROPOUT, stream
from stages.network.teaching import Aim
from stages.network.updates import Moments
from stages.network.workers import Workers, keep_memory

_MANY_UNITS = 256  # of a layer: to draw which of them stay takes longer than to wake a thread


class State(NamedTuple):
    """What a training's next step depends on, beside its settings and its place.

    theta: all parameters, (p,). moments, averaged: those of the update rule and of the averaging.
    """

    theta: Vector
    moments: Moments
    averaged: Averaged


class Task(NamedTuple):
    """What is trained on what.

    sizes: of the layers, pixels first. aim: sets the targets of images, None: the truth.
    """

    sizes: Sequence[int]
    feed: Feed
    pixel_scale: float
    aim: Aim | None


class Crew(Protocol):
    """What works on batches."""

    def found(self, parameters: Parameters, batch: Batch, masks: Masks | None, /) -> Found:
        """Return what a batch says of the parameters.

        masks: of the hidden layers, or None.
        """


# Makes a crew for a task, which is there for as long as a block runs. It may use some helpers'
# threads: so many, with the one that asks.
Hire = Callable[[Recipe, Task, Executor, int], AbstractContextManager[Crew]]


class Elsewhere(NamedTuple):
    """Where images are, if not here, and what works on them there.

    feed: of batches without parts. rounding: what of that place decides the bits of floats.
    """

    feed: Feed
    hire: Hire
    rounding: str


class Epoch(NamedTuple):
    """One epoch: what it found on the training rows, and what it left.

    cost: mean cross-entropy in nats over the batches as they were met, each before its update.
    accuracy: likewise, as a share. learning_rate: of its last step. state: to go on from.
    parameters: to use; averaged where the recipe says so.
    """

    cost: float
    accuracy: float
    learning_rate: float
    state: State
    parameters: Parameters


class DivergenceError(ArithmeticError):
    """Training cannot go on, from an epoch that found this cost and left these parameters."""

    def __init__(self, epoch: int, cost: float, parameters: Parameters, held: bool) -> None:
        """Take the epoch's number, from 1, its mean cost in nats, and the parameters.

        held: whether these, at least, are such as training computes with.
        """
        super().__init__(epoch, cost, parameters, held)
        self.epoch, self.cost, self.parameters, self.held = epoch, cost, parameters, held


def begin(recipe: Recipe, parameters: Parameters) -> State:
    """Return the state before the first step."""
    theta = flat(parameters).astype(recipe.arithmetic.weights)
    return State(theta, recipe.update.start(theta), recipe.averaging.start(theta))


def hired_here(
    recipe: Recipe, task: Task, helpers: Executor, threads: int
) -> AbstractContextManager[Crew]:
    """Return what works here: threads, or processes where all that they add up is exact."""
    arithmetic, feed = recipe.arithmetic, task.feed
    network = network_of(recipe, task.pixel_scale, isinstance(feed, Whole))
    if isinstance(feed, Whole) and threads > 1 and arithmetic.everywhere and processes.are_there():
        return Processes(network, task.sizes, feed.chunks, task.aim, threads)
    return nullcontext(Workers(network, helpers, threads, arithmetic.weights, task.aim))


def network_of(recipe: Recipe, pixel_scale: float, whole: bool) -> Callable[[Parameters], Network]:
    """Return what makes a network of parameters; whole: for chunks that hold all images."""
    make = recipe.arithmetic.network if whole else recipe.arithmetic.dense
    return lambda parameters: make(parameters, pixel_scale, recipe.activation)


def descend(
    recipe: Recipe,
    task: Task,
    state: State,
    done: int,
    epochs: int,
    threads: int,
    hire: Hire = hired_here,
) -> Generator[Epoch, None, None]:
    """Yield the epochs after `done`, to `epochs`, from the state that those done have left.

    hire: makes what works on the batches. Nothing given is changed. The number of threads changes
    no bit, as long as the BLAS runs one thread for each of them. Raises DivergenceError in an epoch
    whose cost, or a number that an update leaves, is not finite or too large.
    """
    keep_memory()
    with (
        ThreadPoolExecutor(threads) as helpers,
        hire(recipe, task, helpers, threads) as workers,
    ):
        move = shared(recipe.update.move, helpers, threads)
        recipe = recipe._replace(update=recipe.update._replace(move=move))
        fixed = _fixed(recipe, task, workers, state.theta, epochs)
        for number in range(done + 1, epochs + 1):
            met = _met(recipe, task, number)
            batches = ahead(helpers, met) if _worth_drawing_ahead(recipe, task, threads) else met
            epoch = _epoch(fixed, batches, state, number)
            yield epoch
            state = epoch.state


class _Fixed(NamedTuple):
    """What all steps have in common.

    settings: the update rule's. calm_below: any arithmetic holds parameters of such absolute
    values, without a closer look.
    """

    recipe: Recipe
    task: Task
    workers: Crew
    length: Length
    settings: updates.Settings
    calm_below: float


def _fixed(recipe: Recipe, task: Task, workers: Crew, theta: Vector, epochs: int) -> _Fixed:
    """Return what all steps have in common, with parameters like theta (p,), of so many epochs."""
    length = Length(task.feed.steps, epochs)
    decayed = updates.weights_alone(shaped(theta, task.sizes))
    settings = updates.Settings(
        recipe.momentum, recipe.second_momentum, recipe.weight_decay, decayed
    )
    calm_below = held_below(task.sizes, task.pixel_scale, recipe.activation)
    return _Fixed(recipe, task, workers, length, settings, calm_below)


def _epoch(
    fixed: _Fixed, batches: Iterator[tuple[Batch, Masks | None]], state: State, number: int
) -> Epoch:
    """Return the epoch of some number, from the state before it."""
    averaging, span, epochs = fixed.recipe.averaging, fixed.recipe.span, fixed.length.epochs
    # Rules change the moments.
    state = state._replace(moments={key: x.copy() for key, x in state.moments.items()})
    cost, right, rate = 0.0, 0, 0.0
    for step, (batch, masks) in enumerate(batches, (number - 1) * fixed.length.steps_an_epoch):
        state, found, rate = _step(fixed, state, batch, masks, step)
        cost += found.cost
        right += found.right
        if not _calm(fixed, state.theta):
            _refuse(fixed, state.theta, number, found.cost / batch.rows)
    theta, m = state.theta, fixed.task.feed.rows
    averaged = averaging.after_epoch(theta, state.averaged, number, epochs, span)
    if not math.isfinite(cost):
        _refuse(fixed, theta, number, cost / m)
    parameters = shaped(averaging.value(theta, averaged), fixed.task.sizes)
    return Epoch(cost / m, right / m, rate, state._replace(averaged=averaged), parameters)


def _step(
    fixed: _Fixed, state: State, batch: Batch, masks: Masks | None, step: int
) -> tuple[State, Found, float]:
    """Return the state after a step, what its batch said before, and its learning rate."""
    recipe, rows = fixed.recipe, batch.rows
    found = _learn(fixed, state.theta, batch, masks)
    total = found.gradient
    if recipe.clip_norm is not None:
        total = clipped(total, rows, recipe.clip_norm)
    rate = recipe.schedule.rate_at(step, fixed.length, recipe.pace)
    theta, moments = recipe.update.move(
        state.theta, total, rows, rate, state.moments, fixed.settings
    )
    averaged = recipe.averaging.after_step(theta, state.averaged, recipe.span)
    return State(theta, moments, averaged), found, rate


def _met(recipe: Recipe, task: Task, number: int) -> Iterator[tuple[Batch, Masks | None]]:
    """Yield the batches of an epoch, with the units of the hidden layers that stay.

    Where the images of a batch are elsewhere, so is what says which units stay.
    """
    share, units = recipe.dropout, task.sizes[1:-1]
    rng = stream(recipe.seed, DROPOUT, number) if share else None
    for batch in task.feed.epoch(number):
        yield batch, dropout.masks(units, batch.rows, share, rng) if rng and batch.parts else None


def _worth_drawing_ahead(recipe: Recipe, task: Task, threads: int) -> bool:
    """Tell whether a thread is to draw a batch's masks while the one before is learnt."""
    return threads > 1 and recipe.dropout > 0 and max(task.sizes[1:-1], default=0) >= _MANY_UNITS


def _learn(fixed: _Fixed, theta: Vector, batch: Batch, masks: Masks | None) -> Found:
    """Return what a batch says of parameters (p,)."""
    sizes, share = fixed.task.sizes, fixed.recipe.dropout
    parameters = shaped(theta, sizes)
    if share:
        parameters = dropout.above_divided(parameters, share)
    found = fixed.workers.found(parameters, batch, masks)
    if share:
        dropout.divide_above(shaped(found.gradient, sizes), share)
    return found


def _calm(fixed: _Fixed, theta: Vector) -> bool:
    """Tell whether the parameters are so small that they need no closer look."""
    # Of the squares, none is rounded to more than their sum is; vdot warns of no overflow.
    return float(np.vdot(theta, theta)) < fixed.calm_below * fixed.calm_below


def _refuse(fixed: _Fixed, theta: Vector, number: int, cost: float) -> None:
    """Raise DivergenceError where the cost is not finite, or the parameters are not held."""
    recipe, task = fixed.recipe, fixed.task
    parameters = shaped(theta, task.sizes)
    held = recipe.arithmetic.holds(parameters, task.pixel_scale, recipe.activation)
    if not (math.isfinite(cost) and held):
        raise DivergenceError(number, cost, parameters, held)
