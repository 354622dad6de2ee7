"""The patterns that displacements are made of, and that no sum of them rounds."""

from itertools import product
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest
from scipy.interpolate import BSpline

from stages.network.augmentation import Augmentation, draw
from stages.network.deformations import POINT_UNITS, STEPS, UNITS, Doubles, patterns

SIDES = (28, 20, 16, 14, 8)
WIDEST = Augmentation(shift=14, rotate=180, scale=0.5, shear=0.5, elastic=14)


def units(side: int) -> Doubles:
    """Return the patterns as whole numbers."""
    return patterns(side, elastic=True).astype(float) * (UNITS / STEPS)


@pytest.mark.parametrize("side", SIDES)
def test_the_straight_patterns_are_the_distances_from_the_middle(side: int) -> None:
    constant, across, down = units(side)[:3].reshape(3, side, side)
    assert np.all(constant == 1)
    assert np.array_equal(across, [2 * np.arange(side) + 1 - side] * side)
    assert np.array_equal(down, across.T)
    assert np.array_equal(patterns(side, elastic=False), patterns(side, elastic=True)[:3])


@pytest.mark.parametrize("side", SIDES)
def test_the_bumps_are_products_of_cubic_splines(side: int) -> None:
    pixels = (np.arange(side) + 0.5) / side * 4  # in spaces between control points
    line = [BSpline.basis_element(np.arange(k - 3, k + 2), extrapolate=False) for k in range(7)]
    splines = np.nan_to_num([spline(pixels) for spline in line])
    surface = np.einsum("ir,jc->ijrc", splines, splines).reshape(49, side * side)
    assert np.abs(units(side)[3:] - surface * 2048).max() <= 0.5 + 1e-9
    assert units(side)[3:].sum(axis=0) == pytest.approx(2048, abs=5)


class Ends:
    """A generator that draws the ends of every range, at all angles."""

    def spawn(self, count: int) -> list["Ends"]:
        return [self] * count

    @property
    def bit_generator(self) -> "Ends":
        return self

    def advance(self, _: int) -> None:
        """Go on: there is an end wherever it begins."""

    def random(self, shape: tuple[int, ...], dtype: npt.DTypeLike = float) -> npt.NDArray[Any]:
        if len(shape) > 2:
            return np.ones(shape, dtype)
        turns = np.linspace(0, 1, shape[0] // 16)
        return np.array([ends for turn in turns for ends in product([turn], *[(0.0, 1.0)] * 4)])


@pytest.mark.parametrize("side", SIDES)
def test_no_sum_of_the_widest_deformations_rounds(side: int) -> None:
    amounts = draw(WIDEST, side, cast("np.random.Generator", Ends()), 16 * 361).amounts
    assert np.array_equal(amounts, np.rint(amounts))
    assert np.array_equal(units(side), np.rint(units(side)))
    assert amounts[..., 3:].max() == pytest.approx(14 * POINT_UNITS * side / 28, abs=0.5)
    largest = (np.abs(amounts).astype(float) @ np.abs(units(side))).max()
    assert 100 * UNITS * side / 28 < largest < 2**24
