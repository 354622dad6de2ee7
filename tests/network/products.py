"""The exact arithmetic's BLAS products held against the same in whole numbers."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network import exact_layers
from stages.network.activations import A_BITS
from stages.network.compact import Chunk, CompactMatrix, Scratch
from stages.network.exact import ExactNetwork
from stages.network.exact_layers import UpperLayer
from stages.network.parameters import Floats
from stages.network.propagation import forward
from stages.network.totals import Exact
from stages.network.unbounded import UnboundedLayer

Integers = npt.NDArray[np.int64]
AnyLayer = UpperLayer | UnboundedLayer

MOST = 2.0**53
SAMPLE = 24  # rows and columns of a product that are held against whole numbers


class Product(NamedTuple):
    """One product: how many bits its operands and the sums of its absolute products have."""

    name: str
    left: float
    right: float
    sums: float


def whole(x: Floats) -> tuple[Integers, int]:
    """Return x as whole numbers, and the exponent of the unit: the lowest bit set in any."""
    mantissa, exponent = np.frexp(x.astype(np.float64))
    digits = (mantissa * MOST).astype(np.int64)
    lowest = exponent - 53 + np.log2((digits & -digits) | (digits == 0)).astype(np.int64)
    unit = int(lowest[digits != 0].min(initial=2000))
    unit = 0 if unit == 2000 else unit
    numbers = np.ldexp(x.astype(np.float64), -unit)
    assert np.array_equal(numbers, np.rint(numbers))
    assert np.abs(numbers).max(initial=0) <= MOST
    return numbers.astype(np.int64), unit


def examine(name: str, left: Floats, right: Floats, found: Floats, everything: bool) -> Product:
    """Assert that left @ right is `found`, and that no order of summing can round."""
    a, a_unit = whole(left)
    b, b_unit = whole(right)
    sums = (np.abs(a).astype(float) @ np.abs(b).astype(float)).max()
    assert sums <= MOST, f"{name}: 2^{math.log2(sums):.2f}"
    rows, columns = (
        np.arange(size) if everything else np.unique(np.linspace(0, size - 1, SAMPLE, dtype=int))
        for size in found.shape
    )
    numbers = np.ldexp(found, -(a_unit + b_unit))[np.ix_(rows, columns)]
    assert np.array_equal(numbers, a[rows] @ b[:, columns]), name
    return Product(name, *(math.log2(max(1, x)) for x in (np.abs(a).max(), np.abs(b).max(), sums)))


def pixels_of(chunk: Chunk) -> Floats:
    """Return A0 (n_in + 1, n) of a chunk with nothing left out."""
    parts = []
    for bundle in chunk.bundles:
        for used, rows in zip(bundle.used, bundle.rows, strict=True):
            some = np.zeros((len(rows), chunk.inputs + 2))
            some[:, used] = rows
            parts.append(some[:, :-1])
    return np.concatenate(parts).T


def matrix(chunk: Chunk) -> Floats:
    """Return A0 as `Floats`, which it is to the network: it has the two products that count."""
    A0: Any = CompactMatrix(chunk, Scratch())
    numbers: Floats = A0
    return numbers


def examined(network: ExactNetwork, chunk: Chunk, everything: bool = False) -> Iterator[Product]:
    """Yield the products of a chunk's step, each held against whole numbers."""
    A0, pixels = matrix(chunk), pixels_of(chunk)
    inputs, slopes, guess = forward(network, A0)
    first = network.first
    yield examine("W1 @ A0", first._both, pixels, first.affine(A0), everything)
    layers = [inner(layer) for layer in network.others]
    whole_A = [A[: layer._both.shape[1]] for layer, A in zip(layers, inputs[1:], strict=True)]
    for layer, A in zip(layers, whole_A, strict=True):
        for cut in layer._cuts:
            W, some = layer._both[:, cut], A[cut]
            yield examine("W @ A", W, some, W @ some, everything)
    delta = network.output_error(guess, chunk.truth)
    for layer, A, outer, taken, slope in reversed(
        list(zip(layers, whole_A, network.others, inputs[1:], slopes, strict=True))
    ):
        for part in parts(outer, delta, taken):
            yield from gradient(layer.gradient(part, A), part, A, everything)
        for cut in layer._back_cuts:
            W, some = layer._back[:, cut], delta[cut]
            yield examine("W.T @ delta", W, some, W @ some, everything)
        delta = layer.error_below(delta, slope)
    product = delta @ A0.T
    yield examine("delta @ A0.T", delta, pixels.T, product, everything)
    assert np.array_equal(number_of(first.gradient(delta, A0)), product)


def inner(layer: AnyLayer) -> UpperLayer:
    """Return the layer whose products are exact."""
    return layer if isinstance(layer, UpperLayer) else layer.bounded


def parts(layer: AnyLayer, delta: Floats, A: Floats) -> Sequence[Floats]:
    """Return the errors that the layer multiplies with activations."""
    return [delta] if isinstance(layer, UpperLayer) else layer.parts(delta, A[-1])


def gradient(found: Exact, delta: Floats, A: Floats, everything: bool) -> Iterator[Product]:
    """Yield the products of each block of images; hold their sum against whole numbers."""
    for start in range(0, delta.shape[1], exact_layers.BLOCK_IMAGES):
        some = slice(start, start + exact_layers.BLOCK_IMAGES)
        left, right = delta[:, some], A[:, some].T
        yield examine("delta @ A.T", left, right, left @ right, everything)
    rows, columns = (np.unique(np.linspace(0, len(x) - 1, SAMPLE, dtype=int)) for x in (delta, A))
    units = np.ldexp(A[columns], A_BITS).astype(np.int64)
    expected = delta[rows].astype(np.int64) @ units.T
    assert np.array_equal(number_of(found)[np.ix_(rows, columns)], expected)


def number_of(sums: Exact) -> Integers:
    """Return sums that fit in int64."""
    total = sums.split()
    return (total.high << 32) + total.low
