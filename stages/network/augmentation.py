"""Augmentation: every epoch, each training image is deformed anew, by chance.

An image is scaled and sheared and then turned about its middle, moved, and bent. What it becomes
depends on the generator and on its row alone.
"""

from typing import NamedTuple

import numpy as np

from stages.network.deformations import (
    BORDER,
    CONTROLS,
    POINT_UNITS,
    STEPS,
    UNITS,
    Deformations,
    Singles,
    patterns,
)
from stages.network.elementary import cosine, sine

_SIDE = 28  # of the images whose pixels lengths are given in


class Augmentation(NamedTuple):
    """How far images are deformed at most: each number is drawn within ± these, uniformly.

    shift: across and down, in pixels of an image of side 28; at most 14. rotate: in degrees, at
    most 180. scale: of the size, a share of it; at most 0.5. shear: how far across a pixel moves, a
    share of how far below the middle it is; at most 0.5. elastic: displacement of a control point
    across and down, in pixels of an image of side 28; at most 14. With more, sums would round.
    """

    shift: float
    rotate: float
    scale: float
    shear: float
    elastic: float


def draw(augmentation: Augmentation, side: int, rng: np.random.Generator, n: int) -> Deformations:
    """Return deformations of n images, drawn in their order: of more, the first would be these."""
    straight, bent = rng.spawn(2)
    amounts = _affine(augmentation, side, straight, n)
    if augmentation.elastic:
        points = _points(augmentation.elastic * side / _SIDE, bent, n)
        amounts = np.concatenate([amounts, points], axis=2)
    return Deformations(amounts, patterns(side, augmentation.elastic > 0))


def _affine(augmentation: Augmentation, side: int, rng: np.random.Generator, n: int) -> Singles:
    """Return the amounts (2, n, 3) of the straight patterns.

    A pixel is read at the place that scaling by f, shearing by k, turning by an angle and moving
    by d bring to it. With positions from the middle, x across and y down, that is

        (x, y) = 1/f [1 -k; 0 1] [cos sin; -sin cos] (position of the pixel - d).
    """
    turn, scale, shear, across, down = (2 * rng.random((n, 5)) - 1).T
    f, k = 1 + augmentation.scale * scale, augmentation.shear * shear
    half_turns = turn * (augmentation.rotate / 180)
    cos, sin = cosine(half_turns) / f, sine(half_turns) / f
    reach = augmentation.shift * side / _SIDE
    middle = BORDER + (side - 1) / 2 + 0.5 / STEPS  # the last so that cutting places rounds them
    amounts = [
        (middle - reach * (by_x * across + by_y * down), by_x / 2, by_y / 2)
        for by_x, by_y in ((cos + k * sin, sin - k * cos), (-sin, cos))
    ]
    found: Singles = np.rint(np.array(amounts) * UNITS).swapaxes(1, 2).astype(np.float32, order="C")
    return found


def _points(reach: float, rng: np.random.Generator, n: int) -> Singles:
    """Return the amounts (2, n, 49) of the bumps, each within ± `reach` pixels."""
    drawn = rng.random((n, 2, CONTROLS * CONTROLS), np.float32)
    drawn *= np.float32(2)
    drawn -= np.float32(1)
    drawn *= np.float32(reach * POINT_UNITS)
    return np.rint(drawn, out=drawn).swapaxes(0, 1)
