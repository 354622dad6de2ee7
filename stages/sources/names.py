"""Which columns of a table are meant: the label, the pixels in order, and what is left out."""

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from stages.common.artifacts.digits import PIXELS
from stages.common.errors import DigitsError
from stages.sources.columns import LABEL

_SIDE = range(28)
# The other header in use for these 28 x 28 images: row x column, both from 1.
GRID_PIXELS = tuple(f"{row + 1}x{column + 1}" for row, column in product(_SIDE, _SIDE))
# Names that are in use, in small letters and without anything between them.
_LABELS = (
    *("label", "labels", "class", "classes", "target", "targets", "y", "digit", "digits"),
    *("category", "number", "classlabel", "digitlabel", "labelid", "classid", "truth", "truelabel"),
    *("groundtruth", "answer"),
)
# What pandas, R and others call the index that they write unless told not to.
_INDEXES = (
    *("", "unnamed0", "index", "id", "idx", "row", "rowid", "rownames", "rownumber", "rownum"),
    *("imageid", "imgid", "indexlevel0", "level0", "1", "x", "sampleid", "exampleid", "no", "nr"),
)
# Columns of small numbers that no one would take for the digit, if no other is there.
_NO_LABELS = (
    *("fold", "kfold", "split", "set", "subset", "usage", "part", "partition", "train", "test"),
    *("istrain", "istest", "batch", "group", "cluster", "weight", "sampleweight", "writer"),
    *("source", "count", "intensity", "mean", "blank", "pixel", "id1", "id2"),
)
_IMAGE = len(PIXELS)


class Layout(NamedTuple):
    """The places of the columns that are meant, from 0: the label, and the pixels in order.

    notes: what is left out, or has other names than usual.
    """

    label: int
    pixels: list[int]
    notes: list[str]


class Either(NamedTuple):
    """The places of 785 columns in order, of which the first or the last is the label.

    What they hold must tell. notes: as in Layout.
    """

    places: list[int]
    notes: list[str]


class _Family(NamedTuple):
    """Columns whose names differ in one number or in two: their places by these."""

    places: dict[tuple[int, ...], int]
    twice: list[int]


def layout(where: str, names: Sequence[str]) -> Layout | Either:
    """Return which columns of a table hold digits, by their names as far as these tell.

    Raises DigitsError, naming `where` and the columns, where one is missing, there twice, or
    could be meant as well as another.
    """
    families = _families(names)
    images = [places for family in families if (places := _image(family))]
    if len(images) > 1:
        raise two_readings(where, names, [image[0] for image in images])
    if images:
        return _labelled(where, names, images[0])
    for family in families:
        numbers = [number[0] for number in sorted(family.places)]
        if len(numbers) == _IMAGE + 1 and numbers[0] in (0, 1) and numbers[-1] - numbers[0] == 784:
            return _with_label_among(where, names, family)
    raise _incomplete(where, names, families)


def pixels_alone(names: Sequence[str]) -> list[int] | None:
    """Return the places of 784 columns of pixels that nothing but an index stands beside, or None.

    In order, if they are numbered from 0 or 1.
    """
    images = [places for family in _families(names) if (places := _image(family))]
    if len(images) != 1:
        return None
    others = set(range(len(names))) - set(images[0])
    return images[0] if all(plain(names[place]) in _INDEXES for place in others) else None


def plain(name: str) -> str:
    """Return a name in small letters and without anything between them."""
    return re.sub(r"[^0-9a-z]", "", name.casefold())


def is_label(name: str) -> bool:
    """Tell whether a name is in use for labels."""
    return plain(name) in _LABELS


def _families(names: Sequence[str]) -> list[_Family]:
    """Return the columns whose names end in a number, and in two, by what else is in the names.

    Those with the most columns come first.
    """
    found: dict[tuple[str, ...], _Family] = {}
    for place, name in enumerate(names):
        parts = re.split(r"([0-9]+)", name)
        for count in (1, 2):
            if len(parts) <= 2 * count or max(map(len, parts[1::2])) > 9:
                continue
            numbers = tuple(int(parts[at]) for at in range(len(parts) - 2 * count, len(parts), 2))
            rest = ["".join(parts[: -2 * count]), *parts[len(parts) - 2 * count + 1 :: 2]]
            family = found.setdefault(tuple(map(plain, rest)), _Family({}, []))
            if numbers in family.places:
                family.twice.append(place)
            family.places.setdefault(numbers, place)
    ordered = sorted(found.items(), key=lambda item: -len(item[1].places))
    return [_by_row(texts, family) for texts, family in ordered]


_COLUMN_FIRST = ({"c", "col", "column", "x"}, {"r", "row", "y"})


def _by_row(texts: tuple[str, ...], family: _Family) -> _Family:
    """Return a grid's columns by row and column, also where the names say the column first."""
    if len(texts) == 3 and all(
        text in words for text, words in zip(texts, _COLUMN_FIRST, strict=False)
    ):
        places = {numbers[::-1]: place for numbers, place in family.places.items()}
        return _Family(places, family.twice)
    return family


def _image(family: _Family) -> list[int] | None:
    """Return the places of 784 columns that are numbered from 0 or 1, in order, or None."""
    numbers = sorted(family.places)
    for first in (0, 1):
        line = [(first + place,) for place in range(_IMAGE)]
        grid = [(first + row, first + column) for row, column in product(_SIDE, _SIDE)]
        if numbers in (line, grid) and not family.twice:
            return [family.places[number] for number in numbers]
    return None


