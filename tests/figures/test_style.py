"""The layout in pixels, and the frame that sets a picture apart from a dark page."""

import io

import matplotlib.image as mpimg
import numpy as np

from stages.figures.style import axes_at, new_figure, ramp, size_of, to_png, write


def test_a_picture_is_white_in_a_grey_frame_of_one_pixel() -> None:
    pixels = mpimg.imread(io.BytesIO(to_png(new_figure(60, 40))))[..., :3]
    assert pixels.shape == (40, 60, 3)
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert len(np.unique(edge)) == 1
        assert 0.6 < edge[0, 0] < 0.8
    assert np.all(pixels[1:-1, 1:-1] == 1)


def test_places_count_from_the_top_left_corner_and_avoid_halves() -> None:
    figure = new_figure(751, 333)
    assert size_of(figure) == (751, 333)
    box = axes_at(figure, 100, 30, 200, 50).get_window_extent()
    np.testing.assert_allclose(box.extents, (100.3, 253.3, 300.3, 303.3))
    across, down = figure.transFigure.transform(write(figure, 12, 40, "here").get_position())
    np.testing.assert_allclose((across, down), (12.3, 293.3))


def test_a_ramp_goes_from_white_to_its_colour_evenly() -> None:
    colours = ramp("#0064FF", 6)
    assert colours.dtype == np.uint8
    assert colours.tolist() == [[255 - 51 * n, 255 - 31 * n, 255] for n in range(6)]
