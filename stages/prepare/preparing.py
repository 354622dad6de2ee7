"""All steps of the preparation, in their order, from a picture to images as MNIST's."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stages.prepare import grouping, ink, stroke_widths
from stages.prepare.distances import distances, stroke_width, widest_strokes
from stages.prepare.levels import FULL, Level, level_of, ranked
from stages.prepare.parts import Labels, Part, parts_of
from stages.prepare.placing import placed
from stages.prepare.resizing import worked_on
from stages.prepare.ruled_lines import without_lines
from stages.prepare.slants import upright
from stages.prepare.touching import separated

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_WIDEST = 0.15  # half the width of a stroke at most, as a share of the picture's longer side
_AGAIN = 2  # times that paper and ink are told apart once the width of strokes is known
# A stroke's width as a share of the digit's size, from where on it may be paper: on a dark table
# a sheet is the lighter part. Then whatever else is less than half as bold is the ink.
_BOLD = 0.2
_MARGIN = 2  # pixels around a digit whose strength counts: the edges of its strokes


class NoInkError(Exception):
    """There is no digit in a picture: the message says what is there."""


@dataclass(frozen=True)
class Digit:
    """A digit: its box in the picture that is worked on, and what becomes of it.

    box: top, left, bottom and right, in pixels. ink: (height, width) the digit alone, 1 for full
    ink. mask: with strokes of MNIST's width. image: (28, 28) as in MNIST.
    """

    box: tuple[int, int, int, int]
    ink: Floats
    mask: Mask
    image: Bytes


@dataclass(frozen=True)
class Prepared:
    """A picture and all that is made of it on the way to its digits, from left to right."""

    picture: Bytes
    darker: bool
    strength: Floats
    mask: Mask
    digits: list[Digit]


def prepare(picture: Bytes, single: bool) -> Prepared:
    """Return the digits in a picture, from left to right, with the steps on the way to them.

    picture: (height, width, 3). single: whether there is one. Raises NoInkError.
    """
    picture = worked_on(picture)
    darker = ink.ink_is_darker(picture)
    first = _prepared(picture, darker, single)
    if (boldness := _boldness(first)) > _BOLD:
        with suppress(NoInkError):
            other = _prepared(picture, not darker, single)
            if _boldness(other) < boldness / 2:
                return other
    return first


def _boldness(prepared: Prepared) -> float:
    """Return how wide the strokes of the finest digit are, as a share of its size."""
    masks = [digit.ink > 0.5 for digit in prepared.digits]
    return min(stroke_width(mask, distances(mask, 0)) / float(max(mask.shape)) for mask in masks)


def _prepared(picture: Bytes, darker: bool, single: bool) -> Prepared:
    """Return the digits in ink that is darker than the paper, or lighter; raises NoInkError."""
    strength, level = _inked(ink.shade_of(picture, darker))
    mask = strength >= level.edge
    clean = without_lines(mask)
    labels, parts = parts_of(clean, strength)
    if not single:
        width = widest_strokes(distances(clean, 0)) if clean.any() else 0.0
        labels, parts = parts_of(separated(labels, parts, width), strength)
    found = grouping.digits_of(parts, labels, single)
    if not found:
        raise NoInkError("there is ink in it, but nothing of a digit's size")
    # What was left out, and edges of other parts, are paper.
    shown = np.where(mask & ~clean, level.paper, strength)
    digits = [_digit(part, labels, shown, level) for part in found]
    return Prepared(picture, darker, strength, mask, digits)


def _inked(shade: ink.Whole) -> tuple[Floats, Level]:
    """Return the strength of the ink in a shade, and its level; raises NoInkError.

    How much of the shading is that of the paper depends on how wide strokes are, which shows in
    the ink: so it is looked for again.
    """
    radius = max(2, int(_WIDEST * max(shade.shape)))
    strength, level = _told_apart(shade, radius)
    for _ in range(_AGAIN):
        mask = strength >= level.edge
        width = widest_strokes(distances(mask, 0))
        radius = min(radius, max(3, int(2 * width) + 2))
        strength, level = _told_apart(shade, radius)
    return strength, level


def _told_apart(shade: ink.Whole, radius: int) -> tuple[Floats, Level]:
    """Return the strength of the ink in strokes below 2 radius wide, and its level."""
    strength = ink.strength_of(shade, radius)
    level = level_of(strength)
    if level is None:
        raise NoInkError("it is blank: nothing in it is told from paper")
    return strength, level


def _digit(part: Part, labels: Labels, strength: Floats, level: Level) -> Digit:
    """Return a digit prepared: all strength (height, width) that belongs to one part."""
    top, left = max(part.top - _MARGIN, 0), max(part.left - _MARGIN, 0)
    rows, columns = slice(top, part.bottom + _MARGIN), slice(left, part.right + _MARGIN)
    around = labels[rows, columns]
    own = np.isin(around, part.labels)
    near = (ink.square_sums(own.astype(np.int32), _MARGIN) > 0) & (around == 0)
    # Where there is much of a paler ink, such as lines, this one is stronger than the level says.
    full = max(level.full, ranked(strength[rows, columns][own], FULL))
    shown = (strength[rows, columns] - level.paper) / (full - level.paper)
    # The edge of a stroke is at 1/2: only its own pixels are above.
    alone = np.where(near, np.minimum(shown, 0.5), np.where(own, np.minimum(shown, 1.0), 0.0))
    mask = stroke_widths.normal(upright(alone))
    return Digit((part.top, part.left, part.bottom, part.right), alone, mask, placed(mask))