def _labelled(where: str, names: Sequence[str], pixels: list[int]) -> Layout:
    """Return the layout of a table whose pixels are found."""
    others = [place for place in range(len(names)) if place not in set(pixels)]
    label = label_among(where, names, others)
    left = [place for place in others if place != label]
    notes = left_out(names, left)
    usual = (names[pixels[0]], names[pixels[-1]]) in (
        (PIXELS[0], PIXELS[-1]),
        (GRID_PIXELS[0], GRID_PIXELS[-1]),
    )
    if names[label] != LABEL or not usual:
        first, last = names[pixels[0]], names[pixels[-1]]
        notes = [
            f"labels are read from {names[label]!r}, pixels from {first!r} to {last!r}",
            *notes,
        ]
    return Layout(label, pixels, notes)


def label_among(where: str, names: Sequence[str], others: Sequence[int]) -> int:
    """Return the place of the label among columns that hold no pixels; raises DigitsError.

    A name in use for labels tells it, or that no other column is there beside an index, unless
    its name says that it is something else.
    """
    named = [place for place in others if is_label(names[place])]
    rest = [place for place in others if plain(names[place]) not in _INDEXES]
    if len(named) > 1:
        if len({names[place] for place in named}) == 1:
            raise _wrong(where, names, "a column twice", [names[named[0]]])
        raise two_readings(where, names, named, "labels")
    alone = len(rest) == 1 and plain(names[rest[0]]) not in _NO_LABELS
    if named or alone:
        return (named or rest)[0]
    raise _wrong(where, names, "no column", [LABEL], [names[place] for place in rest])


def left_out(names: Sequence[str], places: Sequence[int]) -> list[str]:
    """Return the notes on columns that are neither label nor pixels."""
    indexes = [names[place] for place in places if plain(names[place]) in _INDEXES]
    others = [names[place] for place in places if plain(names[place]) not in _INDEXES]
    notes = [f"{listed(indexes)}, an index, is left out"] if indexes else []
    return [*notes, *([f"{listed(others)}, neither label nor pixels, left out"] if others else [])]


def _with_label_among(where: str, names: Sequence[str], family: _Family) -> Either:
    """Return the layout of a table of 785 columns that are numbered through."""
    places = [family.places[number] for number in sorted(family.places)]
    others = [place for place in range(len(names)) if place not in set(places)]
    labels = [place for place in others if is_label(names[place])]
    if labels or family.twice:
        complaint = "a column twice" if family.twice else "an unknown column"
        raise _wrong(where, names, complaint, [names[(family.twice or places)[-1]]])
    return Either(places, left_out(names, others))


def decided(either: Either, first_is_label: bool) -> Layout:
    """Return a layout once it is known which end of its columns is the label."""
    *before, last = either.places
    first, *after = either.places
    label, pixels, end = (first, after, "first") if first_is_label else (last, before, "last")
    said = f"its {end} column is read as the label, the others as pixels"
    return Layout(label, pixels, [said, *either.notes])


def two_readings(
    where: str, names: Sequence[str], places: Sequence[int], what: str = "pixels"
) -> DigitsError:
    """Return the error for columns of which each could be meant."""
    shown = " or ".join(repr(names[place][:40]) for place in places[:3])
    return DigitsError(f"{where}: {what} could be read from {shown}; expected one of them")


def _incomplete(where: str, names: Sequence[str], families: Sequence[_Family]) -> DigitsError:
    """Return the error for a table without 784 columns that are numbered through."""
    if families and families[0].twice:
        return _wrong(where, names, "a column twice", [names[families[0].twice[0]]])
    wanted = _wanted(names, families)
    missing = [name for name in wanted if name not in names]
    strange = [name for name in names if name not in (LABEL, *wanted)]
    if not missing:
        return _wrong(where, names, "an unknown column", strange)
    no_label = [LABEL] if not any(is_label(name) for name in names) else []
    return _wrong(where, names, "no column", [*no_label, *missing], strange, wanted)


def _wanted(names: Sequence[str], families: Sequence[_Family]) -> Sequence[str]:
    """Return the names of 784 columns as the ones that are there are meant to go on."""
    if not families or len(families[0].places) < 2:
        return PIXELS
    numbers = min(families[0].places)
    first = names[families[0].places[numbers]]
    if len(numbers) == 2:
        return GRID_PIXELS
    head, _, tail = re.split(r"([0-9]+)(?=[^0-9]*$)", first)
    start = 1 if numbers == (1,) else 0
    return [f"{head}{start + place}{tail}" for place in range(_IMAGE)]


def _wrong(
    where: str,
    names: Sequence[str],
    complaint: str,
    found: Sequence[str],
    strange: Sequence[str] = (),
    wanted: Sequence[str] = PIXELS,
) -> DigitsError:
    """Return the error for columns that are not those of digits."""
    instead = f" (but {listed(strange)})" if strange else ""
    return DigitsError(
        f"{where}: {complaint}: {listed(found)}, among {len(names)}{instead}; "
        f"expected {LABEL} and {wanted[0]} to {wanted[-1]}, in any order"
    )


def listed(names: Sequence[str]) -> str:
    """Return a few names and how many more there are."""
    shown = ", ".join(repr(name[:40]) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
