"""What is drawn for the training images: how far, how often, and of what it depends."""

from typing import NamedTuple

import numpy as np
import pytest

from stages.network import augmentation
from stages.network.augmentation import Augmentation, draw
from stages.network.deformations import BORDER, POINT_UNITS, STEPS, UNITS, Deformations, Doubles
from stages.network.streams import AUGMENTATION, stream

NONE = Augmentation(shift=0, rotate=0, scale=0, shear=0, elastic=0)
EACH = Augmentation(shift=3.0, rotate=20.0, scale=0.2, shear=0.3, elastic=2.5)
MANY = 20_000


def drawn(augmentation: Augmentation, n: int, side: int = 28, seed: int = 5) -> Deformations:
    return draw(augmentation, side, np.random.default_rng(seed), n)


class Affine(NamedTuple):
    """What was drawn for each image: pixels across and down, degrees, shares."""

    across: Doubles
    down: Doubles
    turn: Doubles
    scale: Doubles
    shear: Doubles


def affine(deformations: Deformations, side: int = 28) -> Affine:
    """Return what affine map each image went through, found from where its pixels are read."""
    amounts = deformations.amounts.astype(float) / UNITS
    undone = 2 * amounts[:, :, 1:3].transpose(1, 0, 2)
    done = np.linalg.inv(undone)  # = f [cos -sin; sin cos] [1 k; 0 1]
    f = np.sqrt(np.linalg.det(done))
    first, second = done[..., 0], done[..., 1]
    middle = BORDER + (side - 1) / 2 + 0.5 / STEPS
    across, down = (done @ (middle - amounts[:, :, 0].T)[..., np.newaxis])[..., 0].T
    turn = np.degrees(np.arctan2(first[:, 1], first[:, 0]))
    return Affine(across, down, turn, f - 1, np.sum(first * second, axis=1) / np.square(f))


# What each of them is a share of.
KEYS = {"across": "shift", "down": "shift", "turn": "rotate", "scale": "scale", "shear": "shear"}


def test_a_pixel_is_read_where_what_was_drawn_brings_it_from() -> None:
    wide = EACH._replace(rotate=180, shear=0.5, elastic=0)
    amounts = drawn(wide, 50).amounts.astype(float)
    numbers = 2 * np.random.default_rng(5).spawn(2)[0].random((50, 5)) - 1
    for place, (turn, scale, shear, *moved) in zip(amounts.swapaxes(0, 1), numbers, strict=True):
        cos, sin = np.cos(np.pi * turn), np.sin(np.pi * turn)
        turned, sheared = np.array([[cos, -sin], [sin, cos]]), np.array([[1, shear / 2], [0, 1]])
        undone = np.linalg.inv((1 + 0.2 * scale) * turned @ sheared)
        start = 1 + 13.5 + 1 / 512 - undone @ (3 * np.array(moved))
        expected = np.column_stack([start * UNITS, undone * UNITS / 2])
        assert np.abs(place - expected).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("name", Affine._fields)
def test_each_number_is_uniform_between_its_ends(name: str) -> None:
    found = getattr(affine(drawn(EACH, MANY)), name) / getattr(EACH, KEYS[name])
    assert 0.999 < found.max() < 1.0001
    assert -1.0001 < found.min() < -0.999
    counts = np.histogram(found, 20, (-1.001, 1.001))[0]
    assert np.abs(counts - MANY / 20).max() < 5 * np.sqrt(MANY / 20)


def test_the_numbers_of_an_image_are_independent() -> None:
    one = affine(drawn(EACH, MANY))
    bent = drawn(EACH, MANY).amounts[:, :, [3, 30, 51]].transpose(0, 2, 1).reshape(6, MANY)
    correlations = np.corrcoef([*one, np.roll(one.turn, 1), *bent]) - np.eye(12)
    assert np.abs(correlations).max() < 5 / np.sqrt(MANY)


@pytest.mark.parametrize("name", Augmentation._fields)
def test_a_key_moves_nothing_of_another(name: str) -> None:
    one = drawn(NONE._replace(**{name: 2 * getattr(EACH, name)}), 99)
    found, expected = affine(one)._asdict(), affine(drawn(EACH, 99))._asdict()
    for number, key in KEYS.items():
        times = 2 if key == name else 0
        assert found[number] == pytest.approx(times * expected[number], abs=2e-3), number


@pytest.mark.parametrize("side", [28, 14])
def test_displacements_of_control_points_are_uniform(side: int) -> None:
    points = drawn(EACH, 1000, side).amounts[:, :, 3:] / (2.5 * POINT_UNITS * side / 28)
    assert points.shape == (2, 1000, 49)
    assert 0.99 < points.max() < 1.01
    assert -1.01 < points.min() < -0.99
    assert points.std() == pytest.approx(1 / np.sqrt(3), rel=0.01)
    assert abs(points.mean()) < 0.01


def test_lengths_are_those_of_images_of_side_28() -> None:
    large, small = affine(drawn(EACH, 99)), affine(drawn(EACH, 99, side=14), side=14)
    assert small.across == pytest.approx(large.across / 2, abs=1e-3)
    assert small.down == pytest.approx(large.down / 2, abs=1e-3)
    assert small.turn == pytest.approx(large.turn, abs=1e-2)


def test_a_row_depends_on_the_generator_and_its_place_alone() -> None:
    more, rows = drawn(EACH, 200), np.array([70, 3, 3])
    assert np.array_equal(drawn(EACH, 71).amounts, more.take(slice(0, 71)).amounts)
    assert np.array_equal(more.take(rows).amounts, more.amounts[:, rows])
    assert not np.array_equal(more.amounts[:, 0], more.amounts[:, 1])


def test_every_seed_and_epoch_draws_its_own() -> None:
    places = [(0, 1), (0, 2), (1, 1)]
    found = [draw(EACH, 28, stream(seed, AUGMENTATION, epoch), 9) for seed, epoch in places]
    again = draw(EACH, 28, stream(0, AUGMENTATION, 1), 9)
    assert np.array_equal(found[0].amounts, again.amounts)
    assert not np.array_equal(found[0].amounts, found[1].amounts)
    assert not np.array_equal(found[0].amounts, found[2].amounts)


@pytest.mark.parametrize("rows", [1, 7, 50])
def test_no_number_depends_on_how_many_images_are_drawn_for_at_once(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drawn(EACH, 50).amounts
    monkeypatch.setattr(augmentation, "_DRAWN_ROWS", rows)
    assert np.array_equal(drawn(EACH, 50).amounts, whole)
