"""What training brings down, the cost, with its derivative; and the predictions that are right."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.parameters import Floats


class Truth(NamedTuple):
    """What some images show, in the two forms that the formulas use.

    labels: (n,) the digits. one_hot: (10, n) True at each image's digit: Y.T.
    """

    labels: npt.NDArray[np.intp]
    one_hot: npt.NDArray[np.bool_]


def truth_of(Y: npt.NDArray[np.uint8]) -> Truth:
    """Return the truth in one-hot labels Y (n, 10)."""
    return Truth(Y.argmax(axis=1), np.ascontiguousarray(Y.T.astype(bool)))


def cross_entropy(log_P: Floats, truth: Truth) -> float:
    """Return the sum over images of minus the log-probability of the true digit, in nats.

    log_P: (10, n). Summed in float64, whatever its type.
    """
    return -float(np.sum(log_P, where=truth.one_hot, dtype=np.float64))


def output_error(log_P: Floats, truth: Truth) -> Floats:
    """Return delta (10, n), the derivative of the cross-entropy by the last layer's Z.

    p − y is this derivative only for softmax together with cross-entropy.
    """
    delta = np.exp(log_P)
    delta -= truth.one_hot
    return delta


def hits(log_P: Floats, truth: Truth) -> int:
    """Return how many images' most probable digit, the first of equals, is the true one."""
    return int(np.count_nonzero(log_P.argmax(axis=0) == truth.labels))
