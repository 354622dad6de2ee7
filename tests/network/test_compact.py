"""What training leaves out of the images changes nothing."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network.compact import CONSTANT, Chunk, CompactMatrix, Scratch
from stages.network.parameters import Floats
from stages.network.partition import partition

Bytes = npt.NDArray[np.uint8]

DOUBLE = np.dtype(np.float64)
# Of float32 more groups are multiplied together.
NUMBERS = pytest.mark.parametrize("numbers", [DOUBLE, np.dtype(np.float32)], ids=str)
BLOCK_EDGES = pytest.mark.parametrize("n", [1, 127, 128, 129, 300, 1921, 4999])


def compact(chunk: Chunk) -> Floats:
    """Return A0 as `Floats`, which it is to the network: it has the two products that count."""
    matrix: Floats = CompactMatrix(chunk, Scratch())  # type: ignore[assignment]
    return matrix


def images_of(chunk: Chunk) -> Floats:
    """Return the chunk's images as rows, whole again."""
    images: Floats = (np.eye(785) @ compact(chunk)).T
    assert np.all(images[:, -1] == CONSTANT)
    return images[:, :-1]


def labelled(images: npt.ArrayLike, labels: npt.ArrayLike) -> list[bytes]:
    """Return each image with its label, in an order of their own."""
    together = np.column_stack([images, labels]).astype(np.uint8)
    return sorted(row.tobytes() for row in together)


@BLOCK_EDGES
@pytest.mark.parametrize("units", [1, 16, 10_000])
@NUMBERS
def test_every_image_is_in_one_chunk_with_its_label(
    many_digits: Encoded, n: int, units: int, numbers: np.dtype[Any]
) -> None:
    X, Y = many_digits.X[:n], many_digits.Y[:n]
    chunks = partition(X, Y, units, numbers)
    found = [pair for c in chunks for pair in labelled(images_of(c), c.truth.labels)]
    assert sorted(found) == labelled(X, Y.argmax(axis=1))


def test_images_sorted_some_at_a_time_are_all_there(
    many_digits: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.network.partition._ORDERED_IMAGES", 256)
    chunks = partition(many_digits.X, many_digits.Y, 16, DOUBLE)
    found = [pair for c in chunks for pair in labelled(images_of(c), c.truth.labels)]
    assert sorted(found) == labelled(many_digits.X, many_digits.Y.argmax(axis=1))


@BLOCK_EDGES
@NUMBERS
def test_products_are_those_of_the_whole_images(
    many_digits: Encoded, n: int, numbers: np.dtype[Any]
) -> None:
    # Small whole numbers, so that sums are exact in any order.
    rng = np.random.default_rng(0)
    W = rng.integers(-9, 10, (16, 785)).astype(np.float64)
    for chunk in partition(many_digits.X[:n], many_digits.Y[:n], 16, numbers):
        delta = rng.integers(-9, 10, (16, len(chunk.truth.labels))).astype(np.float64)
        A0, images = compact(chunk), np.pad(images_of(chunk), ((0, 0), (0, 1)), constant_values=128)
        assert np.array_equal(W @ A0, W @ images.T)
        assert np.array_equal(delta @ A0.T, delta @ images)


def test_blank_pixels_are_left_out(many_digits: Encoded) -> None:
    # The more images there are, the more alike are those of a block.
    chunks = partition(many_digits.X, many_digits.Y, 16, DOUBLE)
    assert (
        sum(bundle.rows.size for chunk in chunks for bundle in chunk.bundles)
        < 0.55 * many_digits.X.size
    )


@pytest.mark.parametrize("group_images", [128, 500, 8192])
def test_a_chunk_has_no_more_images_than_a_sum_of_pixels_bears(group_images: int) -> None:
    X, Y = np.ones((70_000, 2), np.uint8), np.ones((70_000, 1), np.uint8)
    chunks = partition(X, Y, 1, DOUBLE, group_images, chunk_images=10**6)
    assert sum(map(len, chunks)) == 70_000
    assert max(map(len, chunks)) <= 2**15
