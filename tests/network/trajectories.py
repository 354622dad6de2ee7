"""A small training to hold against PyTorch's: the modules' steps on a network of formulas alone.

4-5-3, tanh and softmax with cross-entropy, float64, 19 images with their labels in five batches.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stages.network import averaging, schedules, updates
from stages.network.clipping import clipped
from stages.network.parameters import Floats, shaped

SIZES = (4, 5, 3)
ROWS, BATCH_ROWS = 19, 4
EPOCHS, STEPS_AN_EPOCH = 10, 5
STEPS = EPOCHS * STEPS_AN_EPOCH
LENGTH = schedules.Length(STEPS_AN_EPOCH, EPOCHS)
TOLD = (1, 2, 10, 50)  # the steps that are kept


class Case(NamedTuple):
    """A training's settings, by the names of params."""

    learning_rate: float = 0.5
    update: str = "descent"
    momentum: float = 0.9
    second_momentum: float = 0.99
    weight_decay: float = 0.0
    clip_norm: float | None = None
    schedule: str = "constant"
    warmup_epochs: float = 0
    step_epochs: int = 3
    step_factor: float = 0.3
    averaging: str = "none"
    average_decay: float = 0.95
    average_from: float = 0.6


CASES = {
    "descent": Case(),
    "descent, decay": Case(weight_decay=0.03),
    "momentum": Case(0.1, "momentum"),
    "momentum, decay, clipping": Case(0.1, "momentum", weight_decay=0.03, clip_norm=0.9),
    "nesterov": Case(0.1, "nesterov", momentum=0.8),
    "nesterov, decay": Case(0.1, "nesterov", weight_decay=0.03),
    "adamw": Case(0.02, "adamw"),
    "adamw, decay, clipping": Case(0.02, "adamw", weight_decay=0.3, clip_norm=0.9),
    "step": Case(schedule="step"),
    "step, warm-up": Case(schedule="step", warmup_epochs=0.6),
    "cosine": Case(schedule="cosine"),
    "cosine, warm-up": Case(0.02, "adamw", schedule="cosine", warmup_epochs=2),
    "one-cycle": Case(2.0, schedule="one-cycle"),
    "warm-up": Case(warmup_epochs=3),
    "average of steps": Case(averaging="ema"),
    "average of epochs": Case(averaging="swa"),
}


class Problem(NamedTuple):
    """A start (p,) of layers, and a batch a step: images (n, n_in) and one-hot (n, n_out)."""

    theta: Floats
    sizes: Sequence[int]
    batches: Sequence[tuple[Floats, Floats]]


def problem() -> Problem:
    """Return the problem: every epoch takes the images in another order."""
    rng = np.random.default_rng(7)
    theta = rng.random(43) * 2 - 1
    X, Y = rng.random((ROWS, 4)) * 4 - 2, np.eye(3)[rng.integers(0, 3, ROWS)]
    orders = [rng.permutation(ROWS) for _ in range(EPOCHS)]
    starts = range(0, ROWS, BATCH_ROWS)
    chosen = [order[start : start + BATCH_ROWS] for order in orders for start in starts]
    return Problem(theta, SIZES, [(X[rows], Y[rows]) for rows in chosen])


def summed_gradient(theta: Floats, sizes: Sequence[int], X: Floats, Y: Floats) -> Floats:
    """Return the gradient (p,) of the cross-entropy's sum over the images."""
    (W1, b1), (W2, b2) = shaped(theta, sizes)
    A = np.tanh(X @ W1.T + b1)
    powers = np.exp(A @ W2.T + b2)
    delta2 = powers / powers.sum(axis=1, keepdims=True) - Y
    delta1 = (delta2 @ W2) * (1 - A * A)
    parts = (delta1.T @ X, delta1.sum(axis=0), delta2.T @ A, delta2.sum(axis=0))
    return np.concatenate([part.ravel() for part in parts])


def course(case: Case, problem: Problem) -> list[Floats]:
    """Return the parameters to use after each step: averaged where the case says so."""
    theta, sizes, batches = problem
    decayed = updates.weights_alone(shaped(theta, sizes))
    told = updates.Settings(case.momentum, case.second_momentum, case.weight_decay, decayed)
    rates = schedules.Settings(
        case.learning_rate, case.warmup_epochs, case.step_epochs, case.step_factor
    )
    means = averaging.Settings(case.average_decay, case.average_from)
    update, average = updates.UPDATES[case.update], averaging.AVERAGES[case.averaging]
    moments, state, found = update.start(theta), average.start(theta), list[Floats]()
    for step, (X, Y) in enumerate(batches):
        total = summed_gradient(theta, sizes, X, Y)
        if case.clip_norm is not None:
            total = clipped(total, len(X), case.clip_norm)
        rate = schedules.SCHEDULES[case.schedule].rate_at(step, LENGTH, rates)
        theta, moments = update.move(theta, total, len(X), rate, moments, told)
        state = average.after_step(theta, state, means)
        if (step + 1) % STEPS_AN_EPOCH == 0:
            epoch = (step + 1) // STEPS_AN_EPOCH
            state = average.after_epoch(theta, state, epoch, EPOCHS, means)
        found.append(average.value(theta, state))
    return found
