import numpy as np
import pytest
from matplotlib.collections import PathCollection

from stages.figures import per_class
from stages.network.scores import ClassScores
from tests.figures.made import OKABE_ITO, assert_png, assert_same_bytes, coloured, texts_of

SUPPORT = np.arange(100, 110)


def scores(lowest: float) -> ClassScores:
    """Return precision falling to `lowest` from digit to digit, and recall rising from it."""
    falling = np.linspace(1, lowest, 10)
    return ClassScores(falling, falling[::-1].copy(), np.full(10, 0.5), SUPPORT)


def without_4() -> ClassScores:
    """Return what a digit without images gets: shares of nothing."""
    made = scores(0.8)
    support = SUPPORT.copy()
    made.precision[4] = made.recall[4] = made.f1[4] = support[4] = 0
    return made._replace(support=support)


def test_the_same_bytes_every_time() -> None:
    assert_same_bytes(lambda: per_class.draw(scores(0.8)))


@pytest.mark.parametrize("made", [scores(0.8), scores(0.0), scores(1.0), without_4()])
def test_a_picture_of(made: ClassScores) -> None:
    assert_png(per_class.draw(made), 1200, 630)


def marks(made: ClassScores) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Return where the marks of each kind are."""
    (axes,) = per_class.draw(made).axes
    kinds = [kind for kind in axes.collections if isinstance(kind, PathCollection)]
    return {str(kind.get_label()): np.asarray(kind.get_offsets()) for kind in kinds}


def test_a_mark_for_each_share_of_each_digit() -> None:
    made = scores(0.8)
    found = marks(made)
    assert found.keys() == {"precision", "recall"}
    assert np.array_equal(found["precision"], np.column_stack([np.arange(10), made.precision]))
    assert np.array_equal(found["recall"], np.column_stack([np.arange(10), made.recall]))


@pytest.mark.parametrize("lowest", [0.0, 0.04, 0.5, 0.799, 0.8, 1.0])
def test_no_mark_is_cut_off(lowest: float) -> None:
    (axes,) = per_class.draw(scores(lowest)).axes
    low, high = axes.get_ylim()
    assert 0 <= low < high
    assert low <= lowest - 0.005 or low == 0
    assert high > 1


def test_it_is_labelled() -> None:
    texts = texts_of(per_class.draw(scores(0.8)))
    for text in ("Precision and recall of each digit: test images", "digit", "precision", "recall"):
        assert text in texts
    for digit, support in enumerate(SUPPORT):
        assert f"{digit}\nof {support}" in texts


def test_colours_that_all_can_tell_apart() -> None:
    found = coloured(per_class.draw(scores(0.8)))
    assert len(found) == 2
    assert found <= OKABE_ITO
