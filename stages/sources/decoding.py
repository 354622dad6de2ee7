"""Decode a picture of a digit: PNG, JPEG and the like, of 28 x 28 grey pixels."""

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

import numpy as np

from stages.sources.columns import Bytes

if TYPE_CHECKING:
    from PIL.Image import Image

_SIZE = (28, 28)
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_MOST_BYTES = 1 << 20
# What Pillow raises on bytes that are no whole picture, beside an error of its own.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    NotImplementedError,
    MemoryError,
    struct.error,
    zlib.error,
)


def decode(content: bytes) -> Bytes:
    """Return the pixels (784,) of a picture, 0 black and 255 white; raises ValueError.

    Its size is known before anything is decoded, and only the right one is. Colours become
    grey by their luma (ITU-R BT.601, as Pillow has it); 784 bytes that are no picture are
    taken for the pixels themselves.
    """
    from PIL import Image  # here, for only pictures need wait for it

    if len(content) > _MOST_BYTES:
        raise ValueError(f"{len(content):,} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.size != _SIZE:
                    width, height = picture.size
                    raise ValueError(f"a picture of {width} x {height}")
                return _grey(picture)
    except (*UNREADABLE, Image.DecompressionBombError) as error:
        if isinstance(error, ValueError):
            raise
        if len(content) == 784:
            return np.frombuffer(content, np.uint8)
        raise ValueError(f"{content[:8]!r}…, {len(content)} bytes: {str(error)[:80]}") from error


def _grey(picture: "Image") -> Bytes:
    """Return the pixels (784,) of an open picture as grey; raises ValueError for what has none."""
    if picture.mode.startswith("I"):  # sixteen bits, of which 65,535 is white
        deep = np.asarray(picture, np.int64).reshape(-1)
        if deep.min() < 0 or deep.max() > 65_535:
            raise ValueError("a picture of more than 16 bits")
        return ((2 * deep + 257) // 514).astype(np.uint8)
    if picture.mode == "F":
        raise ValueError("a picture of floats")
    if "A" in picture.mode or "transparency" in picture.info:
        if picture.convert("RGBA").getchannel("A").getextrema() != (255, 255):
            raise ValueError("a picture that is transparent in places")
        picture = picture.convert("RGBA").convert("RGB")
    return np.asarray(picture.convert("L"), np.uint8).reshape(-1)
