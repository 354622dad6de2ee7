import numpy as np
import numpy.typing as npt
import pytest

from stages.figures import confusion
from tests.figures.made import assert_png, assert_same_bytes, texts_of

# Digit a is taken for digit p in 10 a + p images, so each cell shows its own place.
PLACES = np.arange(100).reshape(10, 10)
LACKING = np.diag([5, 5, 0, 5, 5, 5, 5, 5, 5, 5])


def test_the_same_bytes_every_time() -> None:
    assert_same_bytes(lambda: confusion.draw(PLACES))


@pytest.mark.parametrize(
    "counts", [PLACES, LACKING, np.zeros((10, 10), int), np.eye(10, dtype=int) * 10**6]
)
def test_a_picture_of(counts: npt.NDArray[np.int64]) -> None:
    assert_png(confusion.draw(counts), 1050, 900)


def test_it_is_labelled() -> None:
    texts = texts_of(confusion.draw(PLACES))
    for text in ("Confusion matrix: test images", "predicted digit", "true digit"):
        assert text in texts
    assert "share of the images of the true digit" in texts


def test_every_count_is_in_its_cell() -> None:
    axes = confusion.draw(PLACES).axes[0]
    cells = {text.get_text(): text.get_position() for text in axes.texts}
    assert cells == {f"{10 * actual + p}": (p, actual) for actual in range(10) for p in range(10)}
    assert list(axes.get_xticks()) == list(axes.get_yticks()) == list(range(10))


def test_colours_are_shares_of_a_row() -> None:
    (image,) = confusion.draw(PLACES).axes[0].images
    shares = np.asarray(image.get_array())
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert shares[3, 4] == pytest.approx(34 / sum(range(30, 40)))


def test_a_digit_without_images_is_blank() -> None:
    (image,) = confusion.draw(LACKING).axes[0].images
    assert np.asarray(image.get_array())[2].tolist() == [0.0] * 10
