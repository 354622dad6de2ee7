"""What training brings down, the cost, with its derivative; and the predictions that are right."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.parameters import Floats


class Truth(NamedTuple):
    """What some images show, in the forms that the formulas use.

    labels: (n,) the digits. places: (n,) where the images' digits are when (10, n) is counted
    through row by row. targets: (10, n) what training brings the probabilities to, where it is
    not Y.T; see `targets`.
    """

    labels: npt.NDArray[np.intp]
    places: npt.NDArray[np.intp]
    targets: npt.NDArray[np.float32] | None = None


class Guess(NamedTuple):
    """What a network says of some images: the softmax of its last layer's Z, and its parts.

    Z: (10, n) less the largest of its column, which changes no probability: exp(Z) is at most 1.
    total: (n,) the sums of exp(Z) over the digits. P: (10, n) = exp(Z) / total.
    """

    Z: Floats
    total: Floats
    P: Floats


def labels_of(Y: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the digits (n,) in one-hot labels Y (n, 10), a byte each."""
    labels: npt.NDArray[np.uint8] = Y.argmax(axis=1).astype(np.uint8)
    return labels


def truth_of(Y: npt.NDArray[np.uint8]) -> Truth:
    """Return the truth in one-hot labels Y (n, 10)."""
    return truth_of_labels(Y.argmax(axis=1))


def truth_of_labels(labels: npt.NDArray[np.intp]) -> Truth:
    """Return the truth in digits (n,)."""
    return Truth(labels, labels * len(labels) + np.arange(len(labels)))


def minus_truth(P: Floats, truth: Truth) -> Floats:
    """Return P − Y.T, or P − T for targets T, (10, n), in the place of P, which is changed.

    This is the derivative of the cost by the last layer's Z: only for softmax together with
    cross-entropy, and targets that sum to 1.
    """
    if truth.targets is None:
        P.reshape(-1)[truth.places] -= 1
    else:
        P -= truth.targets
    return P


def hits(guess: Guess, truth: Truth) -> int:
    """Return how many images' most probable digit, the first of equals, is the true one."""
    n = len(truth.labels)
    if np.count_nonzero(guess.Z == 0) > n:  # some are equal: their order counts
        return int(np.count_nonzero(guess.Z.argmax(axis=0) == truth.labels))
    return n - int(np.count_nonzero(np.take(guess.Z, truth.places)))
