"""The study's figures: they show what they are given, and are the same each time."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure

from stages.figures.style import to_png
from stages.study.figures import among_seeds, over_training, slower
from stages.study.post import Post
from stages.study.summary import Band, band
from tests.figures.made import assert_legible, key_of, texts_of

MOMENTS = np.array([0.0, 1.0, 2.0, 5.0])


def bands() -> dict[str, Band]:
    cost = np.random.default_rng(1).random((3, 6)) + np.linspace(2, 1, 6)
    return {"raw": band(cost), "scaled": band(cost / 2)}


def draw_among_seeds() -> Figure:
    tested = {"raw": np.array([0.85, 0.8502, 0.87]), "scaled": np.array([0.88, 0.89, 0.9])}
    return among_seeds.draw(bands(), tested, Post(np.linspace(2, 1, 500), 0.8722, 0.8565))


def draw_over_training() -> Figure:
    shares = {"raw": np.full((3, 4), 0.98), "scaled": np.linspace(0, 0.1, 12).reshape(3, 4)}
    return over_training.draw(MOMENTS, {"one": shares, "two": shares})


def draw_slower() -> Figure:
    by_rate = {rate: np.linspace(2, 2 - rate, 9) for rate in (0.8, 0.4, 0.1)}
    return slower.draw({"raw": by_rate, "scaled": by_rate})


@pytest.mark.parametrize("draw", [draw_among_seeds, draw_over_training, draw_slower])
def test_the_same_numbers_give_the_same_bytes(draw: Callable[[], Figure]) -> None:
    first, second = to_png(draw()), to_png(draw())
    assert first.startswith(b"\x89PNG")
    assert first == second


def test_a_picture_of_each() -> None:
    assert_legible(draw_among_seeds(), 1500, 880)
    assert_legible(draw_over_training(), 1500, 640)
    assert_legible(draw_slower(), 1500, 640)


def filled(axes: Axes) -> dict[str, PolyCollection]:
    """Return the areas that are filled, by the first words of their names."""
    shapes = [shape for shape in axes.collections if isinstance(shape, PolyCollection)]
    return {str(shape.get_label()).partition(":")[0]: shape for shape in shapes}


def test_the_post_stands_over_both_bands() -> None:
    above, below, _ = draw_among_seeds().axes
    for axes, unit in ((above, np.ones(6)), (below, bands()["raw"].median)):
        (curve,) = axes.lines
        assert np.allclose(np.asarray(curve.get_ydata()), np.linspace(2, 1, 500)[:6] / unit)
        areas = filled(axes)
        for name, around in (
            ("raw pixels, 0–255", bands()["raw"]),
            ("pixels divided by 255", bands()["scaled"]),
        ):
            heights = np.asarray(areas[name].get_paths()[0].vertices)[:, 1]
            assert heights.min() == (around.lowest / unit).min()
            assert heights.max() == (around.highest / unit).max()


def test_where_bands_overlap_has_a_colour_and_a_place_in_the_key() -> None:
    one = Band(np.array([1.0, 1.0, 5.0]), np.array([2.0, 2.0, 5.5]), np.array([3.0, 3.0, 6.0]))
    two = Band(np.array([2.0, 2.5, 1.0]), np.array([3.0, 3.0, 1.5]), np.array([4.0, 4.0, 2.0]))
    tested = {"raw": np.array([0.8, 0.9]), "scaled": np.array([0.8, 0.9])}
    figure = among_seeds.draw({"raw": one, "scaled": two}, tested, Post(np.ones(3), 0.8, 0.8))
    areas = filled(figure.axes[0])
    (path,) = areas["both bands"].get_paths()
    corners = {tuple(corner) for corner in np.asarray(path.vertices).tolist()}
    assert corners == {(1, 2), (2, 2.5), (2, 3), (1, 3)}
    assert len({to_hex(to_rgba_array(area.get_facecolor())[0]) for area in areas.values()}) == 3
    assert "both bands" in key_of(figure.axes[1])


def test_the_post_stands_in_both_distributions() -> None:
    _, _, right = draw_among_seeds().axes
    assert [line.get_ydata() for line in right.lines] == [[0.8565, 0.8565]]
    assert [text.get_text() for text in right.texts] == ["the post: 85.65%"]
    names = [label.get_text() for label in right.get_xticklabels()]
    assert [name.partition("\n")[2] for name in names] == ["mean 85.67%", "mean 89.00%"]


def test_every_run_has_a_dot_of_its_own() -> None:
    _, _, right = draw_among_seeds().axes
    clouds = [np.asarray(cloud.get_offsets()) for cloud in right.collections]
    dots = [cloud for cloud in clouds if len(cloud) == 3]
    assert [cloud[:, 1].tolist() for cloud in dots] == [[0.85, 0.8502, 0.87], [0.88, 0.89, 0.9]]
    # Two whose values are near stand side by side.
    assert dots[0][0, 0] != dots[0][1, 0]
    assert dots[0][0, 0] == dots[0][2, 0]


def test_a_share_has_its_mean_and_both_ends_in_words() -> None:
    figure = draw_over_training()
    one, two = figure.axes
    assert {"one", "two"} <= set(texts_of(figure))
    raw, scaled = one.lines
    assert np.allclose(np.asarray(raw.get_ydata()), 0.98)
    mean = np.linspace(0, 0.1, 12).reshape(3, 4).mean(axis=0)
    assert np.allclose(np.asarray(scaled.get_ydata()), mean)
    assert key_of(two)[0] == "raw pixels, 0–255: 98.0% at first, 98.0% at last"
    _, area = (np.asarray(shape.get_paths()[0].vertices)[:, 1] for shape in one.collections)
    assert (area.min(), area.max()) == (0, 0.1)
    # Every epoch is named, at equal steps.
    assert [label.get_text() for label in one.get_xticklabels()] == ["0", "1", "2", "5"]
    assert np.asarray(raw.get_xdata()).tolist() == [0, 1, 2, 3]


def test_each_learning_rate_has_its_curve_and_last_cost() -> None:
    figure = draw_slower()
    for axes in figure.axes:
        assert [line.get_label() for line in axes.lines] == ["0.8", "0.4", "0.1"]
    named = [text for text in texts_of(figure) if text.startswith("0.") and ": " in text]
    assert named == ["0.8: 1.20", "0.4: 1.60", "0.1: 1.90"] * 2


def test_a_name_stands_at_the_end_of_its_curve() -> None:
    figure = draw_slower()
    heights = [
        figure.transFigure.transform(text.get_position())[1]
        for text in figure.texts
        if text.get_text().startswith("0.")
    ]
    ends = [
        axes.transData.transform(np.asarray(line.get_xydata())[-1])[1]
        for axes in figure.axes
        for line in axes.lines
    ]
    assert np.allclose(heights, ends, atol=1)


def test_names_of_like_costs_stand_apart() -> None:
    by_rate = {rate: np.full(9, 1.5 + rate / 100) for rate in (0.8, 0.4, 0.2, 0.1)}
    assert_legible(slower.draw({"raw": by_rate}), 1500)
