"""Networks that no training made, for the page."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.trained import Trained
from stages.network.activations import ACTIVATIONS, softmax
from stages.network.parameters import Floats, Parameters
from stages.page.carried import Facts, Snapshots
from stages.page.examples import Examples

FACTS = Facts(train_rows=3500, test_rows=60, licence="MIT, and CC BY-SA 3.0 of the digits")


def layers(sizes: list[int], rng: np.random.Generator, spread: float = 1.0) -> Parameters:
    """Return weights of layers of some sizes, about as large as trained ones."""
    return [
        (rng.normal(0, spread / np.sqrt(n_in), (n_out, n_in)), rng.normal(0, 0.1, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def trained(
    sizes: list[int], rng: np.random.Generator, activation: str = "sigmoid", scale: float = 255.0
) -> Trained:
    """Return a network with some layers."""
    (W, b), *others = layers(sizes, rng, 3.0)
    return Trained([(W * scale / 255, b), *others], scale, round(sizes[0] ** 0.5), activation)


def snapshots(network: Trained, epochs: list[int], rng: np.random.Generator) -> Snapshots:
    """Return a training that ends in a network."""
    sizes = [network.side**2, *(len(b) for _, b in network.layers)]
    earlier = [
        [(W * network.pixel_scale / 255, b), *others]
        for (W, b), *others in (layers(sizes, rng) for _ in epochs[:-1])
    ]
    accuracies = np.linspace(0.1, 0.9, len(epochs)).tolist()
    return Snapshots(epochs, [*earlier, network.layers], accuracies)


def examples(side: int, count: int, rng: np.random.Generator) -> Examples:
    """Return some images, a third of them read wrong."""
    X = rng.integers(0, 256, (count, side * side)).astype(np.uint8)
    X[rng.random(X.shape) < 0.8] = 0
    labels = np.arange(count) % 10
    return Examples(X, labels, np.where(np.arange(count) % 3 == 0, (labels + 1) % 10, labels))


def probabilities(network: Trained, own: Parameters, X: npt.NDArray[np.uint8]) -> Floats:
    """Return what a network with some layers of its `own` says of images (n, side²): (n, 10)."""
    A = X.T / network.pixel_scale
    for W, b in own[:-1]:
        Z = W @ A + b[:, np.newaxis]
        A = np.empty_like(Z)
        ACTIVATIONS[network.activation].floats(Z, A)
    W, b = own[-1]
    return softmax(W @ A + b[:, np.newaxis]).P.T
