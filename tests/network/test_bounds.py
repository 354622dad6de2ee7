"""The exact arithmetic at its worst: how near its sums come to 2^53, and what is left of its bits.

Where a width or a bound is wrong by so little, one of these fails; equal bytes would not tell.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network import exact, exact_layers, partition
from stages.network.activations import ACTIVATIONS
from stages.network.compact import Chunk
from stages.network.cost import truth_of
from stages.network.exact import ExactNetwork
from stages.network.exact_layers import ArrayLayer, FirstLayer, UpperLayer
from stages.network.parameters import Floats, Parameters
from stages.network.propagation import forward
from stages.network.unbounded import UnboundedLayer
from tests.network.helpers import random_parameters
from tests.network.products import examine, examined, inner, matrix, number_of, whole

SIGMOID = ACTIVATIONS["sigmoid"]
FULL = 2 * (1 - 2.0**-40)  # just below a power of two: a grid for it has nothing to spare
NEAR = 2 * 0.998  # the same, with room for the margin that bounds have


def width(x: Floats) -> float:
    """Return how many bits the largest of x has, counted from the lowest bit of any."""
    return math.log2(np.abs(whole(x)[0]).max())


def spread(shape: tuple[int, ...]) -> Floats:
    """Return numbers that need all bits of a grid, the largest of them just below 2."""
    return FULL - np.random.default_rng(5).random(shape) * 2.0**-10


@pytest.mark.parametrize(("pixels", "bits"), [(784, 35), (63, 39), (10_000, 31)])
def test_the_first_layer_at_its_worst(pixels: int, bits: int) -> None:
    layer = FirstLayer(spread((16, pixels + 1)))
    A0 = np.full((pixels + 1, 2), 255.0)
    A0[-1] = 128
    assert width(layer._both) == pytest.approx(bits, abs=0.01)
    assert examine("W1 @ A0", layer._both, A0, layer.affine(A0), True).sums > 52


@pytest.mark.parametrize("images", [1, 78, 128, 400])
@pytest.mark.parametrize("units", [10, 16, 200])
def test_some_images_after_the_other_are_as_all_at_once(units: int, images: int) -> None:
    rng = np.random.default_rng(units)
    both, A0 = rng.normal(size=(units, 785)), rng.integers(0, 256, (785, images)).astype(float)
    delta = rng.integers(-(2**30), 2**30, (units, images)).astype(float)
    layer, at_once = ArrayLayer(both), FirstLayer(both)
    assert np.array_equal(layer.affine(A0), at_once.affine(A0))
    found, expected = layer.gradient(delta, A0), at_once.gradient(delta, A0)
    assert np.array_equal(found.numbers, expected.numbers)


# Units of a layer, and the bits that its weights have forwards and backwards.
WIDTHS = [(10, 25, 27), (16, 24, 27), (31, 24, 26), (127, 22, 24), (512, 22, 23), (4096, 22, 23)]


@pytest.mark.parametrize(("units", "bits", "_"), WIDTHS)
def test_an_upper_layer_at_its_worst(units: int, bits: int, _: int) -> None:
    layer = UpperLayer(spread((3, units + 1)), np.zeros((units, 3)))
    A = np.ones((units + 1, 2))
    A[:-1, 0] -= 2.0**-24
    assert bits <= round(width(layer._both), 1) < bits + 1
    assert (
        max(
            examine("W @ A", layer._both[:, cut], A[cut], layer._both[:, cut] @ A[cut], True).sums
            for cut in layer._cuts
        )
        > 51
    )
    assert np.allclose(layer.affine(A), layer._both @ A, rtol=1e-14)


@pytest.mark.parametrize(("units", "_", "bits"), WIDTHS)
def test_errors_go_down_at_their_worst(units: int, _: int, bits: int) -> None:
    back = exact_layers.back_of(spread((units, 3)))
    layer = UpperLayer(np.zeros((units, 4)), back)
    delta = np.full((units, 2), 2.0**exact_layers.DELTA_BITS)
    delta[:, 0] -= 1
    assert bits <= round(width(back), 1) < bits + 1
    assert (
        max(
            examine("W.T @ delta", back[:, cut], delta[cut], back[:, cut] @ delta[cut], True).sums
            for cut in layer._back_cuts
        )
        > 51
    )


@pytest.mark.parametrize("images", [1, 127, 128, 129, 400, 2**15])
def test_an_upper_gradient_at_its_worst(images: int) -> None:
    layer = UpperLayer(np.zeros((3, 5)), np.zeros((4, 3)))
    delta, A = np.full((3, images), 2.0**22 - 1), np.full((5, images), 1 - 2.0**-24)
    found = layer.gradient(delta, A)
    assert np.all(number_of(found) == (2**22 - 1) * (2**24 - 1) * images)
    assert (2**22 - 1) * (2**24 - 1) * exact_layers.BLOCK_IMAGES > 2**53 * 0.999


# Where an activation is steepest, and its value there.
STEEPEST = {
    "sigmoid": (0.0, 0.5),
    "tanh": (0.0, 0.0),
    "relu": (1.0, 1.0),
    "silu": (2.39936, 2.19968),
}


def worst(
    hidden: Sequence[int], pixels: int, images: int, activation: str = "sigmoid"
) -> tuple[ExactNetwork, Chunk]:
    """Return a network whose errors reach their bounds, and images that are nothing but ink.

    Each hidden unit is where it is steepest on all images, which are all taken for the wrong digit,
    and each unit has the same error as its neighbours.
    """
    (Z, A), parameters = STEEPEST[activation], Parameters()
    weight = NEAR / ACTIVATIONS[activation].steepest
    for n_in, n_out in zip([pixels, *hidden[:-1]], hidden, strict=True):
        fed = n_in * A if parameters else n_in * 255  # the biases take that off again
        parameters.append((np.full((n_out, n_in), weight), np.full(n_out, Z - weight * fed)))
    W, b = np.zeros((10, hidden[-1])), np.zeros(10)
    W[0], W[1], b[0] = weight, -weight, 400
    one_hot = np.zeros((images, 10), np.uint8)
    one_hot[:, 1] = 1
    groups = np.arange(images).reshape(-1, min(images, exact_layers.BLOCK_IMAGES))
    chunk = Chunk(np.full((images, pixels), 255, np.uint8), one_hot, [groups])
    return ExactNetwork([*parameters, (W, b)], 1.0, ACTIVATIONS[activation]), chunk


@pytest.mark.parametrize("hidden", [[16, 16], [16], [512, 512], [8, 8, 8, 8]], ids=str)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_errors_reach_their_bounds_and_no_more(name: str, hidden: list[int]) -> None:
    network, chunk = worst(hidden, 4, 128, name)
    _, slopes, guess = forward(network, matrix(chunk))
    delta, bits = network.output_error(guess, chunk.truth), exact_layers.DELTA_BITS
    assert [np.abs(delta).max(), bits] == [2.0**22, 22]
    for number, (layer, slope) in enumerate(
        zip(reversed(network.others), reversed(slopes), strict=True), start=1
    ):
        delta = layer.error_below(delta, slope)
        bits = 30 if number == len(slopes) else 22
        assert 2**bits * 0.96 < np.abs(delta).max() <= 2**bits
    assert len(list(examined(network, chunk)))


@pytest.mark.parametrize("hidden", [[16, 16], [300, 300]], ids=str)
@pytest.mark.parametrize("name", ["relu", "silu"])
def test_activations_reach_their_bounds_and_no_more(name: str, hidden: list[int]) -> None:
    # Positive weights, full ink: each layer's largest is just below a power of two.
    parameters: Parameters = [
        (np.full((n_out, n_in), NEAR / fed), np.zeros(n_out))
        for n_in, n_out, fed in zip([4, *hidden], [*hidden, 10], [1020 / 64, *hidden], strict=True)
    ]
    network = ExactNetwork(parameters, 1.0, ACTIVATIONS[name])
    A0 = np.vstack([np.full((4, 5), 255.0), np.full((1, 5), 128.0)])
    inputs, slopes, _ = forward(network, A0)
    assert all(0 <= slope.min() <= slope.max() <= ACTIVATIONS[name].steepest for slope in slopes)
    for layer, A, most in zip(network.others, inputs[1:], [7, 8], strict=True):
        assert isinstance(layer, UnboundedLayer)
        assert layer.most == most
        assert np.all(A[-1] == 2.0**most)
        assert 0.98 < np.abs(A[:-1]).max() <= 1


@pytest.mark.parametrize("name", ["relu", "silu"])
def test_activations_at_the_end_of_the_grid_are_held(name: str) -> None:
    activation = ACTIVATIONS[name]

    def large(of: float) -> Parameters:
        layers = [(np.full((3, 4), of), np.zeros(3)), (np.full((3, 3), of), np.zeros(3))]
        return [*layers, (np.full((10, 3), of), np.zeros(10))]

    assert exact.holds(large(2.0**25), 1.0, activation)
    network = ExactNetwork(large(2.0**25), 1.0, activation)
    A0 = np.array([[255.0, 0], [255, 0], [255, 0], [255, 1], [128, 128]])
    inputs, slopes, guess = forward(network, A0)
    assert all(np.isfinite(A).all() for A in [*inputs, *guess])
    assert all(np.abs(slope).max() <= activation.steepest for slope in slopes)
    network.cross_entropy(guess, truth_of(np.eye(10, dtype=np.uint8)[:2]))
    assert not exact.holds(large(2.0**25), 0.25, activation)
    assert exact.holds(large(2.0**25), 0.25, SIGMOID)


def test_the_first_gradient_at_its_worst() -> None:
    network, chunk = worst([16, 16], 4, exact_layers.CHUNK_IMAGES)
    found = {product.name: product for product in examined(network, chunk)}
    assert 52.95 < found["delta @ A0.T"].sums <= 53
    assert found["delta @ A0.T"].left > 29.9


@pytest.mark.parametrize(("largest", "unit"), [(0.5, -24), (1e6, -21), (1e15, 9)])
def test_a_cost_keeps_its_bits_and_fits(largest: float, unit: int) -> None:
    W = np.full((10, 16), -largest)
    W[0] = largest
    network = ExactNetwork(
        [(np.zeros((16, 4)), np.full(16, 50.0)), (W, np.zeros(10))], 1.0, SIGMOID
    )
    assert network._cost_unit == unit
    most = 2 * 16 * largest * 1.45  # bits, of an image
    assert math.ldexp(most, -unit) * exact_layers.CHUNK_IMAGES < 2**63


def test_a_cost_of_one_layer_fits_its_pixels() -> None:
    layer = np.full((10, 4), 1e6), np.zeros(10)
    assert ExactNetwork([layer], 1.0, SIGMOID)._cost_unit == -15
    assert ExactNetwork([layer], 255.0, SIGMOID)._cost_unit == -23


def test_no_chunk_has_more_images_than_a_gradient_may_sum(
    many_digits: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 2048
    monkeypatch.setattr(partition, "CHUNK_IMAGES", most)
    X, Y = many_digits.X, many_digits.Y
    chunks = partition.partition(X, Y, 1, np.dtype(float), chunk_images=10**6)
    assert max(map(len, chunks)) <= most


def test_weights_at_the_end_of_the_grid_are_held() -> None:
    fits = [(W * 1e18, b * 1e18) for W, b in random_parameters([4, 3, 10], 1.0, seed=1)]
    assert exact.holds(fits, 1.0, SIGMOID)
    assert not exact.holds(fits, 0.01, SIGMOID)
    for wrong in (2.0**64, -(2.0**64), np.inf, np.nan):
        fits[1][1][3] = wrong
        assert not exact.holds(fits, 1.0, SIGMOID)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("scale", [255.0, 1.0, 0.01])
@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [4, *[300] * 4, 10], [4, 10]], ids=str)
def test_what_holds_by_its_largest_number_holds(sizes: list[int], scale: float, name: str) -> None:
    below = exact.held_below(sizes, scale, ACTIVATIONS[name])
    assert 8 < below <= 2.0**64
    for e in range(-3, 65):
        parameters: Parameters = [
            (np.full((n_out, n_in), 2.0**e), np.full(n_out, -(2.0**e)))
            for n_in, n_out in pairwise(sizes)
        ]
        assert exact.holds(parameters, scale, ACTIVATIONS[name]) >= (2.0**e < below)


def test_so_many_layers_are_held_by_no_largest_number() -> None:
    assert exact.held_below([4] * 90, 255.0, ACTIVATIONS["relu"]) > 0
    assert exact.held_below([4] * 120, 255.0, ACTIVATIONS["relu"]) == 0


def test_layers_whose_errors_have_no_bound_are_not_held() -> None:
    def deep(hidden: int, largest: float) -> Parameters:
        sizes = [4, *[16] * hidden, 10]
        return [(W * largest, b * largest) for W, b in random_parameters(sizes, 1.0, seed=1)]

    ends = deep(10, 1e18)
    ends[1][0][:] = 0  # no error is left below, and its unit is the least there is
    for fits in (deep(10, 1e18), deep(60, 1.0), ends):
        assert exact.holds(fits, 1.0, SIGMOID)
        layers = ExactNetwork(fits, 1.0, SIGMOID).others
        assert all(np.isfinite(inner(layer)._back).all() for layer in layers)
    assert not exact.holds(deep(16, 1e18), 1.0, SIGMOID)
