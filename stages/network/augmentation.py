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
from stages.network.rooms import MEMORY, Room

_SIDE = 28  # of the images whose pixels lengths are given in
_STRAIGHT = 3  # of the patterns
_DRAWN_ROWS = 8192  # at once
# Of 64 bits, for an image: five numbers; and two of 32 bits for each control point.
_STRAIGHT_DRAWS, _BENT_DRAWS = 5, CONTROLS * CONTROLS


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


def draw(
    augmentation: Augmentation, side: int, rng: np.random.Generator, n: int, before: int = 0
) -> Deformations:
    """Return deformations of n images, drawn in their order: of more, the first would be these.

    before: how many images there are before them.
    """
    found = undrawn(augmentation, side, n, MEMORY)
    redraw(found, augmentation, side, rng, before)
    return found


def undrawn(augmentation: Augmentation, side: int, n: int, room: Room) -> Deformations:
    """Return deformations of n images of any amounts, which lie in a room."""
    shapes = patterns(side, augmentation.elastic > 0)
    return Deformations(room.empty((2, n, len(shapes)), np.float32), shapes)


def redraw(
    found: Deformations,
    augmentation: Augmentation,
    side: int,
    rng: np.random.Generator,
    before: int = 0,
) -> None:
    """Change deformations to others, drawn after those of so many images before; rng: of PCG64."""
    straight, bent = rng.spawn(2)
    for drawn, each in ((straight, _STRAIGHT_DRAWS), (bent, _BENT_DRAWS)):
        drawn.bit_generator.advance(before * each)  # type: ignore[attr-defined] # PCG64 has it
    for start in range(0, found.amounts.shape[1], _DRAWN_ROWS):
        some = found.amounts[:, start : start + _DRAWN_ROWS]
        n = some.shape[1]
        some[:, :, :_STRAIGHT] = _affine(augmentation, side, straight, n)
        if augmentation.elastic:
            some[:, :, _STRAIGHT:] = _points(augmentation.elastic * side / _SIDE, bent, n)


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
