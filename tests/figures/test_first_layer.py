import numpy as np
import pytest

from stages.common.artifacts.sides import SIDES
from stages.figures import first_layer
from tests.figures.made import assert_legible, framed, pasted, texts_of

RNG = np.random.default_rng(1)
W = RNG.normal(size=(16, 784))
LEARNED = RNG.normal(size=(16, 784)) / 10
BLUE, VERMILION = (0, 114, 178), (213, 94, 0)


# Units stand in rows of 4, up to 16; a row is 126 pixels high.
@pytest.mark.parametrize(("units", "rows"), [(1, 1), (4, 1), (5, 2), (16, 4), (4096, 4)])
def test_a_picture_of(units: int, rows: int) -> None:
    weights = RNG.normal(size=(units, 784)).astype(np.float32)
    assert_legible(first_layer.draw(weights, weights * 2), 750, 298 + 126 * rows)


@pytest.mark.parametrize("side", SIDES)
def test_a_unit_has_a_square_for_each_pixel_of_its_side(side: int) -> None:
    after = np.zeros((2, side * side))
    after[0, 1], after[1, -1] = 1, -1  # right of the upper left corner; the lower right corner
    figure = first_layer.draw(np.zeros_like(after), after)
    assert_legible(figure, 750)
    trained = [framed(image, side) for image in pasted(figure)[:2]]
    assert [np.argwhere(np.any(image < 255, axis=2)).tolist() for image in trained] == [
        [[0, 1]],
        [[side - 1, side - 1]],
    ]


def test_trained_weights_stand_beside_what_was_learned() -> None:
    before = np.zeros((2, 784))
    before[0, 3], before[1, 30] = 1, -0.5
    after = before.copy()
    after[0, 5], after[1, 30] = -1, 0.5
    images = [framed(image, 28) for image in pasted(first_layer.draw(before, after))[:5] if
              len(image) > 40]  # fmt: skip
    trained, learned = images[:2], images[2:]
    white = (255, 255, 255)

    def at(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], pixel: int) -> tuple[int, ...]:
        return tuple(image.reshape(-1, 3)[pixel].tolist())

    assert (at(trained[0], 3), at(trained[0], 5), at(trained[0], 0)) == (BLUE, VERMILION, white)
    assert (at(learned[0], 3), at(learned[0], 5)) == (white, VERMILION)
    assert at(learned[1], 30) == BLUE
    assert at(trained[1], 30) not in (BLUE, white)


def test_each_has_a_scale_that_1_in_200_is_beyond() -> None:
    texts = texts_of(first_layer.draw(W, W + LEARNED))
    ends = [float(text.split()[1]) for text in texts if text.startswith("≥")]
    # 1 of 200 standard normal numbers is beyond 2.8.
    assert ends == pytest.approx([2.8, 0.28], rel=0.05)
    assert [text for text in texts if text.startswith("≤")] == [f"≤ −{end:g}" for end in ends]


def test_nothing_learned_is_blank() -> None:
    images = [image for image in pasted(first_layer.draw(W, W)) if len(image) > 40]
    assert len(images) == 32
    for image in images[16:]:
        assert np.all(framed(image, 28) == 255)


def test_other_sides_are_drawn_too() -> None:
    images = pasted(first_layer.draw(W[:, :196], W[:, :196] * 2))
    assert framed(images[0], 14).shape == (14, 14, 3)


def test_it_is_labelled_and_says_what_to_look_for() -> None:
    texts = texts_of(first_layer.draw(W, W + LEARNED))
    assert "What the first layer learned: look for strokes" in texts
    assert "weights after training" in texts
    assert "learned: after − before" in texts
    assert [text for text in texts if text.isdecimal() and text != "0"] == [
        f"{number}" for number in range(1, 17)
    ] * 2


@pytest.mark.parametrize(
    ("units", "told"),
    [(3, "All 3 units."), (16, "All 16 units."), (17, "The first 16 of 17 units.")],
)
def test_units_left_out_are_told_of(units: int, told: str) -> None:
    figure = first_layer.draw(np.ones((units, 784)), np.ones((units, 784)))
    assert any(text.startswith(told) for text in texts_of(figure))
    assert sum(len(image) > 40 for image in pasted(figure)) == 2 * min(units, 16)
