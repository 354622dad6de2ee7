"""Update rules: how the parameters move down the gradient, one rule by name.

theta is all parameters, (p,); `total` the gradient of the summed cost over `rows` images, (p,), so
that g = total / rows is that of the mean cost; `rate` the learning rate alpha of the step; lambda
the weight decay, for weights alone, biases not. What a rule remembers from step to step are its
moments: arrays by name, (p,) or (). Each step is elementwise + − × ÷ √, in theta's float type.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from stages.network.parameters import Floats, Parameters, Vector, flat

Moments = dict[str, Floats]


class Settings(NamedTuple):
    """What rules are told beside the learning rate.

    momentum: beta, or AdamW's beta1. second_momentum: AdamW's beta2. weight_decay: lambda.
    decayed: (p,) 1 for a weight and 0 for a bias, in theta's float type: see `weights_alone`.
    """

    momentum: float
    second_momentum: float
    weight_decay: float
    decayed: Vector


Move = Callable[[Vector, Vector, int, float, Moments, Settings], tuple[Vector, Moments]]


class Update(NamedTuple):
    """A rule.

    start: returns the moments before the first step, for parameters (p,). move: takes theta,
    total, rows, rate, the moments and the settings; returns theta and the moments after a step, in
    the places of total and of the moments, which are changed: wide networks wait for memory.
    """

    start: Callable[[Vector], Moments]
    move: Move


# AdamW's, which keeps a step finite where the gradient is zero.
_EPSILON = 1e-8


def weights_alone(parameters: Parameters) -> Vector:
    """Return 1 for each weight and 0 for each bias, (p,), in the parameters' float type."""
    return flat([(np.ones_like(W), np.zeros_like(b)) for W, b in parameters])


def _nothing(_: Vector) -> Moments:
    """Return no moments."""
    return {}


def _descend(
    theta: Vector, total: Vector, rows: int, rate: float, moments: Moments, settings: Settings
) -> tuple[Vector, Moments]:
    """Move by theta − alpha (g + lambda theta)."""
    change = total
    change *= theta.dtype.type(rate / rows)
    if settings.weight_decay:
        change += _decay(theta, rate, settings)
    return np.subtract(theta, change, out=change), moments


def _decay(theta: Vector, rate: float, settings: Settings, out: Vector | None = None) -> Vector:
    """Return alpha lambda theta for weights, and 0 for biases; in `out` where it is given."""
    decay: Vector = np.multiply(theta, theta.dtype.type(rate * settings.weight_decay), out=out)
    decay *= settings.decayed
    return decay


def _no_velocity(theta: Vector) -> Moments:
    """Return a velocity of zero."""
    return {"velocity": np.zeros_like(theta)}


def _roll(
    theta: Vector, total: Vector, rows: int, rate: float, moments: Moments, settings: Settings
) -> tuple[Vector, Moments]:
    """Move by v ← beta v + g + lambda theta; theta − alpha v.

    Polyak, 1964.
    """
    gradient = _decayed_mean(theta, total, rows, settings)
    velocity = moments["velocity"]
    velocity *= theta.dtype.type(settings.momentum)
    velocity += gradient
    change = np.multiply(velocity, theta.dtype.type(rate), out=gradient)
    return np.subtract(theta, change, out=change), {"velocity": velocity}


def _look_ahead(
    theta: Vector, total: Vector, rows: int, rate: float, moments: Moments, settings: Settings
) -> tuple[Vector, Moments]:
    """Move by v as with momentum; theta − alpha (g + lambda theta + beta v).

    It is Nesterov's step in the form of Sutskever et al. (2013), seen from where it looks ahead.
    """
    beta = theta.dtype.type(settings.momentum)
    change = _decayed_mean(theta, total, rows, settings)
    velocity = moments["velocity"]
    velocity *= beta
    velocity += change
    change += beta * velocity
    change *= theta.dtype.type(rate)
    return np.subtract(theta, change, out=change), {"velocity": velocity}


def _decayed_mean(theta: Vector, total: Vector, rows: int, settings: Settings) -> Vector:
    """Return g + lambda theta in the place of `total`, which is changed."""
    mean = total
    mean /= theta.dtype.type(rows)
    if settings.weight_decay:
        mean += _decay(theta, 1.0, settings)
    return mean


def _no_moments(theta: Vector) -> Moments:
    """Return means of zero, and the powers of beta1 and beta2 after no step: 1."""
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    return {"first": first, "second": second, "power1": np.ones(()), "power2": np.ones(())}


def _adapt(
    theta: Vector, total: Vector, rows: int, rate: float, moments: Moments, settings: Settings
) -> tuple[Vector, Moments]:
    """Move by AdamW (Loshchilov and Hutter, 2019).

    first ← beta1 first + (1 − beta1) g; second ← beta2 second + (1 − beta2) g². After t steps from
    zero they are too small by 1 − beta^t. theta − alpha lambda theta − alpha first' / (√second' +
    epsilon), first' and second' divided by that: here the divisor's root is multiplied into epsilon
    and the rate, one number for all parameters.
    """
    number, beta1, beta2 = theta.dtype.type, settings.momentum, settings.second_momentum
    power1, power2 = float(moments["power1"]) * beta1, float(moments["power2"]) * beta2
    first, second = moments["first"], moments["second"]
    first *= number(beta1)
    second *= number(beta2)
    part = number((1 - beta1) / rows) * total
    first += part
    np.multiply(total, total, out=part)
    part *= number((1 - beta2) / (rows * rows))
    second += part
    root = float(np.sqrt(1 - power2))
    change = np.sqrt(second, out=part)
    change += number(_EPSILON * root)
    np.divide(first, change, out=change)
    change *= number(rate * root / (1 - power1))
    if settings.weight_decay:
        change += _decay(theta, rate, settings, out=total)
    powers = {"power1": np.array(power1), "power2": np.array(power2)}
    return np.subtract(theta, change, out=total), {"first": first, "second": second} | powers


UPDATES: dict[str, Update] = {
    "descent": Update(_nothing, _descend),
    "momentum": Update(_no_velocity, _roll),
    "nesterov": Update(_no_velocity, _look_ahead),
    "adamw": Update(_no_moments, _adapt),
}
