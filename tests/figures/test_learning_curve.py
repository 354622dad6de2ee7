import numpy as np
import numpy.typing as npt
import pytest

from stages.figures import learning_curve
from tests.figures.made import OKABE_ITO, assert_png, assert_same_bytes, coloured, texts_of

COST = np.linspace(2.4, 0.3, 40)
ACCURACY = np.linspace(0.1, 0.95, 40)
POST = np.linspace(2.5, 0.4, 500)

Scores = npt.NDArray[np.float64]


def test_the_same_bytes_every_time() -> None:
    assert_same_bytes(lambda: learning_curve.draw(COST, ACCURACY, POST))


@pytest.mark.parametrize("epochs", [1, 2, 40])
def test_a_picture_of(epochs: int) -> None:
    figure = learning_curve.draw(COST[:epochs], ACCURACY[:epochs], POST)
    assert_png(figure, 1500, 630)


def test_every_epoch_is_drawn_from_1() -> None:
    left, right = learning_curve.draw(COST, ACCURACY, POST).axes
    drawn = {str(line.get_label()): np.asarray(line.get_xydata()) for line in left.lines}
    (post,) = [points for label, points in drawn.items() if "post" in label]
    assert np.array_equal(post, np.column_stack([np.arange(1, 501), POST]))
    assert np.array_equal(drawn["this run"], np.column_stack([np.arange(1, 41), COST]))
    (accuracy,) = right.lines
    wanted = np.column_stack([np.arange(1, 41), ACCURACY])
    assert np.array_equal(np.asarray(accuracy.get_xydata()), wanted)


def test_it_is_labelled() -> None:
    texts = texts_of(learning_curve.draw(COST, ACCURACY, POST))
    for text in (
        "Cost on the training rows",
        "Accuracy on the training rows",
        "epoch",
        "mean cross-entropy (nats)",
        "this run",
    ):
        assert text in texts


@pytest.mark.parametrize(
    ("cost", "accuracy", "ends"),
    [(COST, ACCURACY, ["0.300", "95.0%"]), (np.zeros(1), np.ones(1), ["0.000", "100.0%"])],
)
def test_the_last_values_are_written_out(cost: Scores, accuracy: Scores, ends: list[str]) -> None:
    texts = texts_of(learning_curve.draw(cost, accuracy, POST))
    for end in ends:
        assert end in texts


def test_both_axes_begin_at_0() -> None:
    left, right = learning_curve.draw(COST, ACCURACY, POST).axes
    assert left.get_ylim()[0] == 0
    assert right.get_ylim() == (0, 1)


def test_colours_that_all_can_tell_apart() -> None:
    found = coloured(learning_curve.draw(COST, ACCURACY, POST))
    assert found
    assert found <= OKABE_ITO
