"""Divide the digits into rows that train and rows that test.

In: data/digits.parquet. Out: data/split/train.parquet, data/split/test.parquet.
"""

import sys

import numpy as np
import numpy.typing as npt

from stages.common import params
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError

PARAMS = {
    "split": {
        "train_rows": {"type": "integer", "minimum": 1},
        "test_rows": {"type": ["integer", "null"], "minimum": 1},
        "shuffle": {"type": "boolean"},
        "max_shared_images": {"type": "number", "minimum": 0, "maximum": 1},
        "seed": {"type": "integer", "minimum": 0, "maximum": 4294967295},
    }
}

Positions = npt.NDArray[np.int64]


def choose(
    rows: int, train_rows: int, test_rows: int | None, order: Positions
) -> tuple[Positions, Positions]:
    """Return the positions that train and those that test: the first of `order`, and the next.

    order: (rows,) every position once. test_rows None takes all that remain. Raises
    DigitsError, with the numbers, where there are too few rows or none is left to test.
    """
    tested = rows - train_rows if test_rows is None else test_rows
    wanted = f"split.train_rows is {train_rows}"
    if test_rows is not None:
        wanted += f" and split.test_rows is {test_rows}, {train_rows + test_rows} together"
    if train_rows + max(tested, 0) > rows:
        raise DigitsError(f"{wanted}, but the source has {rows} rows")
    if tested < 1:
        raise DigitsError(f"{wanted}, which leaves no row of the source's {rows} to test")
    return order[:train_rows], order[train_rows : train_rows + tested]


def take(source: Digits, positions: Positions) -> Digits:
    """Return the digits at `positions`, in that order."""
    return Digits(source.row[positions], source.label[positions], source.pixels[positions])


def absent(part: Digits) -> str:
    """Return the digits that no image of a part shows, as text."""
    return ", ".join(str(digit) for digit in range(10) if digit not in part.label)


def shared_images(train: Digits, test: Digits) -> int:
    """Return how many images that test are, pixel for pixel, among those that train."""
    seen = {image.tobytes() for image in train.pixels}
    return sum(image.tobytes() in seen for image in test.pixels)


def remarks(train: Digits, test: Digits, max_shared_images: float) -> list[str]:
    """Return what makes the scores less telling, a line each.

    Raises DigitsError where more than a share `max_shared_images` of the test images also train.
    """
    shared, n = shared_images(train, test), len(test.row)
    told = f"{shared} of {n} images that test are also among those that train"
    if shared > max_shared_images * n:
        raise DigitsError(
            f"{told}: {shared / n:.1%}; expected at most split.max_shared_images, "
            f"{max_shared_images:.1%}"
        )
    parts = {"train": absent(train), "test": absent(test)}
    said = [f"no row that is to {part} shows {gone}" for part, gone in parts.items() if gone]
    return [*said, told] if shared else said


def main() -> None:
    """Run the stage."""
    settings = params.load("split")
    source = digits.read(digits.DIGITS)
    rows = len(source.row)
    rng = np.random.default_rng(settings["seed"])
    order = rng.permutation(rows) if settings["shuffle"] else np.arange(rows)
    chosen = choose(rows, settings["train_rows"], settings["test_rows"], order)
    train, test = (take(source, positions) for positions in chosen)
    said = remarks(train, test, settings["max_shared_images"])
    digits.write(digits.TRAIN, train)
    digits.write(digits.TEST, test)
    for remark in said:
        print(f"split: warning: {remark}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
