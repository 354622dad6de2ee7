"""The rows of a source, put aside until all of them have shown what their numbers mean."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.digits import PIXELS, ROW_BYTES, Digits
from stages.common.errors import DigitsError
from stages.common.pieces import GROUP_ROWS, MOST_ROWS, PIECE_ROWS, spans
from stages.common.scratch import COPY, refuse_no_room
from stages.sources.columns import Bytes, Part
from stages.sources.seen import Seen, both, seen

_WIDE = len(PIXELS)


class Gathered(NamedTuple):
    """A source whose pixels lie in a file, an image after the other.

    label: (n,) uint8. whole: (n,) bool, whether a row is of a part without a fraction. shown: what
    all of it shows. notes: what was understood.
    """

    label: Bytes
    whole: npt.NDArray[np.bool_]
    shown: Seen
    notes: list[str]


def gather(file: IO[bytes], parts: Iterable[Part], refuse: Callable[[int, int], None]) -> Gathered:
    """Put the pixels of parts into an empty file, and return the rest.

    refuse: is told how many rows there are, as far as is known, and how many of them lie in the
    file; it raises DigitsError where there is no room for the others.
    """
    labels, whole = [np.empty(0, np.uint8)], [np.empty(0, np.bool_)]
    shown, notes, announced = Seen(), dict[str, None](), 0
    for part in parts:
        notes |= dict.fromkeys(part.notes)
        announced += part.announced
        shown = both(shown, seen(part))
        refuse(max(announced, shown.rows), shown.rows)
        file.write(np.ascontiguousarray(part.pixels).data)
        labels.append(part.label)
        whole.append(np.full(len(part.label), part.fraction is None))
    return Gathered(np.concatenate(labels), np.concatenate(whole), shown, [*notes])


def refuse_no_table(table: Path, rows: int, done: int) -> None:
    """Raise DigitsError where the table has no room, or is of more rows than can be numbered."""
    if rows > MOST_ROWS:
        raise DigitsError(f"the source has {rows:,} rows; expected at most {MOST_ROWS:,}")
    group = min(rows, GROUP_ROWS)
    # The room of what is put aside is DVC's copy's afterwards.
    wanted = (rows - done + group) * _WIDE + rows * ROW_BYTES
    refuse_no_room(table, wanted, f"for it, beside it and {COPY}")


def pieces(file: IO[bytes], found: Gathered, times: int) -> Iterator[Digits]:
    """Yield the digits of a source, PIECE_ROWS at a time.

    times: what the pixels of parts without a fraction are multiplied by.
    """
    file.seek(0)
    for span in spans(len(found.label), PIECE_ROWS):
        row = np.arange(span.start, span.stop, dtype=np.int32)
        content = file.read(len(row) * _WIDE)
        pixels = np.frombuffer(content, np.uint8).reshape(-1, _WIDE)
        factors = np.where(found.whole[span], times, 1).astype(np.uint8)
        yield Digits(row, found.label[span], pixels if times == 1 else pixels * factors[:, None])
