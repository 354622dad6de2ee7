import numpy as np
import pytest
from matplotlib.figure import Figure

from stages.figures import mistakes
from tests.figures.made import assert_png, assert_same_bytes

N = 40
RNG = np.random.default_rng(2)
IMAGES = RNG.integers(0, 256, (N, 784), dtype=np.uint8)
ACTUAL = RNG.integers(0, 10, N, dtype=np.uint8)


def draw(wrong: list[int], confidence: list[float]) -> Figure:
    """Draw images of which some are read as the next digit, with these confidences."""
    predicted = ACTUAL.copy()
    predicted[wrong] = (ACTUAL[wrong] + 1) % 10
    P = np.zeros((N, 10))
    P[np.arange(N), predicted] = 1.0
    P[wrong, predicted[wrong]] = confidence
    return mistakes.draw(IMAGES, ACTUAL, predicted, P)


def titles(figure: Figure) -> list[str]:
    return [axes.get_title() for axes in figure.axes if axes.images]


def test_the_same_bytes_every_time() -> None:
    assert_same_bytes(lambda: draw([3, 5, 8], [0.6, 0.9, 0.7]))


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_picture_of(count: int) -> None:
    wrong = list(range(count))
    assert_png(draw(wrong, [0.5] * count), 1500, 810)


def test_the_most_confident_come_first() -> None:
    figure = draw([3, 5, 8, 9], [0.6, 0.9, 0.7, 0.9])
    # 5 and 9 are equally confident: they stay in their order.
    order = [5, 9, 8, 3]
    shown = [axes.images[0] for axes in figure.axes if axes.images]
    for image, index in zip(shown, order, strict=True):
        assert np.array_equal(np.asarray(image.get_array()), IMAGES[index].reshape(28, 28))
    confidences = ["90.0%", "90.0%", "70.0%", "60.0%"]
    assert titles(figure) == [
        f"{ACTUAL[index]} read as {(ACTUAL[index] + 1) % 10}\n{confidence} sure"
        for index, confidence in zip(order, confidences, strict=True)
    ]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (24, 24), (25, 24), (40, 24)])
def test_it_says_how_many_it_shows_of_how_many(count: int, shown: int) -> None:
    figure = draw(list(range(count)), [0.5] * count)
    assert len(titles(figure)) == shown
    assert f"{shown} of the {count} mistakes in {N} images" in figure.get_suptitle()


def test_ink_is_dark_and_the_scale_that_of_pixels() -> None:
    (image,) = [axes.images[0] for axes in draw([1], [0.5]).axes if axes.images]
    assert image.get_clim() == (0, 255)
    assert image.cmap(0.0)[:3] == (1.0, 1.0, 1.0)
    assert image.cmap(1.0)[:3] == (0.0, 0.0, 0.0)
