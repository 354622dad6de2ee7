"""The unpacked stream of an xz file, within so much memory: a file may ask for gigabytes."""

import io
import lzma
from collections.abc import Iterator
from typing import IO, Any

_MOST = 160 << 20  # bytes; what xz -9 packs takes 65 MiB
_PIECE = 1 << 20  # bytes at once


def opened(file: IO[bytes]) -> io.BufferedReader:
    """Return the unpacked stream of an open file; to read from it raises LZMAError or EOFError."""
    return io.BufferedReader(_Joined(_unpacked(file)), _PIECE)


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what the streams in a file unpack to, one after the other."""
    packed = file.read(_PIECE)
    while packed:
        stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, _MOST)
        while not stream.eof:
            if stream.needs_input and not packed:
                raise EOFError("it ended before the end-of-stream marker was reached")
            yield stream.decompress(packed, _PIECE)
            packed = file.read(_PIECE) if stream.needs_input else b""
        packed = _after(stream.unused_data, file)


def _after(rest: bytes, file: IO[bytes]) -> bytes:
    """Return what follows the zeros that may stand between two streams; nothing, at the end."""
    while not (found := rest.lstrip(b"\0")) and (rest := file.read(_PIECE)):
        pass
    return found


class _Joined(io.RawIOBase):
    """Pieces of bytes as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Take the pieces, of which any may be empty."""
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Put the next bytes into a buffer, and return how many: 0 at the end."""
        while not self._left and (piece := next(self._pieces, None)) is not None:
            self._left = piece
        given, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)
