import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure

from stages.figures import accuracy_log
from tests.figures.made import OKABE_ITO, assert_legible, coloured, key_of, texts_of

Scores = npt.NDArray[np.float64]


def drawn(accuracy: Scores, changed: list[int], parent: list[int] | None = None) -> Figure:
    """Draw commits, one after the other unless their parents are given."""
    places = np.arange(len(accuracy))
    names = [f"{number:07x}" for number in places]
    before = places - 1 if parent is None else np.array(parent)
    return accuracy_log.draw(names, accuracy, before, np.isin(places, changed))


@pytest.mark.parametrize(
    "accuracy",
    [np.array([0.886]), np.full(5, np.nan), np.ones(3), np.zeros(2), np.linspace(0.5, 0.9, 400)],
)
def test_a_picture_of(accuracy: Scores) -> None:
    figure = drawn(accuracy, [0])
    assert_legible(figure, 1500, 600)
    low, high = figure.axes[0].get_ylim()
    assert 0 <= low < high <= 1


def test_a_dot_a_commit_rings_and_crosses() -> None:
    accuracy = np.array([0.8, np.nan, 0.9, 0.85])
    figure = drawn(accuracy, [1, 2])
    (axes,) = figure.axes
    *lines, dots = axes.lines
    assert np.asarray(dots.get_xydata()).tolist() == [[0, 0.8], [2, 0.9], [3, 0.85]]
    whole = [np.asarray(line.get_xydata()).tolist() for line in lines]
    assert [[2, 0.9], [3, 0.85]] in whole
    assert sum(bool(np.isfinite(points).all()) for points in whole) == 1
    rings, crosses = (np.asarray(marks.get_offsets()).tolist() for marks in axes.collections)
    assert rings == [[2, 0.9]]
    assert crosses == [[1, axes.get_ylim()[0]]]
    assert key_of(axes) == ["a param changed", "no metrics"]
    assert coloured(figure) <= OKABE_ITO


def test_a_line_goes_to_the_parent() -> None:
    (axes,) = drawn(np.array([0.8, 0.9, 0.85]), [], [accuracy_log.ABSENT, 0, 0]).axes
    lines = [np.asarray(line.get_xydata()).tolist() for line in axes.lines[:-1]]
    assert lines == [[[0, 0.8], [1, 0.9]], [[0, 0.8], [2, 0.85]]]


@pytest.mark.parametrize(("commits", "labels"), [(1, 1), (30, 30), (31, 16), (400, 29)])
def test_every_name_ends_below_its_tick_and_there_are_not_too_many(
    commits: int, labels: int
) -> None:
    (axes,) = drawn(np.full(commits, 0.9), []).axes
    names = axes.get_xticklabels()
    assert len(names) == labels
    assert [int(name.get_text(), 16) for name in names] == axes.get_xticks().tolist()
    for name in names:
        assert (name.get_rotation_mode(), name.get_horizontalalignment()) == ("anchor", "right")


def test_a_small_difference_is_no_cliff_and_the_axis_says_where_it_starts() -> None:
    figure = drawn(np.array([0.886, 0.8867]), [])
    low, high = figure.axes[0].get_ylim()
    assert high - low == pytest.approx(0.02)
    assert f"The axis starts at {100 * low:.4g}%, not at 0" in texts_of(figure)
    assert not any("starts" in text for text in texts_of(drawn(np.array([0.0, 0.9]), [])))
