"""The rows of a source on one scale, as soon as those so far have shown which it is."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np

from stages.common.artifacts.digits import PIXELS, ROW_BYTES
from stages.common.errors import DigitsError
from stages.common.pieces import GROUP_ROWS, MOST_ROWS, PIECE_ROWS, spans
from stages.common.scratch import COPY, refuse_no_room, scratch_file
from stages.sources.columns import Bytes, Labelled, Part
from stages.sources.scale import factor, factor_so_far, stretched
from stages.sources.seen import Seen, both, seen

_WIDE = len(PIXELS)


class Settling:
    """Brings the parts of a source to one scale.

    shown: what the rows so far show. notes: what was understood so far, each once. times: what
    pixels of parts without a fraction are multiplied by; once all rows have passed.
    """

    def __init__(
        self, name: str, highest: float | None, refuse: Callable[[int, int], None]
    ) -> None:
        """Take what messages call the source, and ingest.highest.

        refuse: is told how many rows there are, as far as is known, and how many have passed; it
        raises DigitsError where there is no room for the others.
        """
        self.shown, self.notes, self.times = Seen(), dict[str, None](), 1
        self._name, self._highest, self._refuse = name, highest, refuse
        self._announced = 0

    def digits(self, parts: Iterable[Part], beside: Path) -> Iterator[Labelled]:
        """Yield the digits of parts, in order; those of 0 and 1 alone wait in a file for others.

        Raises DigitsError, at the end too, where it is not plain what the numbers mean; and where
        there is no room for that file beside a path.
        """
        with scratch_file(beside) as file:
            labels: list[Bytes] = []
            for part in parts:
                self._hear(part)
                times = factor_so_far(self.shown, self._highest)
                if times is None:
                    file.write(np.ascontiguousarray(part.pixels).data)
                    labels.append(part.label)
                    continue
                if labels:
                    yield from _waiting(file, labels, times)
                    labels = []
                yield Labelled(part.label, stretched(part, times))
            self.times, notes = factor(self._name, self.shown, self._highest)
            self.notes |= dict.fromkeys(notes)
            yield from _waiting(file, labels, self.times)

    def _hear(self, part: Part) -> None:
        """Take note of what a part shows, and that there is room for what it announces."""
        self.notes |= dict.fromkeys(part.notes)
        self._announced += part.announced
        before, self.shown = self.shown.rows, both(self.shown, seen(part))
        self._refuse(max(self._announced, self.shown.rows), before)


def _waiting(file: IO[bytes], labels: list[Bytes], times: int) -> Iterator[Labelled]:
    """Yield the digits whose pixels were put into a file, multiplied."""
    file.seek(0)
    label = np.concatenate([np.empty(0, np.uint8), *labels])
    for span in spans(len(label), PIECE_ROWS):
        rows = len(label[span])
        pixels = np.frombuffer(file.read(rows * _WIDE), np.uint8).reshape(rows, _WIDE)
        yield Labelled(label[span], pixels * np.uint8(times))


def refuse_no_table(table: Path, rows: int, done: int) -> None:
    """Raise DigitsError where the table has no room, or is of more rows than can be numbered."""
    if rows > MOST_ROWS:
        raise DigitsError(f"the source has {rows:,} rows; expected at most {MOST_ROWS:,}")
    wanted = (rows - done + rows) * ROW_BYTES + min(rows, GROUP_ROWS) * _WIDE
    refuse_no_room(table, wanted, f"for it, beside it and {COPY}")
