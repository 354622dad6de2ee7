"""The page as one text: what it carries, its size, and the same bytes again."""

import base64
import json
import re
from typing import Any

import numpy as np
import pytest

from stages.page.assembling import MOST_BYTES, page
from stages.page.examples import Examples, chosen, squeezed
from stages.page.rounding import bits_for, float_bits_for, rounded
from tests.page import networks

DEFAULT = [784, 16, 16, 10]
EPOCHS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500]


def made(sizes: list[int], epochs: list[int], scale: float = 255.0) -> str:
    """Return the page of a network that no training made."""
    rng = np.random.default_rng(1)
    network = networks.trained(sizes, rng, scale=scale)
    training = networks.snapshots(network, epochs, rng)
    return page(network, training, networks.examples(network.side, 300, rng), networks.FACTS)


def carried(text: str) -> dict[str, Any]:
    """Return what a page carries."""
    (found,) = re.findall(r'<script type="application/json" id="carried">(.*?)</script>', text)
    content: dict[str, Any] = json.loads(found)
    return content


def test_the_default_page_is_small_and_the_same_again() -> None:
    text = made(DEFAULT, EPOCHS)
    assert len(text.encode()) <= 400_000
    assert text == made(DEFAULT, EPOCHS)
    assert carried(text)["epochs"] == EPOCHS
    assert not re.search(r"\{\{\w+\}\}", text)


def test_nothing_is_loaded() -> None:
    text = made([64, 8, 10], [3])
    assert not re.findall(r"""(?:src|href)=["'](?!data:,")[^"']*|url\([^)]*\)|@import""", text)
    assert "default-src 'none'" in text


def test_the_last_weights_are_carried_as_float32() -> None:
    rng = np.random.default_rng(2)
    network = networks.trained(DEFAULT, rng)
    training = networks.snapshots(network, [0, 5], rng)
    text = page(network, training, networks.examples(28, 30, rng), networks.FACTS)
    numbers = np.frombuffer(base64.b64decode(carried(text)["trained"]), "<f4")
    expected = np.concatenate([array.ravel() for layer in network.layers for array in layer])
    assert np.array_equal(numbers, expected.astype(np.float32))


@pytest.mark.parametrize("bits", [8, 16])
def test_rounded_weights_are_near(bits: int) -> None:
    W = np.random.default_rng(3).normal(0, 1, (5, 40))
    W[3] = 0
    steps, whole = rounded(W, bits)
    assert np.abs(steps[:, np.newaxis] * whole - W).max() <= 0.501 * steps.max()
    assert np.abs(whole).max() == 2 ** (bits - 1) - 1


def test_bits_are_as_many_as_the_probabilities_need() -> None:
    rng = np.random.default_rng(4)
    X = networks.examples(28, 20, rng).X
    smooth, steep = (networks.layers(DEFAULT, rng, spread) for spread in (1.0, 60.0))
    assert bits_for([smooth], X, 255.0, "sigmoid") == 8
    assert bits_for([smooth, steep], X, 255.0, "sigmoid") == 16


def test_large_sums_may_need_weights_of_64_bits() -> None:
    rng = np.random.default_rng(4)
    X, layers = networks.examples(28, 20, rng).X, networks.layers(DEFAULT, rng, 3.0)
    assert [float_bits_for(layers, X, scale, "relu") for scale in (255.0, 7.0)] == [32, 64]


def test_mistakes_come_first_each_digit_in_turn() -> None:
    found = chosen(networks.examples(8, 300, np.random.default_rng(5)))
    wrong = found.labels != found.predicted
    assert wrong[:60].all()
    assert not wrong[60:].any()
    assert found.labels.tolist() == [*range(10)] * 10


def test_a_network_without_mistakes_has_examples_too() -> None:
    some = networks.examples(8, 30, np.random.default_rng(6))
    assert len(chosen(Examples(some.X, some.labels, some.labels)).X) == 30


def test_runs_of_blank_pixels_are_counted() -> None:
    pixels = np.array([0] * 300 + [7, 9, 0, 255], np.uint8)
    assert base64.b64decode(squeezed(pixels)) == bytes([0, 255, 0, 45, 7, 9, 0, 1, 255])


def test_a_wide_network_is_shown_without_its_training() -> None:
    content = carried(made([784, 128, 10], [0, 1, 2]))
    assert content["epochs"] == [2]
    assert content["earlier"] == []


def test_snapshots_are_left_out_where_the_page_gets_too_large() -> None:
    text = made([784, 120, 10], [*range(16)])
    assert len(text.encode()) <= MOST_BYTES
    epochs = carried(text)["epochs"]
    assert epochs[-1] == 15
    assert 1 < len(epochs) < 16


def test_a_network_that_is_too_large_is_told_of() -> None:
    text = made([784, 512, 10], [7])
    assert "407,050 weights and biases" in text
    assert "at most 2 MB" in text
    assert len(text) < 100_000
