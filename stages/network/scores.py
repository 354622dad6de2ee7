"""How good predictions are, digit by digit: the confusion matrix and what follows from it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer]
Scores = npt.NDArray[np.float64]


class ClassScores(NamedTuple):
    """Scores of each class: four arrays of shape (classes,).

    precision: share of the images predicted as the class that are of it.
    recall: share of the images of the class that are predicted as it.
    f1: harmonic mean of the two.
    support: number of images of the class.
    A share of nothing counts as 0.
    """

    precision: Scores
    recall: Scores
    f1: Scores
    support: npt.NDArray[np.int64]


def confusion_matrix(actual: Integers, predicted: Integers, classes: int) -> npt.NDArray[np.int64]:
    """Return how often each class (row) is predicted as each class (column): (classes, classes)."""
    cells = actual.astype(np.int64) * classes + predicted
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def class_scores(confusion: npt.NDArray[np.int64]) -> ClassScores:
    """Return precision, recall, F1 and support of each class from a confusion matrix."""
    hits, support, predicted = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    return ClassScores(
        precision=_share(hits, predicted),
        recall=_share(hits, support),
        f1=_share(2 * hits, support + predicted),
        support=support,
    )


def _share(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> Scores:
    """Return part / whole, and 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
