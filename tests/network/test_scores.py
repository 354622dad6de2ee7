from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from stages.network.scores import class_scores, confusion_matrix
from tests.network.helpers import unhurried

Bytes = npt.NDArray[np.uint8]


class Labels(NamedTuple):
    actual: Bytes
    predicted: Bytes
    classes: int


@st.composite
def labels(draw: st.DrawFn) -> Labels:
    """Draw labels of some classes only, so that others are never seen or never predicted."""
    classes, rows = draw(st.integers(2, 20)), draw(st.integers(1, 60))

    def column() -> Bytes:
        seen = draw(st.sets(st.integers(0, classes - 1), min_size=1))
        column = draw(st.lists(st.sampled_from(sorted(seen)), min_size=rows, max_size=rows))
        return np.array(column, np.uint8)

    return Labels(column(), column(), classes)


def test_confusion_counts_actual_down_and_predicted_across() -> None:
    actual, predicted = np.array([0, 0, 0, 1, 2, 2]), np.array([0, 1, 1, 1, 0, 2])
    expected = [[1, 2, 0], [0, 1, 0], [1, 0, 1]]
    assert confusion_matrix(actual, predicted, 3).tolist() == expected


def test_class_scores_have_their_known_values() -> None:
    scores = class_scores(np.array([[1, 2, 0], [0, 1, 0], [1, 0, 1]]))
    assert scores.precision.tolist() == [1 / 2, 1 / 3, 1]
    assert scores.recall.tolist() == [1 / 3, 1, 1 / 2]
    assert scores.f1.tolist() == [2 / 5, 1 / 2, 2 / 3]
    assert scores.support.tolist() == [3, 1, 2]


def test_shares_of_nothing_are_zero() -> None:
    empty = np.array([], np.uint8)
    scores = class_scores(confusion_matrix(empty, empty, 3))
    assert [column.tolist() for column in scores] == [[0, 0, 0]] * 4


@unhurried
@given(labels())
def test_confusion_agrees_with_scikit_learn(drawn: Labels) -> None:
    actual, predicted, classes = drawn
    expected = metrics.confusion_matrix(actual, predicted, labels=range(classes))
    assert confusion_matrix(actual, predicted, classes).tolist() == expected.tolist()


@unhurried
@given(labels())
def test_class_scores_agree_with_scikit_learn(drawn: Labels) -> None:
    actual, predicted, classes = drawn
    expected = metrics.precision_recall_fscore_support(
        actual, predicted, labels=range(classes), zero_division=0
    )
    found = class_scores(confusion_matrix(actual, predicted, classes))
    assert np.allclose(found, expected, rtol=1e-15, atol=0)
