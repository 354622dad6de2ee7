import numpy as np
import pytest
from matplotlib.figure import Figure

from stages.common.artifacts.sides import SIDES
from stages.figures import mistakes
from tests.figures.made import assert_legible, framed, pasted, texts_of

N = 40
RNG = np.random.default_rng(2)
IMAGES = RNG.integers(0, 256, (N, 784), dtype=np.uint8)
ACTUAL = RNG.integers(0, 10, N, dtype=np.uint8)


def draw(wrong: list[int], confidence: list[float]) -> Figure:
    """Draw images of which some are read as the next digit, with these confidences."""
    predicted = ACTUAL.copy()
    predicted[wrong] = (ACTUAL[wrong] + 1) % 10
    sureness = np.ones(N)
    sureness[wrong] = confidence
    return mistakes.draw(IMAGES, ACTUAL, predicted, sureness)


def said(figure: Figure) -> list[str]:
    return [text for text in texts_of(figure) if "read as" in text]


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (1, 1), (6, 1), (7, 2), (40, 4)])
def test_a_picture_of(count: int, rows: int) -> None:
    assert_legible(draw(list(range(count)), [1.0] * count), 750, 98 + 176 * rows)


def test_the_most_confident_come_first_each_whole_and_framed() -> None:
    figure = draw([3, 5, 8, 9], [0.6, 0.9, 0.7, 0.9])
    # 5 and 9 are equally confident: they stay in their order.
    order = [5, 9, 8, 3]
    for image, index in zip(pasted(figure), order, strict=True):
        # Ink is dark.
        assert np.array_equal(framed(image, 28)[..., 0], 255 - IMAGES[index].reshape(28, 28))
    assert said(figure) == [
        f"{ACTUAL[index]} read as {(ACTUAL[index] + 1) % 10}\n{confidence} sure"
        for index, confidence in zip(order, ["90.0%", "90.0%", "70.0%", "60.0%"], strict=True)
    ]


@pytest.mark.parametrize("side", SIDES)
def test_images_are_shown_as_the_network_saw_them(side: int) -> None:
    seen = IMAGES[:, : side * side]
    figure = mistakes.draw(seen, ACTUAL, (ACTUAL + 1) % 10, np.full(N, 0.1))
    assert_legible(figure, 750)
    assert len(figure.images) == 24
    for image, pixels in zip(pasted(figure), seen, strict=False):
        assert np.array_equal(framed(image, side)[..., 0], 255 - pixels.reshape(side, side))


def test_equally_sure_images_stay_in_their_order() -> None:
    assert [text[0] for text in said(draw(list(range(40)), [0.5] * 40))] == [
        f"{digit}" for digit in ACTUAL[:24]
    ]


def test_images_stand_side_by_side_inside_the_picture() -> None:
    figure = draw(list(range(24)), [0.5] * 24)
    assert figure.get_figwidth() * figure.dpi == pytest.approx(750)
    corners = [(vars(image)["ox"], vars(image)["oy"]) for image in figure.images]
    assert len(set(corners)) == 24
    lefts, bottoms = (sorted(set(places)) for places in zip(*corners, strict=True))
    assert (len(lefts), len(bottoms)) == (6, 4)
    size = len(pasted(figure)[0])
    assert min(np.diff(lefts)) > size
    assert lefts[0] > 0
    assert lefts[-1] + size < 750
    assert bottoms[0] > 0


@pytest.mark.parametrize(
    ("count", "shown", "told"),
    [
        (0, 0, "None: all 40 test images are read right"),
        (1, 1, "The only mistake in 40 test images"),
        (24, 24, "All 24 mistakes in 40 test images, the surest first"),
        (25, 24, "24 of the 25 mistakes in 40 test images, the surest first"),
    ],
)
def test_it_says_how_many_it_shows_of_how_many(count: int, shown: int, told: str) -> None:
    figure = draw(list(range(count)), [0.5] * count)
    assert len(said(figure)) == len(figure.images) == shown
    assert told in texts_of(figure)
