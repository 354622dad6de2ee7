"""The checks of the notebook's exercises: blank, right and wrong, whatever form an answer has."""

import inspect
import math
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.network.activations import softmax
from stages.tools import exercises
from stages.tools.exercises.feedback import BLANK

LABELS = np.array([0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9], np.uint8)
TALLY = [1, 2, 1, 1, 1, 1, 1, 1, 1, 3]
COSTS = np.array([2.4, 1.5, 0.9, 1.1, 0.8])
M = np.diag(np.full(10, 50)) + np.eye(10, k=1, dtype=int)
M[4, 9] = 7
SLOPES = np.array([[0.0, 0.0, 0.25], [0.0, 0.1, 0.05]])
GIVEN: dict[str, tuple[Any, ...]] = {
    "counts": (LABELS,),
    "epoch_below": (COSTS, 1.0),
    "frequent_mistake": (M,),
    "flat_share": (SLOPES,),
}
FUNCTIONS = {"one_hot", "softmax", "hidden_error", "step"}


def check(name: str, answer: object) -> str:
    told = getattr(exercises, name)(answer, *GIVEN.get(name, ()))
    assert isinstance(told, str)
    assert "\n" not in told
    return told


def post_parts() -> list[Any]:
    return [np.arange(3000), np.arange(0), np.arange(3000, 4000)]


def loops(Z: Any) -> list[list[float]]:
    columns = [[math.exp(z - max(column)) for z in column] for column in Z.T.tolist()]
    shares = [[e / sum(column) for e in column] for column in columns]
    return [list(row) for row in zip(*shares, strict=True)]


def naive(Z: Any) -> Any:
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def eye(labels: Any, classes: int) -> Any:
    return labels[:, None] == np.arange(classes)


def in_place(W: Any, dW: Any, alpha: float, m: int) -> Any:
    W -= alpha * dW / m
    return W


def dots(*_: Any) -> Any:
    return ...


def forgot(*_: Any) -> None:
    """Return nothing."""


RIGHT = [
    ("counts", TALLY),
    ("counts", np.array(TALLY, np.int64)),
    ("counts", pd.Series(LABELS).value_counts().sort_index()),
    ("parts", post_parts()),
    ("parts", tuple(part.tolist() for part in post_parts())),
    ("one_hot", eye),
    ("one_hot", lambda labels, classes: np.eye(classes)[labels]),
    ("one_hot", lambda labels, classes: eye(labels, classes).tolist()),
    ("parameter_count", 23860),
    ("parameter_count", np.int64(23860)),
    ("softmax", loops),
    ("softmax", lambda Z: softmax(Z).P),
    ("ignorance", math.log(10)),
    ("ignorance", 2.303),
    ("hidden_error", lambda W, delta, A: A * (1 - A) * (W.T @ delta)),
    ("step", lambda W, dW, alpha, m: W - dW * (alpha / m)),
    ("epoch_below", 3),
    ("epoch_below", np.float64(3)),
    ("frequent_mistake", (4, 9)),
    ("frequent_mistake", np.array([4, 9])),
    ("flat_share", 0.5),
    ("flat_share", np.mean(SLOPES == 0)),
]  # fmt: skip

