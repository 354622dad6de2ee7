"""Read the source of digits, whatever its form, into one table.

In: the file or folder that ingest.source names. Out: data/digits.parquet.
"""

from pathlib import Path

import numpy as np

from stages.common import params
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.sources import csv_file, idx_folder, parquet_file
from stages.sources.columns import Labelled

PARAMS = {
    "ingest": {
        "source": {"type": "string", "minLength": 1},
    }
}


def read_source(path: Path) -> Labelled:
    """Return the digits of a source: a folder of IDX files, or a Parquet or CSV file.

    A file's first bytes tell what it is, not its name. Raises DigitsError for a source that
    is missing, cannot be read, or holds anything but digits.
    """
    try:
        if path.is_dir():
            return idx_folder.read(path)
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError as error:
        raise DigitsError(f"ingest.source {path} does not exist") from error
    except (OSError, ValueError) as error:
        raise DigitsError(f"cannot read ingest.source {path}: {error}") from error
    return parquet_file.read(path) if start == parquet_file.MAGIC else csv_file.read(path)


def main() -> None:
    """Run the stage."""
    source = read_source(Path(params.load("ingest")["source"]))
    row = np.arange(len(source.label), dtype=np.int32)
    digits.write(digits.DIGITS, Digits(row, source.label, source.pixels))


if __name__ == "__main__":
    run_stage(main, __doc__)
