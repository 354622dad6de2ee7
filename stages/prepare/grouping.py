"""Which parts of a mask are a digit, and which digits stand in a row.

Every length is a share of the picture or of the digit, so that its size does not matter.
"""

from collections.abc import Callable, Sequence

from stages.prepare.parts import Labels, Part, gap, joined, shared_height, shared_width

_SPECK_PIXELS = 12
_SPECK = 0.02  # of the picture's longer side
_NOTABLE = 0.1  # likewise: what is smaller says nothing of what is around it
_ENCLOSED = 0.3  # of a frame's size, at least, is a digit in it
_FRAME_SIDES = 3  # of four, on which it is seen: one may be outside of the picture
_INNER = 0.4  # of the size of what touches the border: a digit that does not is as large
_FLAT = 3  # times as wide as high: wider parts are lines
_LONGEST_PIECE = 1.2  # of the main part's size
_PALE = 0.5  # of the main part's strength
_PIECE = 0.12  # of the main part's size
_APART = 0.35  # of the larger part's size: farther from it, nothing is a piece of it
_NEAR = 0.25  # likewise, where there is one digit
_CLOSE = 0.12  # likewise, where there are several
_ABOVE = 0.4  # of the narrower part's width, over or under the other
_TALL = 0.6  # of the other part's height: two such stand side by side
_LEAST_HEIGHT, _MOST_HEIGHT = 0.45, 2.0  # of the main digit's, in a row with it


def digits_of(parts: Sequence[Part], labels: Labels, single: bool) -> list[Part]:
    """Return the digits among the parts of a mask, from left to right.

    labels: (height, width), of the pixels, as the parts have them. single: whether there is one,
    so that all that is near the heaviest part belongs to it.
    """
    height, width = labels.shape
    longest = max(height, width)
    kept = [p for p in parts if p.area >= _SPECK_PIXELS and p.size >= _SPECK * longest]
    kept = _within(_unframed(kept, labels), height, width)
    if not kept:
        return []
    # What is flat may be a piece of a digit, but not longer than the digit is.
    high = [part for part in kept if part.width <= _FLAT * part.height]
    main = max(high or kept, key=lambda part: part.weight)
    kept = [part for part in kept if part in high or part.size <= _LONGEST_PIECE * main.size]
    least = _PALE * main.ink / main.area
    kept = [p for p in kept if p.ink / p.area >= least and p.size >= _PIECE * main.size]
    digits = _grouped(kept, _one_digit if single else _same_digit)
    main = max(digits, key=lambda part: part.weight)
    return [main] if single else _row(digits, main)


def _unframed(parts: Sequence[Part], labels: Labels) -> list[Part]:
    """Return the parts without those that are drawn around another: frames and rings."""
    notable = [part for part in parts if part.size >= _NOTABLE * max(labels.shape)]
    return [
        part
        for part in parts
        if not any(
            other.size >= _ENCLOSED * part.size and _surrounds(part, other, labels)
            for other in notable
        )
    ]


def _surrounds(frame: Part, part: Part, labels: Labels) -> bool:
    """Tell whether one part's ink is around another."""
    row = labels[(part.top + part.bottom) // 2] == frame.labels[0]
    column = labels[:, (part.left + part.right) // 2] == frame.labels[0]
    sides = row[: part.left], row[part.right :], column[: part.top], column[part.bottom :]
    return sum(bool(side.any()) for side in sides) >= _FRAME_SIDES


def _within(parts: Sequence[Part], height: int, width: int) -> list[Part]:
    """Return the parts that do not touch the border, if one of them is a digit's size.

    What touches it is the table below the paper, or a finger. What is flat, as the hat of a 5, may
    belong to a digit that touches it.
    """
    inner = [p for p in parts if not _sides(p, height, width) and p.width <= _FLAT * p.height]
    best = max((p.size for p in inner if p.size >= _NOTABLE * max(height, width)), default=0)
    return [
        part
        for part in parts
        if (sides := _sides(part, height, width)) == 0
        or best == 0
        or (sides == 1 and best < _INNER * part.size)
    ]


def _sides(part: Part, height: int, width: int) -> int:
    """Return how many sides of the picture a part touches."""
    return sum((part.top == 0, part.left == 0, part.bottom == height, part.right == width))


def _grouped(parts: Sequence[Part], belong: Callable[[Part, Part], bool]) -> list[Part]:
    """Return the parts with all joined that belong together."""
    groups: list[Part] = []
    for part in sorted(parts, key=lambda part: -part.weight):
        group = part
        while found := [other for other in groups if belong(group, other)]:
            groups = [other for other in groups if other not in found]
            for other in found:
                group = joined(group, other)
        groups.append(group)
    return groups


def _one_digit(one: Part, other: Part) -> bool:
    """Tell whether two parts are one digit, where there is only one."""
    larger, between = max(one.size, other.size), gap(one, other)
    if between > _APART * larger:
        return False
    return between <= _NEAR * larger or shared_width(one, other) >= _ABOVE


def _same_digit(one: Part, other: Part) -> bool:
    """Tell whether two parts are of one digit, where there may be several."""
    larger, between = max(one.size, other.size), gap(one, other)
    if shared_width(one, other) >= _ABOVE:
        return between <= _APART * larger
    if min(one.height, other.height) >= _TALL * max(one.height, other.height):
        return False
    beside = shared_width(one, other) > 0 or shared_height(one, other) > 0.5
    return between <= _CLOSE * larger and beside


def _row(digits: Sequence[Part], main: Part) -> list[Part]:
    """Return the digits that stand in a row with the main one, from left to right."""
    row = [
        digit
        for digit in digits
        if _LEAST_HEIGHT * main.height <= digit.height <= _MOST_HEIGHT * main.height
        and shared_height(digit, main) >= 0.5
    ]
    return sorted(row, key=lambda digit: (digit.left + digit.right, digit.left))
