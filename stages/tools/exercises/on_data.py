"""The exercises on the digits, before there is a network."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.tools.exercises.feedback import Floats, HintError, called, exercise, numbers

_TRAIN, _TEST = 3000, 1000
_LABELS = (np.array([3, 0, 9, 3, 5], np.uint8), np.array([1, 0, 2, 1], np.uint8))
_CLASSES = (10, 3)


@exercise
def counts(answer: object, labels: npt.NDArray[np.uint8]) -> str:
    """Check how many images show each digit, 0 to 9; labels: (n,)."""
    found = numbers(answer, (10,), "ten numbers, one for each digit")
    wanted = np.bincount(labels, minlength=10)
    (wrong,) = np.nonzero(found != wanted)
    if not len(wrong):
        rare, common = wanted.argmin(), wanted.argmax()
        return (
            f"{rare} is the rarest digit and {common} the most frequent, but none is rare. So "
            "accuracy is a fair score: to say one digit always is right about one time in ten."
        )
    if found.sum() != len(labels):
        raise HintError(f"yours add up to {found.sum():g}, but there are {len(labels):,} images.")
    raise HintError(
        f"{len(wrong)} of the ten are not as counted, the first that of digit {wrong[0]}. "
        "The labels say what an image shows."
    )


@exercise
def parts(answer: Any) -> str:
    """Check the positions that train, that validate and that test, as the post would take them."""
    three = isinstance(answer, Sequence | np.ndarray) and len(answer) == 3
    if not three:
        raise HintError("expected the three arrays that choose returns: train, validation, test.")
    sizes = tuple(np.size(part) for part in answer)
    if sizes != (_TRAIN, 0, _TEST):
        told = ", ".join(f"{size:,}" for size in sizes)
        raise HintError(f"{told} rows train, validate and test; expected {_TRAIN:,}, 0, {_TEST:,}.")
    if not np.array_equal(np.concatenate(answer), np.arange(_TRAIN + _TEST)):
        raise HintError("the sizes are right, but the rows are not in the order of the source.")
    return (
        "the order is an argument like any other. Without shuffling, a source that is sorted, by "
        "digit or by writer, would be tested on what never trained."
    )


@exercise
def one_hot(answer: object) -> str:
    """Check a function of labels (n,) and the number of classes that returns Y (n, classes)."""
    for labels, classes in zip(_LABELS, _CLASSES, strict=True):
        found = _one_hot(answer, labels, classes)
        if not np.array_equal(found, np.eye(classes)[labels]):
            row = int(np.flatnonzero((found != np.eye(classes)[labels]).any(axis=1))[0])
            told = ", ".join(f"{value:g}" for value in found[row])
            raise HintError(f"for the label {labels[row]} of {classes} classes the row is {told}.")
    return "a row now reads as probabilities do, and can be compared with them."


def _one_hot(answer: object, labels: npt.NDArray[np.uint8], classes: int) -> Floats:
    """Return what the function makes of some labels."""
    made = called(answer, "labels and classes", [labels, classes])
    if np.shape(made) == (classes, len(labels)):
        raise HintError("yours has a column for each image; expected a row for each.")
    shape = (len(labels), classes)
    return numbers(made, shape, f"{classes} numbers for each of {len(labels)} labels")
