"""Images in another order than the one that they come in, by way of a scratch file.

The file is a row of shelves, each for SHELF_ROWS images that are to follow one another. Images come
in the source's order, and each goes to its shelf, behind those that are there: so a shelf is filled
piece by piece and read as a whole, and is put in order in memory. Nothing is read here and there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO

import numpy as np
import numpy.typing as npt

from stages.common.pieces import PIECE_ROWS, spans

SHELF_ROWS = 4 * PIECE_ROWS

Pixels = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.integer]


def shelve(
    file: IO[bytes],
    pieces: Iterable[Pixels],
    rows: int,
    chosen: Sequence[Positions],
    met: Callable[[Positions, Pixels], None],
) -> None:
    """Put into an empty file those of so many images that are chosen for parts.

    pieces: the images (n, 784), some at a time, in order. chosen: for each part, the positions
    among them in the order wanted. met: is told of each image, and at which place in that order,
    through all parts, it is.
    """
    starts = _starts(chosen)
    filled = starts.copy()
    place = _places(rows, chosen)
    first = 0
    for pixels in pieces:
        to = place[first : (first := first + len(pixels))]
        kept = np.flatnonzero(to >= 0)
        shelf = np.searchsorted(starts, to[kept], "right") - 1
        kept = kept[np.argsort(shelf, kind="stable")]
        met(to[kept], pixels[kept])
        for at, count in zip(*np.unique(shelf, return_counts=True), strict=True):
            file.seek(int(filled[at]) * pixels.shape[1])
            file.write(np.ascontiguousarray(pixels[kept[:count]]).data)
            kept, filled[at] = kept[count:], filled[at] + count


def unshelved(
    file: IO[bytes], chosen: Sequence[Positions], part: int, width: int
) -> Iterator[Pixels]:
    """Yield the images (n, width) of a part in the order wanted, PIECE_ROWS at a time."""
    before = sum(map(len, chosen[:part]))
    for span in spans(len(chosen[part]), SHELF_ROWS):
        positions = chosen[part][span]
        file.seek((before + span.start) * width)
        content = file.read(len(positions) * width)
        shelf = np.frombuffer(content, np.uint8).reshape(-1, width)
        # They lie as they came, which is by position.
        lies = np.empty(len(positions), np.intp)
        lies[np.argsort(positions, kind="stable")] = np.arange(len(positions))
        for piece in spans(len(positions), PIECE_ROWS):
            yield shelf[lies[piece]]


def _starts(chosen: Sequence[Positions]) -> npt.NDArray[np.int64]:
    """Return the place of the first image of each shelf; no shelf is of two parts."""
    starts, before = [], 0
    for positions in chosen:
        starts += [before + span.start for span in spans(len(positions), SHELF_ROWS)]
        before += len(positions)
    return np.array(starts, np.int64)


def _places(rows: int, chosen: Sequence[Positions]) -> npt.NDArray[np.int32]:
    """Return the place of each of the images in the order wanted, through all parts, or -1."""
    place = np.full(rows, -1, np.int32)
    before = 0
    for positions in chosen:
        place[positions] = np.arange(before, before := before + len(positions), dtype=np.int32)
    return place
