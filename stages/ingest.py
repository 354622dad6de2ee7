"""Read the source of digits, whatever its form, into one table.

In: the file or folder that ingest.source names. Out: data/digits.parquet.
"""

import stat
import sys
from pathlib import Path

import numpy as np

from stages.common import params
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.sources import csv_file, idx_folder, parquet_file
from stages.sources.columns import Labelled
from stages.sources.remarks import remarks

PARAMS = {
    "ingest": {
        "source": {"type": "string", "minLength": 1},
    }
}


# Kaggle's download is a zip archive; Excel's workbook is one as well.
_OTHER_KINDS = {
    b"PK": "a zip archive or an Excel workbook",
    b"BZh": "a bzip2 archive",
    b"\xfd7zX": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"ARRO": "an Arrow or Feather file",
    b"ORC": "an ORC file",
    b"PARE": "an encrypted Parquet file",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUM": "a NumPy array",
}


def read_source(path: Path) -> Labelled:
    """Return the digits of a source: a folder of IDX files, or a Parquet or CSV file.

    A file's first bytes tell what it is. Raises DigitsError for a source that is missing,
    cannot be read, or holds anything but digits.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return idx_folder.read(path)
        # A pipe would wait for ever, and /dev/zero never end.
        if not stat.S_ISREG(mode):
            raise DigitsError(f"ingest.source {path} is neither a file nor a folder")
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError as error:
        raise DigitsError(
            f"ingest.source {path} does not exist; expected a file or folder of digits"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DigitsError(f"cannot read ingest.source {path}: {reason}") from error
    if start == parquet_file.MAGIC:
        return parquet_file.read(path)
    _refuse_other_kinds(path, start)
    return csv_file.read(path)


def _refuse_other_kinds(path: Path, start: bytes) -> None:
    """Raise DigitsError for a file whose first bytes are known, or not those its name promises."""
    expected = "expected a CSV file, gzipped or not, a Parquet file, or a folder of IDX files"
    for magic, kind in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise DigitsError(f"ingest.source {path} is {kind}; {expected}")
    if path.suffix == ".parquet":
        raise DigitsError(
            f"ingest.source {path} is no Parquet file: it starts with {start!r}; "
            f"expected {parquet_file.MAGIC!r}"
        )


def _remarks(path: Path, source: Labelled) -> list[str]:
    """Return what is odd about a source; raises DigitsError, naming it, for blank images alone."""
    try:
        return remarks(source)
    except DigitsError as error:
        raise DigitsError(f"{path}: {error}") from error


def main() -> None:
    """Run the stage."""
    path = Path(params.load("ingest")["source"])
    source = read_source(path)
    said = _remarks(path, source)
    row = np.arange(len(source.label), dtype=np.int32)
    digits.write(digits.DIGITS, Digits(row, source.label, source.pixels))
    # After the table is there: an error would stand in one line.
    for remark in said:
        print(f"ingest: warning: {path}: {remark}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
