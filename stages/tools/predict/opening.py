"""Open a picture of any form that Pillow reads, as red, green and blue."""

import io
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources import decoding

if TYPE_CHECKING:
    from PIL.Image import Image

Bytes = npt.NDArray[np.uint8]

MOST_PIXELS = 64_000_000  # some 700 MB on the way; a telephone's largest pictures have 50 million
# Of a longer line the padding, which shrinking in squares needs, would take the memory.
_LONGEST = 100_000
_MOST_BYTES = 200_000_000
_DRAFT = (1600, 1600)  # a JPEG may be decoded at half its size, or less, but not below this
# Of those that Pillow knows, the ones that it can tell by their first bytes, and decode by itself.
_FORMATS = (
    *("PNG", "JPEG", "JPEG2000", "WEBP", "AVIF", "BMP", "DIB", "GIF", "TIFF", "PPM"),
    *("ICO", "QOI", "SGI", "PCX", "PSD", "XBM", "XPM"),
)
_MEANS = ("RGB", "L", "CMYK", "RGBA", "LA", "I", "F")  # of which the mean of some pixels is one
_TURNED = 0x0112  # the EXIF tag that says how the camera was held
_WHITE, _BLACK = (255, 255, 255, 255), (0, 0, 0, 255)
_FLAT = 16  # greys that a picture with something in it spans

# What Pillow raises, in the forms that are not of a table's pictures too.
UNREADABLE = (*decoding.UNREADABLE, RuntimeError)


def picture_in(path: Path) -> Bytes | None:
    """Return the picture in a file: (height, width, 3); None where it is no picture.

    Of several frames the first, turned as the camera was held, on white where it is transparent.
    Raises DigitsError where it cannot be read, or is too large.
    """
    from PIL import Image, UnidentifiedImageError  # here, for only pictures need wait for it

    if path.stat().st_size > _MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, and of sizes, which are checked here
            with Image.open(io.BytesIO(path.read_bytes()), formats=_FORMATS) as picture:
                _refuse_large(picture)
                picture.draft("RGB", _DRAFT)
                picture.load()  # Pillow turns a TIFF then, and no longer says that it was turned
                return np.asarray(_turned(_plain(_smaller(picture))))
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError as error:
        raise DigitsError(f"it has too many pixels; expected at most {MOST_PIXELS:,}") from error
    except UNREADABLE as error:
        raise DigitsError(f"cannot read the picture: {error or type(error).__name__}") from error


def _refuse_large(picture: "Image") -> None:
    """Raise DigitsError for a picture of more pixels than memory should be taken for."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise DigitsError(f"it is of {width} x {height} pixels; expected at most {MOST_PIXELS:,}")
    if max(width, height) > _LONGEST:
        raise DigitsError(
            f"it is of {width} x {height} pixels; expected {_LONGEST:,} a side at most"
        )


def _smaller(picture: "Image") -> "Image":
    """Return a very large picture at a fraction of its size, before copies of it are made."""
    times = max(picture.size) // _DRAFT[0]
    if times <= 1:
        return picture
    if picture.mode.startswith("I;"):
        picture = picture.convert("I")
    return picture.reduce(times) if picture.mode in _MEANS else picture


def _plain(picture: "Image") -> "Image":
    """Return a picture of any mode as red, green and blue, 8 bits each."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(picture, np.float64))).convert("RGB")
    if picture.mode == "RGB":
        return picture
    if "A" not in picture.mode and "a" not in picture.mode and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    for paper in (_WHITE, _BLACK):  # on black, if what is drawn is white itself
        flat = Image.alpha_composite(Image.new("RGBA", clear.size, paper), clear).convert("RGB")
        if np.ptp(np.asarray(flat.convert("L"), np.int16)) >= _FLAT:
            break
    return flat


def _eight_bits(deep: npt.NDArray[np.float64]) -> Bytes:
    """Return whole numbers of 16 bits, or any numbers on their own scale, as bytes."""
    low, high = float(deep.min()), float(deep.max())
    if not np.isfinite(high - low):
        raise ValueError("it holds numbers that are not finite")
    if low >= 0 and 1 < high < 65_536:  # sixteen bits, or eight in wide numbers
        low, high = 0.0, 2.0 ** max(int(high).bit_length(), 8) - 1  # of 10 or 12 bits, too
    return ((deep - low) * (255 / ((high - low) or 1)) + 0.5).astype(np.uint8)


def _turned(picture: "Image") -> "Image":
    """Return a picture as the camera was held; as it is, where its metadata cannot be read."""
    from PIL.Image import Transpose

    ways = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    with suppress(*UNREADABLE):
        way = ways.get(picture.getexif().get(_TURNED, 1))
        return picture if way is None else picture.transpose(way)
    return picture
