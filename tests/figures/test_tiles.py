"""Images are put where they are said to be, pixel for pixel."""

import io

import matplotlib.image as mpimg
import numpy as np

from stages.figures import tiles
from stages.figures.style import new_figure, to_png


def test_an_image_stands_at_its_place_whole_times_enlarged_and_framed() -> None:
    figure = new_figure(60, 50)
    image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3) * 20
    tiles.place(figure, image, 10, 20, 7)
    pixels = np.rint(mpimg.imread(io.BytesIO(to_png(figure)))[..., :3] * 255).astype(int)
    # Three of the picture's pixels to one of the image's, in 7; a frame of one around.
    assert np.array_equal(pixels[21:27, 11:17], image.repeat(3, axis=0).repeat(3, axis=1))
    assert np.all(pixels[20, 10:18] == 176)
    assert np.all(pixels[20:28, 17] == 176)
    assert np.all(pixels[28:49, 1:59] == 255)
    assert np.all(pixels[1:20, 1:59] == 255)


def test_what_room_is_left_stands_on_both_sides() -> None:
    figure = new_figure(60, 50)
    tiles.place(figure, np.zeros((4, 4, 3), np.uint8), 10, 20, 11)
    # Two to one, which take 8 of 11 and the frame: it begins at 10 + 1.
    (image,) = figure.images
    assert (vars(image)["ox"], image.get_size()) == (11, (10, 10))


def test_ink_is_dark() -> None:
    grey = tiles.ink(np.array([0, 255, 55, 200], np.uint8))
    assert grey[..., 0].tolist() == [[255, 0], [200, 55]]
    assert grey.shape == (2, 2, 3)
