"""Read a source file in pieces, unpacking it if it is gzipped, and no further than a bound."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from stages.common.errors import DigitsError

GZIP_MAGIC = b"\x1f\x8b"
PIECE = 4 << 20  # bytes read at once
# A few kilobytes of gzip can unpack to a full disk's worth: 42,000 digits are 77 MB of CSV.
MOST_BYTES = 1 << 30
MOST_ROWS = 500_000


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the content of a file, unpacked if it starts as gzip does, at most PIECE at once.

    Raises DigitsError where it cannot be read or unpacked, or is longer than MOST_BYTES.
    """
    length = 0
    try:
        with open_unpacked(path) as file:
            while piece := file.read(PIECE):
                length += len(piece)
                if length > MOST_BYTES:
                    raise DigitsError(
                        f"{path}: it holds more than {MOST_BYTES:,} bytes (unpacked, if it is "
                        f"gzipped); expected at most that"
                    )
                yield piece
    except (OSError, EOFError, zlib.error) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error


def open_unpacked(path: Path) -> IO[bytes]:
    """Open a file, unpacking it if it starts as gzip does; raises OSError."""
    with path.open("rb") as file:
        start = file.read(2)
    if start == GZIP_MAGIC:
        return gzip.open(path)  # type: ignore[return-value]
    if start and path.suffix == ".gz":
        raise gzip.BadGzipFile(
            f"its name ends in .gz, but it starts with {start!r} and not as gzip does "
            f"({GZIP_MAGIC!r}); expected a gzipped file, or a name without .gz"
        )
    return path.open("rb")


def first_line(path: Path, longest: int) -> bytes:
    """Return at most `longest` bytes of a file's first line; raises DigitsError."""
    try:
        with open_unpacked(path) as file:
            return file.readline(longest)
    except (OSError, EOFError, zlib.error) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error


def refuse_damaged(path: Path) -> None:
    """Raise DigitsError for a gzipped file that does not unpack to what was packed."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
    except OSError as error:
        raise DigitsError(f"cannot read {path}: {error}") from error
    if packed:
        for _ in pieces(path):
            pass  # at the end, its checksum is compared


def refuse_too_many(path: Path, rows: int) -> None:
    """Raise DigitsError if a source holds more rows than MOST_ROWS."""
    if rows > MOST_ROWS:
        raise DigitsError(f"{path}: it holds {rows:,} rows; expected at most {MOST_ROWS:,}")
