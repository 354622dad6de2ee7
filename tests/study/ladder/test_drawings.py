"""Where the ladder's figures put things."""

from itertools import pairwise

import pytest
from matplotlib.figure import Figure

from stages.study.ladder.figures import accuracy_axis, learning, worth
from stages.study.ladder.figures.worth import Idea
from stages.study.ladder.intervals import spread


@pytest.mark.parametrize("accuracy", [0.5, 0.9, 0.98])
def test_each_halving_of_the_errors_is_equally_wide(accuracy: float) -> None:
    better = 1 - (1 - accuracy) / 2
    apart = accuracy_axis.place(better) - accuracy_axis.place(accuracy)
    assert apart == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("wanted", [[120.0] * 11, [900.0] * 11, [300.0, 310.0, 200.0, 660.0]])
def test_names_stand_a_line_apart_beside_the_axes(wanted: list[float]) -> None:
    found = sorted(learning._apart(wanted))
    assert found[0] >= learning._TOP
    assert found[-1] <= learning._TOP + learning._SIZE[1]
    gaps = [below - above for above, below in pairwise(found)]
    assert min(gaps) >= learning._LINE - 1e-9


def test_a_name_with_room_stands_at_its_curves_end() -> None:
    assert learning._apart([300.0, 200.0, 500.0]) == [300.0, 200.0, 500.0]


def texts(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.texts}


def test_an_idea_that_cannot_be_left_out_has_no_number_there() -> None:
    ideas = [
        Idea("one", spread([0.01, 0.011]), spread([-0.02, -0.021])),
        Idea("other", spread([0.03, 0.031]), None),
    ]
    assert {"+1.05", "−2.05", "+3.05"} <= texts(worth.draw(ideas))
