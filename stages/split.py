"""Divide the digits into rows that train, rows that validate and rows that test.

In: data/digits.parquet. Out: data/split/{train,validation,test}.parquet.
"""

import sys
from itertools import combinations

import numpy as np
import numpy.typing as npt

from stages.common import params
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits, Split
from stages.common.command import run_stage
from stages.common.errors import DigitsError

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

Positions = npt.NDArray[np.int64]


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


def take(source: Digits, positions: Positions) -> Digits:
    """Return the digits at `positions`, in that order."""
    return Digits(source.row[positions], source.label[positions], source.pixels[positions])


def absent(part: Digits) -> str:
    """Return the digits that no image of a part shows, as text."""
    return ", ".join(str(digit) for digit in range(10) if digit not in part.label)


def shared_images(one: Digits, other: Digits) -> int:
    """Return how many images of `other` are, pixel for pixel, among those of `one`."""
    seen = {image.tobytes() for image in one.pixels}
    return sum(image.tobytes() in seen for image in other.pixels)


def remarks(parts: Split, max_shared_images: float) -> list[str]:
    """Return what makes the scores less telling, a line each.

    Raises DigitsError where more than a share `max_shared_images` of the test images also train.
    """
    named = zip(("train", "validate", "test"), parts, strict=True)
    there = {verb: part for verb, part in named if len(part.row)}
    gone = {verb: absent(part) for verb, part in there.items()}
    said = [f"no row that is to {verb} shows {which}" for verb, which in gone.items() if which]
    for (first, one), (second, other) in combinations(there.items(), 2):
        shared, n = shared_images(one, other), len(other.row)
        told = f"{shared} of {n} images that {second} are also among those that {first}"
        if (first, second) == ("train", "test") and shared > max_shared_images * n:
            raise DigitsError(
                f"{told}: {shared / n:.1%}; expected at most split.max_shared_images, "
                f"{max_shared_images:.1%}"
            )
        said += [told] if shared else []
    return said


def main() -> None:
    """Run the stage."""
    settings = params.load("split")
    source = digits.read(digits.DIGITS)
    rng = np.random.default_rng(settings["seed"])
    rows = len(source.row)
    order = rng.permutation(rows) if settings["shuffle"] else np.arange(rows)
    wanted = settings["train_rows"], settings["validation_rows"], settings["test_rows"]
    chosen = choose(rows, *wanted, order)
    parts = Split(*(take(source, positions) for positions in chosen))
    said = remarks(parts, settings["max_shared_images"])
    for path, part in zip(digits.PARTS, parts, strict=True):
        digits.write(path, part)
    for remark in said:
        print(f"split: warning: {remark}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
