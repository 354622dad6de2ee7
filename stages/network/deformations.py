"""Deformations of images: from where in an image each pixel of the deformed one is read.

Such a place is a sum of patterns, the same for all images, each in an amount of the image's own.
Both are whole numbers times powers of two, and the absolute values of all terms of a sum are less
than 2^24 units: float32 holds them all, so that no product of the BLAS rounds.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

STEPS = 256  # of a place, to the pixel
BORDER = 1  # pixels: places are counted from one above and left of the image's first
UNITS = 2**17  # of a sum, to the pixel

CONTROLS = 7  # control points across, and as many down
_SPACES = CONTROLS - 3  # between them, of the image's side: the points go on beyond its edges
_BUMP_UNITS = 2**11  # the height of a bump, to 1; a point's displacement has the other 2^6
POINT_UNITS = UNITS // _BUMP_UNITS


class Deformations(NamedTuple):
    """From where the pixels of n images are read.

    amounts: (2, n, patterns), across and down. patterns: (patterns, side²). The place of pixel p
    of image i is amounts[:, i] @ patterns[:, p], in steps of 1/256 pixel, cut to whole ones.
    """

    amounts: Singles
    patterns: Singles

    def take(self, rows: Positions | slice) -> "Deformations":
        """Return those of some images."""
        return Deformations(self.amounts[:, rows], self.patterns)

    def places(self) -> Singles:
        """Return the places (2, n, side²), across and down."""
        places: Singles = self.amounts @ self.patterns
        return places


def patterns(side: int, elastic: bool) -> Singles:
    """Return the patterns (3 or 52, side²) that displacements of images are made of.

    The first three are 1, and a pixel's distance across and down from the image's middle, in half
    pixels. With `elastic` a smooth bump around each control point follows, row by row. All are in
    steps of 1/256 pixel, for amounts in units: pixels / 2^17, at control points / 2^6.
    """
    across = np.arange(1 - side, side, 2)
    down, right = np.repeat(across, side), np.tile(across, side)
    found = [np.ones((1, side * side)), right[np.newaxis], down[np.newaxis]]
    if elastic:
        bumps = _bumps(side)
        products = bumps[:, np.newaxis, :, np.newaxis] * bumps[:, np.newaxis]
        found.append(np.rint(products * _BUMP_UNITS).reshape(-1, side * side))
    return np.concatenate(found).astype(np.float32) * np.float32(STEPS / UNITS)


def _bumps(side: int) -> Doubles:
    """Return the cubic B-splines (7, side) of the control points of a line, at its pixels.

    The points are a quarter of the side apart, the first a quarter before the line's beginning.
    Those of a pixel add up to 1. Source: de Boor, "A Practical Guide to Splines", chapter IX.
    """
    place = np.arange(1, 2 * side, 2) * _SPACES / (2 * side)
    first = place.astype(np.intp)  # the first of the four points around
    t = place - first
    u = 1 - t
    bumps = np.zeros((CONTROLS, side))
    pixels = np.arange(side)
    bumps[first, pixels] = u * u * u / 6
    bumps[first + 1, pixels] = 2 / 3 - t * t * (2 - t) / 2
    bumps[first + 2, pixels] = 2 / 3 - u * u * (2 - u) / 2
    bumps[first + 3, pixels] = t * t * t / 6
    return bumps
