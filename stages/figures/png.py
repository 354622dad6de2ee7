"""Pictures as PNG files: the same pixels are the same bytes, whatever the machine.

The zlib beneath Matplotlib is another with each processor and build, and compresses otherwise;
libdeflate's output depends on its version alone, which is locked.
"""

import struct
import zlib

import deflate
import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEVEL = 9  # 12 would save a tenth, in thirty times the time


def encode(pixels: npt.NDArray[np.uint8], dots_per_inch: float) -> bytes:
    """Return pixels (height, width, 3), red, green and blue, as a PNG file.

    Source: W3C, "Portable Network Graphics (PNG) Specification", third edition.
    """
    height, width, _ = pixels.shape
    # Eight bits a channel, colours without alpha, and all else as there is but one of.
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    dots_per_metre = round(dots_per_inch / 0.0254)
    # Each row begins with its filter, none: drawings compress best as they are.
    rows = np.pad(pixels.reshape(height, -1), ((0, 0), (1, 0)))
    return _SIGNATURE + b"".join(
        [
            _chunk(b"IHDR", header),
            _chunk(b"pHYs", struct.pack(">2IB", dots_per_metre, dots_per_metre, 1)),
            _chunk(b"IDAT", bytes(deflate.zlib_compress(rows.tobytes(), _LEVEL))),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk: its length, its kind, its content and a checksum of both."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
