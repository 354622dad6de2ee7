"""Read the source of digits, whatever its form, into one table.

In: the file or folder that ingest.source names. Out: data/digits.parquet.
"""

import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from stages.common import params
from stages.common.artifacts import digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.progress import bar, shown
from stages.common.scratch import scratch_file
from stages.sources import source
from stages.sources.columns import Labelled, Part
from stages.sources.gathered import Gathered, gather, pieces, refuse_no_table
from stages.sources.remarks import remarks
from stages.sources.scale import factor

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


def _remarks(path: Path, found: Gathered, times: int) -> list[str]:
    """Return what is odd about a source; raises DigitsError, naming it, for blank images alone."""
    try:
        return remarks(found.shown, times)
    except DigitsError as error:
        raise DigitsError(f"{path}: {error}") from error


def _told(parts: Iterator[Part]) -> Generator[Part, None, None]:
    """Yield the parts of a source, and show how far the reading is."""
    announced = 0
    with bar("ingest", None) as told:
        for part in parts:
            yield part
            announced += part.announced
            told.total = announced or None
            told.update(len(part.label))


def ingest(path: Path, highest: float | None) -> list[str]:
    """Write the table of the digits of a source; return what is to be said of it, a line each."""
    with scratch_file(digits.DIGITS) as file:
        with closing(_told(source.parts(path, highest))) as parts:
            found = gather(file, parts, partial(refuse_no_table, digits.DIGITS))
        times, notes = factor(str(path), found.shown, highest)
        odd = _remarks(path, found, times)
        rows = len(found.label)
        done = shown(pieces(file, found, times), "ingest", rows, lambda piece: len(piece.row))
        digits.write_pieces(digits.DIGITS, rows, done)
    said = [*(f"note: {path}: {note}" for note in [*found.notes, *notes])]
    return [*said, *(f"warning: {path}: {remark}" for remark in odd)]


def main() -> None:
    """Run the stage."""
    settings = params.load("ingest")
    # Said once the table is there: an error would stand in one line.
    for line in ingest(Path(settings["source"]), settings["highest"]):
        print(f"ingest: {line}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
