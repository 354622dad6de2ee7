import numpy as np
import pytest

from stages.figures import flips
from stages.figures.flips import Half
from tests.figures.made import assert_legible, framed, pasted, texts_of

RNG = np.random.default_rng(3)


def half(shown: int, total: int) -> Half:
    images = RNG.integers(0, 256, (shown, 784), dtype=np.uint8)
    actual, before, after = RNG.integers(0, 10, (3, shown))
    return Half(images, actual, before, after, total)


@pytest.mark.parametrize(("counts", "lines"), [((0, 0), 0), ((1, 12), 2), ((13, 48), 6)])
def test_a_picture_of(counts: tuple[int, int], lines: int) -> None:
    figure = flips.draw(*(half(count, count) for count in counts))
    assert_legible(figure, 1500, 176 + 124 * lines)


def test_every_image_is_framed_with_its_digit_and_both_readings() -> None:
    halves = half(13, 99), half(2, 2)
    figure = flips.draw(*halves)
    images = np.concatenate([part.images for part in halves])
    for shown, image in zip(pasted(figure), images, strict=True):
        assert np.array_equal(framed(shown, 28)[..., 0], 255 - image.reshape(28, 28))
    said = [text for text in texts_of(figure) if "→" in text and not text.startswith("digit")]
    assert said == [
        f"{digit}: {before} → {after}"
        for part in halves
        for digit, before, after in zip(part.actual, part.before, part.after, strict=True)
    ]
    assert "From right to wrong: 13 of 99" in texts_of(figure)
    assert "From wrong to right: 2" in texts_of(figure)
