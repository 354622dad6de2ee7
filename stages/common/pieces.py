"""How many rows are worked on at once, so that memory does not grow with them."""

from collections.abc import Iterator

PIECE_ROWS = 8192  # 6 MB of pixels
# In one group of a Parquet file, as what reads and writes tables knows it. No table of 500,000
# rows or fewer, which is what a source once could have, has a second group.
GROUP_ROWS = 1 << 19
MOST_ROWS = 2**31 - 1  # `row` is an int32


def spans(rows: int, size: int) -> Iterator[slice]:
    """Yield slices of at most `size` that make up so many rows, in order."""
    for start in range(0, rows, size):
        yield slice(start, min(start + size, rows))
