"""What a trained network says of images, and how right it is: the same bits on every processor."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.activations import Activation
from stages.network.compact import CONSTANT
from stages.network.cost import truth_of_labels
from stages.network.elementary import add_rows
from stages.network.exact import ExactNetwork
from stages.network.parameters import Floats, Parameters, cast
from stages.network.propagation import forward
from stages.network.scores import confusion_matrix

Bytes = npt.NDArray[np.uint8]

BLOCK_ROWS = 500  # images widened to float64 at once: 3 MB of pixels stay in the cache


class Said(NamedTuple):
    """What a network says of some images.

    predicted: (n,) uint8, the most probable digits. P: (n, 10) float64 probabilities, to seven
    digits.
    """

    predicted: Bytes
    P: npt.NDArray[np.float64]


class Judgement(NamedTuple):
    """How right a network is on some images.

    predicted: (n,) uint8, the most probable digits. counts: (10, 10) how often each digit (row) is
    read as each digit (column). cost: mean cross-entropy in nats. slopes: of each hidden layer,
    first to last, the largest slope of a unit, up or down, on any image.
    """

    predicted: Bytes
    counts: npt.NDArray[np.int64]
    cost: float
    slopes: list[float]

    @property
    def accuracy(self) -> float:
        """Return the share of the images that are read right."""
        return int(self.counts.trace()) / len(self.predicted)


class Judge:
    """A trained network that is shown images, some at a time, and remembers how right it was."""

    def __init__(self, parameters: Parameters, pixel_scale: float, activation: Activation) -> None:
        """Take parameters that `exact` holds, for pixels that are divided by `pixel_scale`."""
        self._network = ExactNetwork(cast(parameters, np.float64), pixel_scale, activation)
        self._predicted = list[Bytes]()
        self._counts = np.zeros((10, 10), np.int64)
        self._cost = 0
        self._slopes = [0.0] * (len(parameters) - 1)

    def hear(self, X: Bytes, labels: npt.NDArray[np.intp]) -> Said:
        """Return what the network says of images X (n, side²), and remember how right it is.

        labels: (n,) what they show. Memory is taken for BLOCK_ROWS images and the answers.
        """
        said = Said(np.empty(len(X), np.uint8), np.empty((len(X), 10)))
        for start in range(0, len(X), BLOCK_ROWS):
            some = slice(start, start + BLOCK_ROWS)
            said.predicted[some], said.P[some] = self._hear(X[some], labels[some])
        self._predicted.append(said.predicted)
        self._counts += confusion_matrix(labels, said.predicted, 10)
        return said

    def _hear(self, X: Bytes, labels: npt.NDArray[np.intp]) -> Said:
        """Return what the network says of a few images; remember their cost and its slopes."""
        _, slopes, guess = forward(self._network, _columns(X))
        steepest = [float(np.abs(slope).max()) for slope in slopes]
        self._slopes = list(map(max, self._slopes, steepest))
        self._cost += self._network.cross_entropy(guess, truth_of_labels(labels))
        return Said(guess.Z.argmax(axis=0).astype(np.uint8), _that_sum_to_one(guess.P))

    def judgement(self) -> Judgement:
        """Return how right the network was on all images that it was shown, at least one."""
        predicted = np.concatenate(self._predicted)
        cost = self._network.nats(self._cost) / len(predicted)
        return Judgement(predicted, self._counts, cost, self._slopes)


def _columns(X: Bytes) -> Floats:
    """Return images (n, side²) as columns, (side² + 1, n); the last row is what biases take."""
    rows = np.empty((len(X), X.shape[1] + 1))
    rows[:, :-1], rows[:, -1] = X, CONSTANT
    return rows.T


def _that_sum_to_one(P: Floats) -> npt.NDArray[np.float64]:
    """Return float32 probabilities (10, n) as float64 ones (n, 10) that sum to 1 as such do."""
    wide = P.astype(np.float64)
    wide /= add_rows(wide)
    return wide.T
