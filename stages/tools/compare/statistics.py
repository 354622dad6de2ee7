"""Whether a difference of two accuracies may be chance. SciPy does the statistics.

SciPy is imported where it is used: that takes a second, and a fault should be told at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.committed import Predicted

Integers = npt.NDArray[np.int64]

MCNEMAR = "mcnemar_exact"
FISHER = "fisher_exact"


@dataclass(frozen=True)
class Flips:
    """Test images that one network read right and the other wrong.

    All (n,), in the order of the rows: row in the source, true digit, and what the network
    said before and after.
    """

    row: Integers
    actual: Integers
    before: Integers
    after: Integers


@dataclass(frozen=True)
class Outcome:
    """A two-sided test of equal accuracies: its name and its p-value."""

    name: str
    p_value: float


def same_images(before: Predicted, after: Predicted) -> bool:
    """Tell whether both are about the same rows with the same labels."""
    return np.array_equal(before.row, after.row) and np.array_equal(before.actual, after.actual)


def flips(before: Predicted, after: Predicted) -> tuple[Flips, Flips]:
    """Return what went from right to wrong and what went from wrong to right, of same images."""
    was_right = before.predicted == before.actual
    is_right = after.predicted == after.actual
    return _take(before, after, was_right & ~is_right), _take(before, after, ~was_right & is_right)


def _take(before: Predicted, after: Predicted, which: npt.NDArray[np.bool_]) -> Flips:
    """Return the images of `which` (n,)."""
    return Flips(
        before.row[which], before.actual[which], before.predicted[which], after.predicted[which]
    )


def mcnemar(spoiled: int, mended: int) -> Outcome:
    """Return the exact McNemar test: are flips to wrong and to right equally likely?

    Source: Q. McNemar, Psychometrika 12 (1947) 153-157; exact, so a binomial test of one half.
    """
    if spoiled + mended == 0:
        return Outcome(MCNEMAR, 1.0)
    from scipy.stats import binomtest

    return Outcome(MCNEMAR, float(binomtest(spoiled, spoiled + mended, 0.5).pvalue))


def proportions(before: Predicted, after: Predicted) -> Outcome:
    """Return Fisher's exact test of two accuracies on images that are not the same.

    It takes the two sets for independent; where they share images it errs towards chance.
    """
    from scipy.stats import fisher_exact

    counts = [_right_and_wrong(before), _right_and_wrong(after)]
    return Outcome(FISHER, float(fisher_exact(counts).pvalue))


def _right_and_wrong(predicted: Predicted) -> list[int]:
    """Return how many images were read right, and how many wrong."""
    right = int((predicted.predicted == predicted.actual).sum())
    return [right, len(predicted.row) - right]
