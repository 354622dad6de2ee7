"""Pictures as files: their pixels come back, and their bytes follow from the pixels alone."""

import hashlib
import io
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image
import pytest

from stages.figures import png
from stages.figures.style import axes_at, new_figure, to_png


def drawing() -> npt.NDArray[np.uint8]:
    """Return lines and an area of many shades, without a number that is rounded."""
    down, across = np.mgrid[0:120, 0:160]
    pixels = np.full((120, 160, 3), 255, np.uint8)
    pixels[(down * 7 + across * 3) % 31 == 0] = (0, 114, 178)
    pixels[40:80, 50:90] = ((down * across)[40:80, 50:90, None] // (5, 6, 7)) % 256
    return pixels


@pytest.mark.parametrize(
    "pixels",
    [
        drawing(),
        drawing()[::2, ::-1],
        np.zeros((1, 1, 3), np.uint8),
        drawing()[:1],
        drawing()[:, :1],
    ],
)
def test_the_pixels_come_back(pixels: npt.NDArray[np.uint8]) -> None:
    with PIL.Image.open(io.BytesIO(png.encode(pixels, 150))) as image:
        assert image.mode == "RGB"
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.05)
        assert np.array_equal(np.asarray(image), pixels)


def test_a_picture_of_known_bytes() -> None:
    # A new version of libdeflate may compress otherwise: then every picture changes once.
    content = png.encode(drawing(), 150)
    assert (
        hashlib.md5(content, usedforsecurity=False).hexdigest()
        == "dfb383d18179c1759673f7ec1646411a"
    )


def test_a_figure_is_compressed_by_libdeflate_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("Pillow's zlib is another with each processor and build")

    monkeypatch.setattr(PIL.Image.Image, "save", refuse)
    figure = new_figure(300, 225)
    axes_at(figure, 20, 20, 200, 150).plot([0, 1], [1, 0])
    with PIL.Image.open(io.BytesIO(to_png(figure))) as image:
        assert image.size == (300, 225)
        assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 2
