"""Why the reproducible precision is exact: its products held against whole numbers."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.activations import ACTIVATIONS
from stages.network.exact import ExactNetwork
from stages.network.first_weights import draw, uniform
from stages.network.parameters import Parameters, flat, shaped, sizes_of
from stages.network.partition import partition
from stages.network.propagation import add, learn
from tests.network.helpers import encoded, random_rows
from tests.network.products import Product, examined, matrix

SIZES: list[list[int]] = [[784, 16, 16, 10], [784, 10], [784, 512, 512, 10]]


def examine_epochs(
    start: Parameters,
    rows: Encoded,
    epochs: int,
    everything: bool = False,
    activation: str = "sigmoid",
) -> list[Product]:
    """Return the products of the first step, and of the one after some epochs."""
    parameters, found = start, list[Product]()
    chunks = partition(rows.X, rows.Y, len(start[0][1]), np.dtype(float))
    for epoch in range(epochs + 1):
        network = ExactNetwork(parameters, rows.pixel_scale, ACTIVATIONS[activation])
        if epoch in (0, epochs):
            for chunk in chunks:
                found += examined(network, chunk, everything)
        sums = reduce(add, (learn(network, matrix(chunk), chunk.truth) for chunk in chunks))
        gradient = network.finish(sums).gradient
        parameters = shaped(flat(parameters) - 0.8 / len(rows.X) * gradient, sizes_of(parameters))
    return found


@pytest.mark.parametrize("scale", [1.0, 255.0])
@pytest.mark.parametrize("largest", [0.5, 1e6])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_products_are_those_of_whole_numbers(
    digits: Encoded, sizes: list[int], largest: float, scale: float
) -> None:
    start = [
        (W * (2 * largest), b * (2 * largest))
        for W, b in draw(sizes, uniform, np.random.default_rng(0))
    ]
    found = examine_epochs(start, replace(digits, pixel_scale=scale), epochs=2)
    assert {product.name for product in found} >= {"W1 @ A0", "delta @ A0.T"}


@pytest.mark.parametrize("scale", [1.0, 255.0])
@pytest.mark.parametrize("largest", [0.5, 1e6])
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "sigmoid"])
def test_products_of_every_activation(
    digits: Encoded, name: str, largest: float, scale: float
) -> None:
    start = [
        (W * (2 * largest), b * (2 * largest))
        for W, b in draw([784, 16, 16, 10], uniform, np.random.default_rng(0))
    ]
    epochs = 2 if largest < 1 else 0  # activations without a bound diverge from there
    examine_epochs(start, replace(digits, pixel_scale=scale), epochs, activation=name)


@pytest.mark.parametrize("n", [1, 127, 128, 129, 300])
def test_any_number_of_rows(digits: Encoded, n: int) -> None:
    some = encoded(digits.X[:n], digits.Y[:n], 1.0)
    examine_epochs(draw([784, 16, 16, 10], uniform, np.random.default_rng(1)), some, epochs=1)


@pytest.mark.whole
@pytest.mark.parametrize("scale", [1.0, 255.0])
@pytest.mark.parametrize("sizes", SIZES[:2], ids=str)
def test_products_of_200000_rows(sizes: list[int], scale: float) -> None:
    rows = random_rows(784, 10, 200_000, seed=3)
    rows.X[:] *= np.random.default_rng(4).random(784) < 0.2
    start = draw(sizes, uniform, np.random.default_rng(2))
    examine_epochs(start, replace(rows, pixel_scale=scale), epochs=1, everything=True)


@pytest.mark.whole
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_number_of_every_product(digits: Encoded, sizes: list[int]) -> None:
    start = draw(sizes, uniform, np.random.default_rng(4))
    examine_epochs(start, digits, epochs=2, everything=True)
