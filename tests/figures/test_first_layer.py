import numpy as np
import pytest

from stages.figures import first_layer
from tests.figures.made import assert_png, assert_same_bytes, texts_of

RNG = np.random.default_rng(1)
W = RNG.normal(size=(16, 784))


def test_the_same_bytes_every_time() -> None:
    assert_same_bytes(lambda: first_layer.draw(W))


# Pictures are in rows of 8, up to 64; a row is 195 pixels high, the title 105.
@pytest.mark.parametrize(("units", "rows"), [(1, 1), (8, 1), (9, 2), (100, 8)])
def test_a_picture_of(units: int, rows: int) -> None:
    assert_png(first_layer.draw(RNG.normal(size=(units, 784))), 1500, 105 + 195 * rows)


@pytest.mark.parametrize("number", [0.0, 0.5, -3.0, 1e-30])
def test_equal_weights_are_drawn_too(number: float) -> None:
    figure = first_layer.draw(np.full((2, 784), number, np.float32))
    for axes in figure.axes:
        for image in axes.images:
            low, high = image.get_clim()
            assert low < 0 < high


def test_each_unit_is_its_row_as_a_picture() -> None:
    images = [image for axes in first_layer.draw(W).axes for image in axes.images]
    assert len(images) == 16
    for image, weights in zip(images, W, strict=True):
        assert np.array_equal(np.asarray(image.get_array()), weights.reshape(28, 28))


def test_one_scale_for_all_around_0() -> None:
    limits = {image.get_clim() for axes in first_layer.draw(W).axes for image in axes.images}
    ((low, high),) = limits
    assert low == -high
    # 1 of 200 standard normal numbers is beyond 2.8.
    assert high == pytest.approx(2.807, abs=0.1)


def test_it_is_labelled() -> None:
    texts = texts_of(first_layer.draw(W))
    assert "weight" in texts
    names = [text for text in texts if text.startswith("unit ")]
    assert names == [f"unit {number}" for number in range(1, 17)]
    assert any("First layer" in text for text in texts)


@pytest.mark.parametrize(("units", "told"), [(64, False), (65, True), (100, True)])
def test_units_left_out_are_told_of(units: int, told: bool) -> None:
    figure = first_layer.draw(np.ones((units, 784)))
    title = figure.get_suptitle()
    assert (f"the first 64 of {units}" in title) == told
    assert sum(len(axes.images) for axes in figure.axes) == 64
