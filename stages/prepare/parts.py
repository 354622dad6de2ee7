"""The connected parts of a mask, each with its box."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int32]


class Part(NamedTuple):
    """Some ink: labels of its connected pixels, its box, and its ink.

    top, left, bottom, right: in pixels; the last two are the first outside. area: pixels. ink:
    their strengths, added.
    """

    labels: tuple[int, ...]
    top: int
    left: int
    bottom: int
    right: int
    area: int
    ink: float

    @property
    def height(self) -> int:
        """Return the height of the box."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Return the width of the box."""
        return self.right - self.left

    @property
    def size(self) -> int:
        """Return the longer side of the box."""
        return max(self.height, self.width)

    @property
    def weight(self) -> float:
        """Return what makes one part matter more than another."""
        return self.ink * self.size


def parts_of(mask: Mask, strength: Floats) -> tuple[Labels, list[Part]]:
    """Return a label for each pixel, 0 for paper, and the parts; across a corner is connected."""
    from scipy import ndimage  # here, for it takes a moment to import

    labels, count = ndimage.label(mask, np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    inks = np.bincount(labels.ravel(), strength.ravel(), minlength=count + 1)
    parts = [
        Part((at,), rows.start, columns.start, rows.stop, columns.stop, int(areas[at]), inks[at])
        for at, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1)
    ]
    return labels, parts


def joined(one: Part, other: Part) -> Part:
    """Return two parts as one."""
    return Part(
        one.labels + other.labels,
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
        one.area + other.area,
        one.ink + other.ink,
    )


def gap(one: Part, other: Part) -> int:
    """Return how many pixels are between two boxes, in the direction in which they are more."""
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(0, across, down)


def shared_width(one: Part, other: Part) -> float:
    """Return the share of the narrower part that is above or below the other."""
    both = min(one.right, other.right) - max(one.left, other.left)
    return max(0, both) / min(one.width, other.width)


def shared_height(one: Part, other: Part) -> float:
    """Return the share of the lower part that is beside the other."""
    both = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, both) / min(one.height, other.height)
