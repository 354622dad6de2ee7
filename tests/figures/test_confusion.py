import numpy as np
import numpy.typing as npt
import pytest

from stages.figures import confusion
from tests.figures.made import assert_legible, texts_of

TITLE = "Confusion matrix: test images"
# Digit a is taken for digit p in 10 a + p images, so each cell shows its own place.
PLACES = np.arange(100).reshape(10, 10)
RIGHT = (196, 222, 240)


def colours(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Return the colour of each cell: (10, 10, 3)."""
    (image,) = confusion.draw(counts, TITLE).axes[0].images
    return np.asarray(image.get_array(), np.uint8)


@pytest.mark.parametrize(
    "counts",
    [
        PLACES,
        np.zeros((10, 10), int),
        np.eye(10, dtype=int) * 500_000,
        np.pad(np.full((10, 1), 50_000), ((0, 0), (3, 6))),
    ],
)
def test_a_picture_of(counts: npt.NDArray[np.int64]) -> None:
    assert_legible(confusion.draw(counts, "Confusion matrix after, the working copy"), 750, 876)


def test_it_is_labelled() -> None:
    texts = texts_of(confusion.draw(PLACES, TITLE))
    for text in (TITLE, "predicted digit", "true digit", "right"):
        assert text in texts
    assert "wrong: share of the true digit's images" in texts
    for step in ("< 1%", "1–2%", "2–5%", "5–10%", "10–25%", "≥ 25%"):
        assert step in texts


def test_every_count_but_zero_is_in_its_cell() -> None:
    figure = confusion.draw(PLACES, TITLE)
    (axes,) = figure.axes
    to_cells = figure.transFigure + axes.transData.inverted()
    cells = {
        text.get_text(): tuple(np.rint(to_cells.transform(text.get_position())).tolist())
        for text in figure.texts
        if text.get_text().isdecimal()
    }
    assert cells == {f"{10 * a + p}": (p, a) for a in range(10) for p in range(10) if a + p}
    assert list(axes.get_xticks()) == list(axes.get_yticks()) == list(range(10))


def test_a_mistakes_colour_says_its_share_in_steps_the_same_in_every_picture() -> None:
    counts = np.zeros((10, 10), int)
    counts[0] = [380, 9, 10, 20, 50, 100, 250, 0, 181, 0]  # of 1,000
    counts[1] = [25, 75, *[0] * 8]
    cells = colours(counts)
    assert cells[0, 0].tolist() == cells[1, 1].tolist() == list(RIGHT)
    assert cells[0, 7].tolist() == cells[2, 2].tolist() == [255, 255, 255]
    steps = [tuple(cells[0, place].tolist()) for place in (1, 2, 3, 4, 5, 6)]
    lightness = [sum(step) for step in steps]
    assert lightness == sorted(set(lightness), reverse=True)
    assert tuple(cells[0, 8].tolist()) == steps[4]
    # A quarter of one digit's images, and of another's.
    assert tuple(cells[1, 0].tolist()) == steps[5]


def test_the_key_has_the_colours_of_the_cells() -> None:
    figure = confusion.draw(PLACES, TITLE)
    boxes = [np.asarray(image.get_array())[0, 0].tolist() for image in figure.images]
    assert boxes[0] == list(RIGHT)
    assert len({tuple(box) for box in boxes}) == 7
    shown = {tuple(colour) for colour in colours(PLACES).reshape(-1, 3).tolist()}
    assert shown - {(255, 255, 255)} <= {tuple(box) for box in boxes}
