"""`digits predict` meets spoiled pictures: each is prepared, or refused in one line."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from stages.prepare.preparing import NoInkError, prepare
from stages.tools.predict.opening import picture_in
from tests.fuzz.feeding import assert_shares, fuzz
from tests.fuzz.mutations import edited

_HOW: list[tuple[str, str, dict[str, Any]]] = [
    ("PNG", "RGB", {}),
    ("PNG", "P", {}),
    ("PNG", "1", {}),
    ("PNG", "RGBA", {}),
    ("JPEG", "L", {}),
    ("JPEG", "CMYK", {}),
    ("WEBP", "RGB", {}),
    ("BMP", "RGB", {}),
    ("GIF", "P", {}),
    ("TIFF", "CMYK", {}),
    ("TIFF", "LA", {"compression": "tiff_adobe_deflate"}),
    ("TIFF", "1", {"compression": "group4"}),
    ("PPM", "L", {}),
]


def drawn() -> Image.Image:
    """Return a 7 of 24 x 30 pixels."""
    shades = np.full((30, 24), 230, np.uint8)
    shades[5:8, 6:18] = shades[5:25, 15:18] = 40
    return Image.fromarray(shades)


def saved(form: str, mode: str, how: dict[str, Any]) -> bytes:
    """Return the picture as a file."""
    content = io.BytesIO()
    drawn().convert(mode).save(content, form, **how)
    return content.getvalue()


def sixteen_bits() -> bytes:
    """Return the picture as a PNG file of 16 bits."""
    content = io.BytesIO()
    Image.fromarray(np.asarray(drawn()).astype(np.uint16) * 257).save(content, "PNG")
    return content.getvalue()


BASES = [*(saved(*how) for how in _HOW), sixteen_bits()]


@st.composite
def picture_file(draw: st.DrawFn) -> bytes:
    """Draw a picture's file with a few bytes changed, cut off, or other bytes behind its first."""
    base = draw(st.sampled_from(BASES))
    if draw(st.integers(0, 9)) == 0:
        return base[: draw(st.integers(0, 12))] + draw(st.binary(max_size=200))
    return draw(edited(base, start=draw(st.sampled_from([0, 12, 40])), most=2))


def test_pictures(tmp_path: Path) -> None:
    def read(content: bytes) -> str:
        path = tmp_path / "it"
        path.write_bytes(content)
        picture = picture_in(path)
        if picture is None:
            return "shallow"
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
        try:
            prepared = prepare(picture, bool(content[-1] % 2))
        except NoInkError:
            return "valid"
        assert all(digit.image.shape == (28, 28) for digit in prepared.digits)
        return "valid"

    assert_shares(fuzz(picture_file(), read, ()), deep=0.4, valid=0.2)