WRONG = [
    ("counts", TALLY[:9], "ten numbers, one for each digit; yours has the shape (9,)"),
    ("counts", Counter(LABELS.tolist()), "yours is a Counter"),
    ("counts", [2, *TALLY[1:]], "yours add up to 14, but there are 13 images"),
    ("counts", TALLY[::-1], "4 of the ten are not as counted, the first that of digit 0"),
    ("counts", lambda: TALLY, "a function: call it"),
    ("counts", "1211111113", "yours is a str"),
    ("counts", [[1], [2, 3]], "lists of several lengths"),
    ("counts", [math.nan] * 10, "not every number is finite"),
    ("parts", 7, "three arrays"),
    ("parts", post_parts()[::2], "three arrays"),
    ("parts", [np.arange(3500), [], np.arange(3500, 5000)], "3,500, 0, 1,500 rows"),
    ("parts", [np.arange(3000)[::-1], [], np.arange(3000, 4000)], "not in the order"),
    ("one_hot", 7, "expected a function; yours is a int"),
    ("one_hot", forgot, "return"),
    ("one_hot", lambda labels, classes: eye(labels, classes).T, "a column for each image"),
    ("one_hot", lambda labels, _: eye(labels, 10), "3 numbers for each of 4 labels"),
    ("one_hot", lambda labels, classes: 0 * eye(labels, classes), "for the label 3 of 10 classes"),
    ("one_hot", lambda labels: labels, "stops with TypeError"),
    ("one_hot", lambda labels, classes: labels[classes], "stops in line"),
    ("parameter_count", 23820, "a bias as well"),
    ("parameter_count", 784 * 30 * 10, "add up"),
    ("parameter_count", 13002, "n_out (n_in + 1)"),
    ("parameter_count", None, "yours is a NoneType"),
    ("softmax", naive, "not around 1,000"),
    ("softmax", lambda Z: naive(Z - max(0, Z.max())), "not around -1,000"),
    ("softmax", lambda Z: naive(Z.T).T, "the rows sum to 1"),
    ("softmax", lambda Z: np.exp(Z) / np.exp(Z).sum(), "each column is to sum to 1"),
    ("softmax", lambda Z: np.full(Z.shape, 0.1), "not those of exp(Z)"),
    ("softmax", lambda Z: softmax(Z), "expected probabilities"),
    ("ignorance", 1, "base 10"),
    ("ignorance", math.log2(10), "in bits"),
    ("ignorance", -2.3026, "has a minus"),
    ("ignorance", 23.026, "not multiplied by 0"),
    ("ignorance", 0.1, "p = 1/10"),
    ("hidden_error", lambda W, delta, _: W.T @ delta, "slope is missing"),
    ("hidden_error", lambda W, delta, A: (W.T @ delta) * A, "two factors"),
    ("hidden_error", lambda _, __, A: A, "the shape is right"),
    ("hidden_error", lambda W, delta, _: W @ delta, "stops in line"),
    ("hidden_error", lambda _, delta, __: delta, "an error for each of 16 units"),
    ("step", lambda W, dW, alpha, m: W + alpha * dW / m, "where the cost rises"),
    ("step", lambda W, dW, alpha, _: W - alpha * dW, "a mean"),
    ("step", lambda W, dW, _, m: W - dW / m, "learning rate"),
    ("step", lambda _, dW, alpha, m: -alpha * dW / m, "the new weights"),
    ("step", lambda W, *_: 2 * W, "alpha times the mean gradient"),
    ("step", in_place, "changes what it is given"),
    ("epoch_below", 2, "counted from 0"),
    ("epoch_below", 1, "2.400: still above"),
    ("epoch_below", 5, "0.800: below, but not the first"),
    ("epoch_below", 0.9, "a whole number from 1 to 5"),
    ("epoch_below", [3, 5], "yours has the shape (2,)"),
    ("frequent_mistake", (9, 4), "the other way round"),
    ("frequent_mistake", (4, 4), "no mistake"),
    ("frequent_mistake", (0, 1), "1 times"),
    ("frequent_mistake", (40, 9), "from 0 to 9"),
    ("frequent_mistake", 49, "yours is a single number"),
    ("flat_share", 50, "per cent"),
    ("flat_share", 3, "divide"),
    ("flat_share", SLOPES.mean(), "the mean slope"),
    ("flat_share", 0.25, "True counts as 1"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_is_praised(name: str, answer: object) -> None:
    assert check(name, answer).startswith("Right: ")


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_a_wrong_answer_gets_a_hint(name: str, answer: object, hint: str) -> None:
    told = check(name, answer)
    assert told.startswith("Not yet: ")
    assert hint in told


@pytest.mark.parametrize("name", exercises.__all__)
def test_the_dots_are_told_as_blank(name: str) -> None:
    for blank in [..., (..., ...), *([dots] if name in FUNCTIONS else [])]:
        assert check(name, blank) == BLANK


def test_each_exercise_is_tried_right_and_wrong() -> None:
    assert {name for name, _ in RIGHT} == {name for name, *_ in WRONG} == {*exercises.__all__}
    assert {name for name in exercises.__all__ if inspect.getdoc(getattr(exercises, name))}


def test_the_share_that_learns_is_told_from_that_which_does_not() -> None:
    slopes = np.array([0.0, 0.1, 0.1, 0.2])
    assert "still learns" in exercises.flat_share(0.75, slopes)
