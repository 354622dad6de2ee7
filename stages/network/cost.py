"""What training brings down, the cost, with its derivative; and the predictions that are right."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.parameters import Floats


class Truth(NamedTuple):
    """What some images show, in the forms that the formulas use.

    labels: (n,) the digits. one_hot: (10, n) True at each image's digit: Y.T.
    places: (n,) where those are when (10, n) is counted through row by row.
    """

    labels: npt.NDArray[np.intp]
    one_hot: npt.NDArray[np.bool_]
    places: npt.NDArray[np.intp]


def truth_of(Y: npt.NDArray[np.uint8]) -> Truth:
    """Return the truth in one-hot labels Y (n, 10)."""
    labels = Y.argmax(axis=1)
    places = labels * len(labels) + np.arange(len(labels))
    return Truth(labels, np.ascontiguousarray(Y.T.astype(bool)), places)


def cross_entropy(log_P: Floats, truth: Truth) -> float:
    """Return the sum over images of minus the log-probability of the true digit, in nats.

    log_P: (10, n). Summed in float64, whatever its type.
    """
    return -float(np.take(log_P, truth.places).sum(dtype=np.float64))


def output_error(log_P: Floats, truth: Truth) -> Floats:
    """Return delta (10, n), the derivative of the cross-entropy by the last layer's Z.

    p − y is this derivative only for softmax together with cross-entropy.
    """
    delta = np.exp(log_P)
    delta -= truth.one_hot
    return delta


def hits(log_P: Floats, truth: Truth) -> int:
    """Return how many images' most probable digit, the first of equals, is the true one."""
    largest = log_P.max(axis=0)
    if np.count_nonzero(log_P == largest) > len(largest):  # some are equal: their order counts
        return int(np.count_nonzero(log_P.argmax(axis=0) == truth.labels))
    return int(np.count_nonzero(np.take(log_P, truth.places) == largest))
