"""The study's figures: they show what they are given, and are the same each time."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from stages.figures.style import to_png
from stages.study.figures import among_seeds, over_training, slower
from stages.study.post import Post
from stages.study.summary import Band, band

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


def test_the_post_stands_over_both_bands_and_in_both_distributions() -> None:
    left, right = draw_among_seeds().axes
    (curve,) = left.lines
    assert np.allclose(curve.get_ydata(), np.linspace(2, 1, 500)[:6])
    filled = [shape for shape in left.collections if isinstance(shape, PolyCollection)]
    for shape, around in zip(filled, bands().values(), strict=True):
        heights = np.asarray(shape.get_paths()[0].vertices)[:, 1]
        assert heights.min() == around.lowest.min()
        assert heights.max() == around.highest.max()
    assert [line.get_ydata() for line in right.lines] == [[0.8565, 0.8565]]
    assert [text.get_text() for text in right.texts] == ["the post: 85.65%"]
    names = [label.get_text() for label in right.get_xticklabels()]
    assert [name.partition("\n")[2] for name in names] == ["mean 85.67%", "mean 89.00%"]


def test_every_run_has_a_dot_of_its_own() -> None:
    _, right = draw_among_seeds().axes
    clouds = [np.asarray(cloud.get_offsets()) for cloud in right.collections]
    dots = [cloud for cloud in clouds if len(cloud) == 3]
    assert [cloud[:, 1].tolist() for cloud in dots] == [[0.85, 0.8502, 0.87], [0.88, 0.89, 0.9]]
    # Two whose values are near stand side by side.
    assert dots[0][0, 0] != dots[0][1, 0]
    assert dots[0][0, 0] == dots[0][2, 0]


def test_a_share_has_its_mean_and_both_ends_in_words() -> None:
    one, two = draw_over_training().axes
    assert [axes.get_title() for axes in (one, two)] == ["one", "two"]
    raw, scaled = one.lines
    assert np.allclose(raw.get_ydata(), 0.98)
    assert np.allclose(scaled.get_ydata(), np.linspace(0, 0.1, 12).reshape(3, 4).mean(axis=0))
    assert one.texts[0].get_text() == "raw pixels, 0–255: 98.0% at first, 98.0% at last"


def test_each_learning_rate_has_its_curve_and_last_cost() -> None:
    for axes in draw_slower().axes:
        assert [line.get_label() for line in axes.lines] == ["0.8", "0.4", "0.1"]
        assert [text.get_text() for text in axes.texts] == ["1.20", "1.60", "1.90"]
