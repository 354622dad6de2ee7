"""Deformed images: the formula, an oracle, and what must hold of any."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage

from stages.common.artifacts.encoded import Encoded
from stages.network.augmentation import Augmentation, draw
from stages.network.deformations import POINT_UNITS, UNITS, Deformations
from stages.network.resampling import deform

Bytes = npt.NDArray[np.uint8]

SIDES = (28, 20, 16, 14, 8)
NONE = Augmentation(shift=0, rotate=0, scale=0, shear=0, elastic=0)
ALL = Augmentation(shift=3, rotate=20, scale=0.2, shear=0.2, elastic=4)
WIDEST = Augmentation(shift=14, rotate=180, scale=0.5, shear=0.5, elastic=14)


def noise(n: int, side: int) -> Bytes:
    return np.random.default_rng(side).integers(0, 256, (n, side * side), dtype=np.uint8)


def drawn(augmentation: Augmentation, n: int, side: int = 28, seed: int = 1) -> Deformations:
    return draw(augmentation, side, np.random.default_rng(seed), n)


def straight(n: int, side: int, across: Sequence[float], down: Sequence[float]) -> Deformations:
    """Return one affine map for n images: where the middle is read, and what a step adds."""
    middle, _ = drawn(NONE, 1, side)
    amounts = middle + np.array([[across], [down]]) * [UNITS, UNITS / 2, UNITS / 2]
    return Deformations(amounts.repeat(n, axis=1).astype(np.float32), drawn(NONE, 1, side).patterns)


@pytest.mark.parametrize("side", SIDES)
def test_what_is_not_deformed_is_the_image(side: int) -> None:
    X = noise(300, side)
    assert np.array_equal(deform(X, drawn(NONE, 300, side), side), X)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("augmentation", [ALL, WIDEST])
def test_pixels_are_blended_by_the_formula(augmentation: Augmentation, side: int) -> None:
    X, deformations = noise(70, side), drawn(augmentation, 70, side)
    places = np.floor(deformations.places()).astype(int)
    (i, j), (x, y) = places // 256, places % 256  # of the pixel above and left, and how far on
    far = 99  # as blank as what is just beyond the edge
    blank = np.pad(X.reshape(-1, side, side), ((0, 0), (far, far), (far, far))).astype(int)
    image = np.arange(70)[:, np.newaxis]
    i, j = i + far - 1, j + far - 1
    above = blank[image, j, i] * (256 - x) + blank[image, j, i + 1] * x
    below = blank[image, j + 1, i] * (256 - x) + blank[image, j + 1, i + 1] * x
    expected = (above * (256 - y) + below * y + 2**15) // 2**16
    assert np.array_equal(deform(X, deformations, side), expected)


@pytest.mark.parametrize("side", SIDES)
def test_it_is_scipys_interpolation(side: int) -> None:
    X, deformations = noise(9, side), drawn(ALL, 9, side)
    across, down = np.floor(deformations.places()) / 256 - 1
    for image, found, x, y in zip(X, deform(X, deformations, side), across, down, strict=True):
        pixels = image.reshape(side, side).astype(float)
        exact = ndimage.map_coordinates(pixels, [y, x], order=1, mode="grid-constant")
        assert np.abs(found - exact).max() <= 0.5 + 1e-9


def test_it_is_scipys_affine_map(digits: Encoded) -> None:
    X = digits.X[:20]
    turn, k, f, move = np.radians(17.0), 0.15, 1.1, np.array([1.7, -2.4])  # across and down
    cos, sin = np.cos(turn), np.sin(turn)
    undone = np.linalg.inv(f * np.array([[cos, -sin], [sin, cos]]) @ [[1, k], [0, 1]])
    start = -undone @ move
    rows = [[start[axis], *(undone[axis] - np.eye(2)[axis])] for axis in (0, 1)]
    found = deform(X, straight(20, 28, *rows), 28)
    middle = np.array([13.5, 13.5])
    matrix = undone[::-1, ::-1]  # SciPy's axes are down and across
    offset = middle + start[::-1] - matrix @ middle
    for image, ours in zip(X, found, strict=True):
        pixels = image.reshape(28, 28).astype(float)
        exact = ndimage.affine_transform(pixels, matrix, offset, order=1, mode="grid-constant")
        assert np.abs(ours - exact.ravel()).max() < 2


@pytest.mark.parametrize("side", SIDES)
def test_an_image_depends_on_no_other(side: int) -> None:
    X, deformations = noise(300, side), drawn(ALL, 300, side)
    rows = np.random.default_rng(3).permutation(300)
    found = deform(X, deformations, side)
    assert np.array_equal(deform(X[rows], deformations.take(rows), side), found[rows])
    for some in (slice(0, 1), slice(3, 267), slice(0, 0)):
        assert np.array_equal(deform(X[some], deformations.take(some), side), found[some])
    assert np.array_equal(X, noise(300, side))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("turns", range(4))
def test_nothing_wraps_round(side: int, turns: int) -> None:
    edge = np.zeros((side, side), np.uint8)
    edge[:, -1] = 255
    X = np.tile(np.rot90(edge, turns).ravel(), (300, 1))
    reach = Augmentation(shift=6, rotate=0, scale=0, shear=0, elastic=6)
    found = deform(X, drawn(reach, 300, side), side).reshape(-1, side, side)
    other_half = np.rot90(found, -turns, axes=(1, 2))[:, :, : side // 2]
    assert found.any()
    assert not other_half.any()


@pytest.mark.parametrize("move", [28.0, -28.0, 60.0, -60.0])
def test_what_is_moved_out_is_gone(move: float) -> None:
    for rows in ([move, 0, 0], [0, 0, 0]), ([0, 0, 0], [move, 0, 0]):
        assert not deform(noise(3, 28), straight(3, 28, *rows), 28).any()


@pytest.mark.parametrize("key", ["shift", "rotate", "shear"])
def test_ink_is_kept(digits: Encoded, key: str) -> None:
    X = np.pad(digits.X.reshape(-1, 28, 28)[:, 4:-4, 4:-4], ((0, 0), (4, 4), (4, 4)))
    X = X.reshape(len(X), -1)
    found = deform(X, drawn(NONE._replace(**{key: getattr(ALL, key)}), len(X)), 28)
    ink = found.sum(axis=1) / X.sum(axis=1)
    assert 0.95 < ink.min() <= ink.max() < 1.05
    assert ink.mean() == pytest.approx(1, abs=0.003)


def test_ink_grows_with_the_square_of_the_size(digits: Encoded) -> None:
    X = digits.X
    scaled = drawn(NONE._replace(scale=0.2), len(X))
    size = UNITS / 2 / scaled.amounts[0, :, 1]
    ink = deform(X, scaled, 28).sum(axis=1) / X.sum(axis=1)
    assert ink / np.square(size) == pytest.approx(1, abs=0.06)
    assert np.mean(ink / np.square(size)) == pytest.approx(1, abs=0.005)


def test_control_points_that_move_alike_move_the_image() -> None:
    X = noise(5, 28)
    bent = drawn(NONE._replace(elastic=1), 5)
    bent.amounts[0, :, 3:] = 3 * POINT_UNITS
    bent.amounts[1, :, 3:] = -2 * POINT_UNITS
    moved = np.zeros((5, 28, 28), int)
    moved[:, 2:, :-3] = X.reshape(5, 28, 28)[:, :-2, 3:]
    assert np.abs(deform(X, bent, 28) - moved.reshape(5, -1)).max() <= 3  # of the bumps' rounding


def digest() -> str:
    """Return a digest of some images, deformed in every way."""
    found = [deform(noise(100, side), drawn(WIDEST, 100, side), side) for side in SIDES]
    found += [deform(noise(100, side), drawn(ALL, 100, side), side) for side in SIDES]
    return hashlib.sha256(b"".join(images.tobytes() for images in found)).hexdigest()


def test_the_bytes_are_known() -> None:
    # The same on every machine: a change of the deformations is to be seen.
    assert digest() == "5772279d0c86274b0afeaf419ad7c61b3b17d9c37af57e412a44cfab93b99d9e"
