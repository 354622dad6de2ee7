"""Training agrees with a network that others wrote."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from stages.common.artifacts.encoded import Encoded
from stages.network.parameters import Parameters
from tests.network.helpers import random_parameters, relative_difference, trained, worst_difference

EPOCHS = 5
LEARNING_RATE = 0.8


def scikit_learn_course(initial: Parameters, rows: Encoded) -> tuple[Parameters, list[float]]:
    """Return what scikit-learn trains in float64 from the same start, and its costs."""
    network = MLPClassifier(
        hidden_layer_sizes=[len(b) for _, b in initial[:-1]],
        activation="logistic",
        solver="sgd",
        alpha=0,
        batch_size=len(rows.X),
        learning_rate_init=LEARNING_RATE,
        momentum=0,
        shuffle=False,
    )
    X, labels = rows.X / rows.pixel_scale, rows.Y.argmax(axis=1)
    network.partial_fit(X, labels, classes=range(10))  # an epoch of its own, then our start
    network.coefs_ = [W.T.copy() for W, _ in initial]
    network.intercepts_ = [b.copy() for _, b in initial]
    for _ in range(EPOCHS):
        network.partial_fit(X, labels)
    layers = zip(network.coefs_, network.intercepts_, strict=True)
    return [(W.T, b) for W, b in layers], network.loss_curve_[1:]


@pytest.mark.parametrize("rows", ["digits", "many_digits"])
@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 12, 7, 9, 10]], ids=str)
def test_scikit_learn_trains_the_same_network(
    request: pytest.FixtureRequest, rows: str, sizes: list[int]
) -> None:
    encoded_rows: Encoded = request.getfixturevalue(rows)
    initial = random_parameters(sizes, spread=0.15, seed=8)
    expected, costs = scikit_learn_course(initial, encoded_rows)
    found = trained(initial, encoded_rows, EPOCHS, LEARNING_RATE, "float64")
    assert worst_difference(found.parameters, expected) < 1e-10
    assert relative_difference(found.cost, np.array(costs)) < 1e-10
