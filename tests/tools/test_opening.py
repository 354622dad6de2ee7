"""Pictures of every form are opened; what is none is told apart from what cannot be read."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from stages.common.errors import DigitsError
from stages.tools.predict import opening
from stages.tools.predict.opening import picture_in

COLOURS = np.zeros((40, 60, 3), np.uint8)
COLOURS[:, :30] = (200, 180, 160)
COLOURS[10:20, 35:50] = (20, 120, 220)
GREY = COLOURS[..., 0]


def put(path: Path, picture: Image.Image, **how: Any) -> Path:
    picture.save(path, **how)
    return path


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "ppm", "webp", "jpg", "gif", "avif"])
def test_forms(tmp_path: Path, suffix: str) -> None:
    how = {"lossless": True} if suffix == "webp" else {}
    found = picture_in(put(tmp_path / f"it.{suffix}", Image.fromarray(COLOURS), **how))
    assert found is not None
    near = 40 if suffix in ("jpg", "gif", "avif") else 0
    assert np.abs(found[14, 40].astype(int) - COLOURS[14, 40]).max() <= near
    assert found.shape == COLOURS.shape


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_modes(tmp_path: Path, mode: str) -> None:
    wide = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
    if mode in wide:
        picture = Image.fromarray(GREY.astype(wide[mode]) * wide[mode](257))
    else:
        picture = Image.fromarray(COLOURS).convert(mode, dither=Image.Dither.NONE)
    found = picture_in(put(tmp_path / "it.tiff" if mode != "P" else tmp_path / "it.png", picture))
    assert found is not None
    assert found.shape == COLOURS.shape
    assert found[5, 5].min() > found[30, 50].max() + 100  # light stays light


@pytest.mark.parametrize("suffix", ["png", "tiff"])  # Pillow itself turns the second
def test_the_camera_may_be_held_in_any_way(tmp_path: Path, suffix: str) -> None:
    for way, turned in (
        (3, COLOURS[::-1, ::-1]),
        (6, np.rot90(COLOURS, -1)),
        (8, np.rot90(COLOURS)),
    ):
        exif = Image.Exif()
        exif[0x0112] = way
        found = picture_in(put(tmp_path / f"it.{suffix}", Image.fromarray(COLOURS), exif=exif))
        assert found is not None
        assert np.array_equal(found, turned)


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_of_sixteen_bits_some_may_be_in_use(tmp_path: Path, bits: int) -> None:
    deep = (GREY.astype(np.uint16) << (bits - 8)) | 1
    found = picture_in(put(tmp_path / "it.png", Image.fromarray(deep)))
    assert found is not None
    assert np.abs(found[..., 0].astype(int) - GREY).max() <= 1


def test_what_is_transparent_is_white_unless_what_is_drawn_is(tmp_path: Path) -> None:
    clear = np.zeros((20, 20, 4), np.uint8)
    clear[5:10, 5:10, 3] = 255
    found = picture_in(put(tmp_path / "it.png", Image.fromarray(clear)))
    assert found is not None
    assert found[0, 0].tolist() == [255, 255, 255]
    assert found[7, 7].tolist() == [0, 0, 0]
    clear[..., :3] = 255
    found = picture_in(put(tmp_path / "it.png", Image.fromarray(clear)))
    assert found is not None
    assert found[0, 0].tolist() == [0, 0, 0]
    assert found[7, 7].tolist() == [255, 255, 255]


def test_of_several_frames_the_first_is_read(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((9, 9), shade, np.uint8)) for shade in (10, 200)]
    path = put(tmp_path / "it.gif", frames[0], save_all=True, append_images=frames[1:])
    found = picture_in(path)
    assert found is not None
    assert found.max() == 10


def test_a_large_jpeg_is_decoded_smaller(tmp_path: Path) -> None:
    path = put(tmp_path / "it.jpg", Image.new("RGB", (6400, 4800), "grey"))
    found = picture_in(path)
    assert found is not None
    assert 1600 <= max(found.shape) <= 3200


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16"])
def test_a_large_picture_is_made_smaller_whatever_its_mode(tmp_path: Path, mode: str) -> None:
    found = picture_in(put(tmp_path / "it.png", Image.new(mode, (3300, 40))))
    assert found is not None
    assert found.shape == (20, 1650, 3)


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DigitsError, match=r"1 x 100001 pixels; expected 100,000 a side"):
        picture_in(put(tmp_path / "it.png", Image.new("P", (1, 100_001))))


def png_of(width: int, height: int) -> bytes:
    """Return the start of a PNG file that claims to be so large."""
    header = b"IHDR" + struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, data, b"IEND")
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path, side: int) -> None:
    (tmp_path / "bomb.png").write_bytes(png_of(side, side))
    with pytest.raises(DigitsError, match=f"expected at most {opening.MOST_PIXELS:,}"):
        picture_in(tmp_path / "bomb.png")


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff", "bmp"])
def test_half_a_picture_is_refused(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    whole = put(tmp_path / f"it.{suffix}", Image.fromarray(noise)).read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DigitsError, match="cannot read the picture"):
        picture_in(tmp_path / "half")


@pytest.mark.parametrize("content", [b"", b"no picture", bytes(100), io.BytesIO().getvalue()])
def test_what_is_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "it").write_bytes(content)
    assert picture_in(tmp_path / "it") is None
