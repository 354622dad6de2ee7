"""What training brings down, the cost, with its derivative; and the accuracy that comes of it."""

import numpy as np
import numpy.typing as npt

from stages.network.parameters import Floats


def cross_entropy(log_P: Floats, Y: Floats) -> float:
    """Return the cost: the mean over rows of minus the log-probability of the true digit, in nats.

    log_P: (n, 10). Y: (n, 10) one-hot. Summed in float64, whatever the type of log_P.
    """
    return float(-np.einsum("ij,ij->", log_P, Y, dtype=np.float64) / len(Y))


def output_error(log_P: Floats, Y: Floats) -> Floats:
    """Return delta (n, 10), the derivative of each row's cross-entropy by the last layer's Z.

    p − y is this derivative only for softmax together with cross-entropy.
    """
    delta: Floats = np.exp(log_P) - Y
    return delta


def accuracy(predicted: npt.NDArray[np.integer], actual: npt.NDArray[np.integer]) -> float:
    """Return the share of rows whose prediction is right; both arrays are (n,)."""
    return float(np.mean(predicted == actual))
