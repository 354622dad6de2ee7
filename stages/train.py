"""Train the network by batch gradient descent.

In: data/encoded/train.npz, data/weights/initial.npz.
Out: data/weights/trained.npz, data/history.parquet.
"""

import itertools
import math
from collections.abc import Iterable

import numpy as np
from tqdm import tqdm

from stages.common import params
from stages.common.artifacts import encoded, history, weights
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.network.descent import Epoch, descend
from stages.network.parameters import Parameters, cast

PARAMS = {
    "train": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 10000000},
        "learning_rate": {"type": "number", "exclusiveMinimum": 0},
        "precision": {"enum": ["float32", "float64"]},
    }
}


def train(
    initial: Parameters, rows: Encoded, epochs: int, learning_rate: float, precision: str
) -> tuple[Parameters, History]:
    """Return the parameters after `epochs` epochs, in `precision`, and the course of training.

    Raises DigitsError in the epoch whose cost is not finite.
    """
    dtype = np.dtype(precision)
    X = rows.X.astype(dtype) / dtype.type(rows.pixel_scale)
    descent = descend(cast(initial, dtype), X, rows.Y.astype(dtype), learning_rate)
    costs, accuracies = [], []
    # A learning rate that is far too high overflows before the cost tells.
    with np.errstate(over="ignore", invalid="ignore"):
        for number, epoch in enumerate(_shown(itertools.islice(descent, epochs), epochs), start=1):
            _refuse_divergence(number, epoch, learning_rate)
            costs.append(epoch.cost)
            accuracies.append(epoch.accuracy)
    return epoch.parameters, History(np.array(costs), np.array(accuracies))


def _shown(descent: Iterable[Epoch], epochs: int) -> Iterable[Epoch]:
    """Pass the epochs on, with a progress bar where standard error is a terminal."""
    bar: Iterable[Epoch] = tqdm(descent, total=epochs, desc="train", unit="epoch", disable=None)
    return bar


def _refuse_divergence(number: int, epoch: Epoch, learning_rate: float) -> None:
    """Raise DigitsError where the cost, or a number that the epoch's update left, is not finite."""
    finite = all(np.isfinite(array).all() for layer in epoch.parameters for array in layer)
    if math.isfinite(epoch.cost) and finite:
        return
    raise DigitsError(
        f"training diverged in epoch {number}: the cost is {epoch.cost} and the update left "
        f"{'finite' if finite else 'infinite'} weights, at train.learning_rate {learning_rate}. "
        f"Try a smaller one (the post's is 0.8), and encode.pixel_scale 255.0"
    )


def main() -> None:
    """Run the stage."""
    settings = params.load("train")
    initial, rows = weights.read(weights.INITIAL), encoded.read(encoded.TRAIN)
    trained, course = train(initial, rows, **settings)
    weights.write(weights.TRAINED, trained)
    history.write(history.HISTORY, course)


if __name__ == "__main__":
    run_stage(main, __doc__)
