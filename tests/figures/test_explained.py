import numpy as np
import pytest

from stages.figures import explained
from stages.figures.explained import Shown
from tests.figures.made import assert_legible, pasted, texts_of

RNG = np.random.default_rng(5)


def grey(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width), dtype=np.uint8)


def shown() -> Shown:
    steps = [("alone", grey(40, 20)), ("its strokes", grey(90, 70)), ("as in MNIST", grey(28, 28))]
    P = RNG.dirichlet(np.ones(10))
    return Shown(steps, [RNG.random(40), RNG.normal(size=16)], P)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_all_steps_are_drawn(count: int) -> None:
    steps = [("the picture", np.zeros((60, 80, 3), np.uint8)), ("ink", grey(60, 80))]
    digits = [shown() for _ in range(count)]
    figure = explained.draw(steps, digits)
    assert_legible(figure, 1500)
    drawn = min(count, explained.MOST_DIGITS)
    assert len(pasted(figure)) == 2 + drawn * 5
    texts = texts_of(figure)
    assert texts.count("as in MNIST") == drawn
    assert ("How it was read: a digit" in texts) == (count == 1)
    for digit in digits[:drawn]:
        assert f"{100 * digit.P.max():.1f} %" in texts
