"""How sure one can be of a mean over seeds, and where one more seed will lie: by Student's t."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.stats import t

MEAN, NEXT = 0.95, 0.99  # how sure the interval of the mean is, and that of one more seed


class Spread(NamedTuple):
    """Some values, one a seed, as numbers.

    std: the sample's standard deviation (division by n - 1). low, high: the interval of the mean.
    next_low, next_high: the interval for one more value. Of one value there is only the mean.
    """

    seeds: int
    mean: float
    std: float | None
    low: float | None
    high: float | None
    next_low: float | None
    next_high: float | None


def spread(values: Sequence[float]) -> Spread:
    """Return what some values say; they are taken as drawn from one normal distribution.

    Formulas: mean ± t s / √n, and for one more mean ± t s √(1 + 1/n).
    """
    n = len(values)
    mean = math.fsum(values) / n
    if n == 1:
        return Spread(1, mean, None, None, None, None, None)
    std = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    around = _t(MEAN, n - 1) * std / math.sqrt(n)
    further = _t(NEXT, n - 1) * std * math.sqrt(1 + 1 / n)
    return Spread(n, mean, std, mean - around, mean + around, mean - further, mean + further)


def _t(sure: float, freedom: int) -> float:
    """Return how many standard deviations around the middle hold a share `sure` of Student's t."""
    return float(t.ppf((1 + sure) / 2, freedom))


def differences(ours: dict[int, float], theirs: dict[int, float]) -> Spread | None:
    """Return how ours, by seed, differ from theirs over the seeds of both; None where none is."""
    pairs = [ours[seed] - theirs[seed] for seed in ours if seed in theirs]
    return spread(pairs) if pairs else None
