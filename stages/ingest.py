"""Read the source of digits, whatever its form, into one table.

In: the file or folder that ingest.source names. Out: data/digits.parquet.
"""

import sys
from pathlib import Path

import numpy as np

from stages.common import params
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.sources import source
from stages.sources.columns import Labelled
from stages.sources.remarks import remarks

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


def _remarks(path: Path, found: Labelled) -> list[str]:
    """Return what is odd about a source; raises DigitsError, naming it, for blank images alone."""
    try:
        return remarks(found)
    except DigitsError as error:
        raise DigitsError(f"{path}: {error}") from error


def main() -> None:
    """Run the stage."""
    settings = params.load("ingest")
    path = Path(settings["source"])
    found, notes = source.read(path, settings["highest"])
    said = [f"warning: {path}: {remark}" for remark in _remarks(path, found)]
    row = np.arange(len(found.label), dtype=np.int32)
    digits.write(digits.DIGITS, Digits(row, found.label, found.pixels))
    # After the table is there: an error would stand in one line.
    for line in [*(f"note: {path}: {note}" for note in notes), *said]:
        print(f"ingest: {line}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
