"""Signs that a network has not learned, from what it says of some rows: whatever led there."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# A unit whose slope is below it on every row passes on less than a millionth of the error.
LEAST_SLOPE = 2.0**-20

Integers = npt.NDArray[np.integer]


class Baseline(NamedTuple):
    """The best guess that looks at no image: what a network must be better than.

    digit: the most frequent one, the first of equals. share: of the rows that show it.
    cost: mean cross-entropy in nats of always saying how frequent each digit is: the entropy
    of the frequencies, which is at most ln 10.
    """

    digit: int
    share: float
    cost: float


def baseline(support: Integers) -> Baseline:
    """Return the best guess for rows of which so many (10,) show each digit, without a look."""
    frequency = support / support.sum()
    some = frequency[frequency > 0]
    digit = int(frequency.argmax())
    return Baseline(digit, float(frequency[digit]), float(-(some * np.log(some)).sum()))


def ailments(counts: Integers, cost: float) -> list[str]:
    """Return what is wrong with the digits predicted for some rows, a line each.

    counts: (10, 10) how often each digit (row) is predicted as each digit (column). cost: the rows'
    mean cross-entropy in nats.

    Nothing is, where all rows show one digit: then a guess is all that they ask for.
    """
    base = baseline(counts.sum(axis=1))
    if base.share == 1:
        return []
    accuracy = counts.trace() / counts.sum()
    said = []
    taken = np.flatnonzero(counts.any(axis=0))
    if len(taken) == 1:
        said.append(f"every image is taken for a {taken[0]}")
    if accuracy <= base.share:
        said.append(
            f"accuracy is {accuracy:.4f}, no better than always guessing "
            f"{base.digit}, the most frequent digit ({base.share:.4f})"
        )
    if cost > base.cost * (1 + 1e-6):  # beyond rounding
        found, guess = _told_apart(cost, base.cost)
        said.append(
            f"cost is {found} nats, above the {guess} of guessing by the frequencies of the digits"
        )
    return said


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Return two numbers as texts that differ where they do, of 4 to 9 significant digits."""
    texts = [(f"{one:.{digits}g}", f"{other:.{digits}g}") for digits in range(4, 10)]
    return next((both for both in texts if both[0] != both[1]), texts[-1])


def flat_layers(largest_slopes: list[float]) -> list[str]:
    """Say which hidden layers, first to last, have no unit that could learn.

    largest_slopes: of each, the largest slope of its activation, up or down, at any unit, on any
    row. Saturated sigmoids and tanhs have none, nor has a ReLU that is 0 on every row (dead).
    """
    return [
        f"in hidden layer {number} no unit has a slope above 2^-20 on any training row"
        for number, slope in enumerate(largest_slopes, start=1)
        if not slope > LEAST_SLOPE
    ]


def cause(largest_input: float, any_flat: bool) -> str:
    """Name the likely cause, and the params key that mends it.

    largest_input: the largest number that the network is fed, a pixel over encode.pixel_scale.
    """
    if largest_input < 1 / 16:
        return (
            f"the network is fed nothing above {largest_input:.2g}: encode.pixel_scale is too "
            f"large, or ingest.highest"
        )
    if any_flat and largest_input > 1:
        return (
            f"units are saturated or dead, fed numbers up to {largest_input:.4g}: raise "
            f"encode.pixel_scale, or lower train.learning_rate"
        )
    if any_flat:
        return "units are saturated or dead: lower train.learning_rate"
    return "too few steps or a wrong length of step: train.epochs, train.learning_rate"
