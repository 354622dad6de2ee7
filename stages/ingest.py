"""Read the source of digits, whatever its form, into one table.

In: the file or folder that ingest.source names. Out: data/digits.parquet.
"""

import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from stages.common import params
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.progress import bar
from stages.sources import source
from stages.sources.columns import Labelled, Part
from stages.sources.remarks import remarks
from stages.sources.settling import Settling, refuse_no_table

PARAMS = {
    "ingest": {
        "source": {"type": "string", "minLength": 1},
        "highest": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 65535},
    }
}


def read_source(path: Path, highest: float | None = None) -> Labelled:
    """Return the digits of a source in any form; `highest` as in ingest.highest.

    Raises DigitsError for a source that is missing, cannot be read, could be meant in two ways,
    or holds anything but digits.
    """
    return source.read(path, highest)[0]


def _told(parts: Iterator[Part]) -> Generator[Part, None, None]:
    """Yield the parts of a source, and show how far the reading is."""
    announced = 0
    with bar("ingest", None) as told:
        for part in parts:
            yield part
            announced += part.announced
            told.total = announced or None
            told.update(len(part.label))


def _numbered(parts: Iterable[Labelled]) -> Iterator[Digits]:
    """Yield parts of the source with the positions of their images in it."""
    start = 0
    for part in parts:
        row = np.arange(start, start := start + len(part.label), dtype=np.int32)
        yield Digits(row, part.label, part.pixels)


def _said(path: Path, whole: Settling) -> list[str]:
    """Return what is to be said of a source that has passed, a line each.

    Raises DigitsError, naming it, for blank images alone.
    """
    try:
        odd = remarks(whole.shown, whole.times)
    except DigitsError as error:
        raise DigitsError(f"{path}: {error}") from error
    said = [f"note: {path}: {note}" for note in whole.notes]
    return [*said, *(f"warning: {path}: {remark}" for remark in odd)]


def ingest(path: Path, highest: float | None) -> list[str]:
    """Write the table of the digits of a source; return what is to be said of it, a line each."""
    whole = Settling(str(path), highest, partial(refuse_no_table, digits.DIGITS))
    said: list[str] = []

    def rows(parts: Iterable[Part]) -> Iterator[Digits]:
        yield from _numbered(whole.digits(parts, digits.DIGITS))
        said.extend(_said(path, whole))  # what it refuses must not become a table

    with closing(_told(source.parts(path, highest))) as parts:
        digits.write_pieces(digits.DIGITS, rows(parts))
    return said


def main() -> None:
    """Run the stage."""
    settings = params.load("ingest")
    # Said once the table is there: an error would stand in one line.
    for line in ingest(Path(settings["source"]), settings["highest"]):
        print(f"ingest: {line}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
