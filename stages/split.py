"""Divide the digits into rows that train, rows that validate and rows that test.

In: data/digits.parquet. Out: data/split/{train,validation,test}.parquet.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common import fingerprints, params, reordering
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits, Table
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.files import together
from stages.common.fingerprints import Fingerprints
from stages.common.pieces import GROUP_ROWS, PIECE_ROWS, spans
from stages.common.progress import shown
from stages.common.reordering import Positions
from stages.common.scratch import refuse_no_room_for_outs, scratch_file
from stages.network.ahead import ahead

PARAMS = {
    "split": {
        "train_rows": {"type": "integer", "minimum": 1},
        "validation_rows": {"type": "integer", "minimum": 0},
        "test_rows": {"type": ["integer", "null"], "minimum": 1},
        "shuffle": {"type": "boolean"},
        "max_shared_images": {"type": "number", "minimum": 0, "maximum": 1},
        "seed": {"type": "integer", "minimum": 0, "maximum": 4294967295},
    }
}


def choose(
    rows: int, train_rows: int, validation_rows: int, test_rows: int | None, order: Positions
) -> list[Positions]:
    """Return the positions that train, that validate and that test: as `order` has them.

    Whoever takes as many from `train_rows` as validate leaves all others what they were, as the
    test rows of an official split must be.

    order: (rows,) every position once. test_rows None takes all that remain. Raises
    DigitsError, with the numbers, where there are too few rows or none is left to test.
    """
    before = train_rows + validation_rows
    tested = rows - before if test_rows is None else test_rows
    wanted = _wanted(train_rows, validation_rows, test_rows)
    if before + max(tested, 0) > rows:
        raise DigitsError(f"{wanted}, but the source has {rows} rows")
    if tested < 1:
        raise DigitsError(f"{wanted}, which leaves no row of the source's {rows} to test")
    return np.split(order[: before + tested], [train_rows, before])


def _wanted(train_rows: int, validation_rows: int, test_rows: int | None) -> str:
    """Say how many rows the params ask for, and of more than one, how many together."""
    asked = {"train_rows": train_rows}
    if validation_rows:
        asked["validation_rows"] = validation_rows
    if test_rows is not None:
        asked["test_rows"] = test_rows
    told = " and ".join(f"split.{key} is {count}" for key, count in asked.items())
    return f"{told}, {sum(asked.values())} together" if len(asked) > 1 else told


class Chosen(NamedTuple):
    """What tells whether a part is sound: labels (n,) uint8, and fingerprints of the images."""

    label: npt.NDArray[np.uint8]
    prints: Fingerprints


def absent(part: Chosen) -> str:
    """Return the digits that no image of a part shows, as text."""
    return ", ".join(str(digit) for digit in range(10) if digit not in part.label)


def remarks(parts: Sequence[Chosen], max_shared_images: float) -> list[str]:
    """Return what makes the scores less telling, a line each.

    Raises DigitsError where more than a share `max_shared_images` of the test images also train.
    """
    named = zip(("train", "validate", "test"), parts, strict=True)
    there = {verb: part for verb, part in named if len(part.label)}
    gone = {verb: absent(part) for verb, part in there.items()}
    said = [f"no row that is to {verb} shows {which}" for verb, which in gone.items() if which]
    for (first, one), (second, other) in combinations(there.items(), 2):
        shared, n = fingerprints.shared(one.prints, other.prints), len(other.label)
        told = f"{shared} of {n} images that {second} are also among those that {first}"
        if (first, second) == ("train", "test") and shared > max_shared_images * n:
            raise DigitsError(
                f"{told}: {shared / n:.1%}; expected at most split.max_shared_images, "
                f"{max_shared_images:.1%}"
            )
        said += [told] if shared else []
    return said


def put_aside(file: IO[bytes], source: Table, chosen: Sequence[Positions]) -> list[Chosen]:
    """Put the images chosen for each part into an empty file, part by part in the order wanted.

    Returns what is to be known of each part before it is written.
    """
    rows = len(source.row)
    prints = np.empty((sum(map(len, chosen)), fingerprints.BYTES), np.uint8)

    def met(places: Positions, pixels: npt.NDArray[np.uint8]) -> None:
        prints[places] = fingerprints.of(pixels)

    with ThreadPoolExecutor(1) as reader:
        pieces = ahead(reader, source.pieces())
        told = shown(pieces, "split", rows, lambda piece: len(piece.row))
        reordering.shelve(file, (piece.pixels for piece in told), rows, chosen, met)
    ends = np.cumsum([len(positions) for positions in chosen])[:-1]
    each = zip(chosen, np.split(prints, ends), strict=True)
    return [Chosen(source.label[positions], part) for positions, part in each]


def write(file: IO[bytes], source: Table, chosen: Sequence[Positions], part: int) -> None:
    """Write one of the parts, whose images are in the file that `put_aside` made."""
    positions, path = chosen[part], digits.PARTS[part]
    images = reordering.unshelved(file, chosen, part, len(digits.PIXELS))
    pieces = (
        Digits(source.row[positions[span]], source.label[positions[span]], pixels)
        for span, pixels in zip(spans(len(positions), PIECE_ROWS), images, strict=True)
    )
    told = shown(pieces, f"split {path.stem}", len(positions), lambda piece: len(piece.row))
    digits.write_pieces(path, told)


def _refuse_no_room(rows: int) -> None:
    """Raise DigitsError where the disk has no room for so many rows, put aside and written."""
    aside = (rows + min(rows, GROUP_ROWS)) * len(digits.PIXELS)
    refuse_no_room_for_outs(digits.TRAIN, rows * digits.ROW_BYTES, aside)


def order_of(rows: int, shuffle: bool, seed: int) -> Positions:
    """Return every position once: in the source's order, or shuffled as the seed decides."""
    order = np.random.default_rng(seed).permutation(rows) if shuffle else np.arange(rows)
    return order.astype(np.int32)


def main() -> None:
    """Run the stage."""
    settings = params.load("split")
    wanted = settings["train_rows"], settings["validation_rows"], settings["test_rows"]
    with digits.opened(digits.DIGITS) as source:
        rows = len(source.row)
        chosen = choose(rows, *wanted, order_of(rows, settings["shuffle"], settings["seed"]))
        kept = sum(map(len, chosen))
        _refuse_no_room(kept)
        with scratch_file(digits.TRAIN, kept * len(digits.PIXELS)) as file, together():
            said = remarks(put_aside(file, source, chosen), settings["max_shared_images"])
            for part in range(len(chosen)):
                write(file, source, chosen, part)
    for remark in said:
        print(f"split: warning: {remark}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
