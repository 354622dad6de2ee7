import numpy as np
import pytest

from stages.figures import cost_curves
from tests.figures.made import OKABE_ITO, assert_legible, coloured, key_of, texts_of

NAMES = ("before, abc1234", "after, the working copy")
NOTHING = {"cost": np.zeros(1)}
LONG, SHORT = np.linspace(2.4, 0.5, 30), np.linspace(2.5, 0.25, 20)


def test_both_curves_with_their_last_costs() -> None:
    figure = cost_curves.draw({"cost": LONG}, {"cost": SHORT}, NAMES)
    assert_legible(figure, 1500, 640)
    (axes,) = figure.axes
    for line, cost in zip(axes.lines, (LONG, SHORT), strict=True):
        points = np.column_stack([np.arange(1, len(cost) + 1), cost])
        assert np.array_equal(np.asarray(line.get_xydata()), points)
    assert key_of(axes) == [
        "before, abc1234: 0.5000 in epoch 30",
        "after, the working copy: 0.2500 in epoch 20",
    ]
    assert axes.get_xlim() == (0, 30)
    assert axes.get_ylim() == pytest.approx((0, 1.05 * 2.5))
    assert coloured(figure) <= OKABE_ITO


def test_one_epoch_and_no_cost() -> None:
    figure = cost_curves.draw(NOTHING, NOTHING, NAMES)
    assert_legible(figure, 1500)
    assert [line.get_marker() for line in figure.axes[0].lines] == ["o", "o"]
    assert figure.axes[0].get_xticks().tolist() == [0, 1]


def test_costs_of_rows_that_validate_are_dotted() -> None:
    higher = LONG + 0.5
    figure = cost_curves.draw({"cost": SHORT}, {"cost": LONG, "validation_cost": higher}, NAMES)
    assert_legible(figure, 1500, 640)
    (axes,) = figure.axes
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", ":"]
    validation = axes.lines[2]
    assert np.array_equal(validation.get_ydata(), higher)
    assert validation.get_color() == axes.lines[1].get_color()
    assert len(key_of(axes)) == 2
    assert axes.get_ylim()[1] == pytest.approx(1.05 * 2.9)
    note = "dotted: on the rows that validate, after each epoch"
    assert any(note in text for text in texts_of(figure))
    plain = cost_curves.draw({"cost": SHORT}, {"cost": LONG}, NAMES)
    assert not any("dotted" in text for text in texts_of(plain))
