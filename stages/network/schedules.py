"""Schedules: the learning rate of each step, as a share of `learning_rate`, one schedule by name.

Steps are counted from 0. Each schedule may begin with a warm-up of w steps, in which the rate
rises linearly: step s has (s + 1) / w of it. All that a schedule does itself begins after that.
"""

from collections.abc import Callable
from typing import NamedTuple

from stages.network.elementary import cosine


class Settings(NamedTuple):
    """What a schedule is told.

    learning_rate: what shares are of. warmup_epochs: of the warm-up, 0: none. step_epochs,
    step_factor: of the schedule `step`.
    """

    learning_rate: float
    warmup_epochs: float
    step_epochs: int
    step_factor: float


class Length(NamedTuple):
    """How long a training is: steps in an epoch, and epochs."""

    steps_an_epoch: int
    epochs: int


class Place(NamedTuple):
    """A step after the warm-up: its number, of how many, and how many an epoch has."""

    step: int
    steps: int
    steps_an_epoch: int


class Schedule(NamedTuple):
    """A schedule.

    share: returns the share of the learning rate at a place. needs_end: whether that depends on
    the number of epochs; then the first steps of a longer training are others.
    """

    share: Callable[[Place, Settings], float]
    needs_end: bool

    def rate_at(self, step: int, length: Length, settings: Settings) -> float:
        """Return the learning rate of a step of a training of this length."""
        rising = round(settings.warmup_epochs * length.steps_an_epoch)
        if step < rising:
            return settings.learning_rate * ((step + 1) / rising)
        steps = length.steps_an_epoch * length.epochs - rising
        place = Place(step - rising, steps, length.steps_an_epoch)
        return settings.learning_rate * self.share(place, settings)


# The one-cycle's, which are PyTorch's.
_RISING = 0.3  # share of the steps
_FIRST = 1 / 25  # share of the learning rate at first, which it rises from
_LAST = _FIRST / 1e4  # and at last


def _constant(*_: object) -> float:
    """Return 1."""
    return 1.0


def _step(place: Place, settings: Settings) -> float:
    """Return step_factor^k after k times step_epochs epochs."""
    falls = place.step // (settings.step_epochs * place.steps_an_epoch)
    share, power = 1.0, settings.step_factor
    while falls:  # by squares: the powers of two that make up the exponent
        share *= power if falls % 2 else 1.0
        power *= power
        falls //= 2
    return share


def _cosine(place: Place, _: Settings) -> float:
    """Return (1 + cos(pi t / T)) / 2 (Loshchilov and Hutter, 2017, without restarts)."""
    return _between(1.0, 0.0, place.step / place.steps)


def _one_cycle(place: Place, _: Settings) -> float:
    """Return a half wave up to 1 over 30 % of the steps, then one down (Smith and Topin, 2018).

    It is PyTorch's OneCycleLR with its defaults; the momentum stays as it is.
    """
    top, last = _RISING * place.steps - 1, place.steps - 1
    if place.step <= top:
        return _between(_FIRST, 1.0, place.step / top)
    return _between(1.0, _LAST, (place.step - top) / (last - top))


def _between(start: float, end: float, x: float) -> float:
    """Return what half a cosine's wave from `start` to `end` is after a share x of it."""
    return end + (start - end) * ((1 + cosine(x)) / 2)


SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(_constant, needs_end=False),
    "step": Schedule(_step, needs_end=False),
    "cosine": Schedule(_cosine, needs_end=True),
    "one-cycle": Schedule(_one_cycle, needs_end=True),
}
