"""Read digits from a CSV file, gzipped or not."""

import csv
import gzip
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from stages.common.errors import DigitsError
from stages.sources.columns import (
    INDEX_NAMES,
    Fault,
    Labelled,
    bounded,
    gather,
    is_numeric,
    parsed,
    wanted_columns,
)

GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_HEADER = 1 << 20  # bytes; 785 names take 8 kB


def read(path: Path) -> Labelled:
    """Return the digits of a CSV file whose columns are found by name.

    Raises DigitsError with the file, the line as an editor counts it, the column, the value
    found and what was expected.
    """
    names = _header(path)
    wanted = wanted_columns(path, names)
    if names[0] in INDEX_NAMES:
        print(f"{path}: the first column, an index, is left out", file=sys.stderr)
    found = _read_numbers(path, names, wanted)
    if isinstance(found, Fault):
        found = _read_text(path, names, wanted)
    if isinstance(found, Fault):
        raise DigitsError(
            f"{path}: line {found.row + 2}, column {found.column}: "
            f"{found.value}; expected {found.expected}"
        )
    if len(found.label) == 0:
        raise DigitsError(f"{path}: no row after the header; expected digits")
    return found


def _open(path: Path) -> IO[bytes]:
    """Open a file, unpacking it if it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _header(path: Path) -> list[str]:
    """Return the column names in the first line of a CSV file."""
    try:
        with _open(path) as file:
            line = file.readline(_LONGEST_HEADER)
    except (OSError, EOFError, zlib.error) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error
    if not line.strip():
        raise DigitsError(f"{path}: {'its first line' if line else 'the file'} is empty")
    if line.startswith(_UTF16_MARKS) or b"\0" in line:
        raise DigitsError(f"{path}: not UTF-8 text (UTF-16?); expected a CSV file in UTF-8")
    try:
        (names,) = csv.reader([line.decode("utf-8-sig")], strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise DigitsError(f"{path}: line 1 is no CSV header in UTF-8: {error}") from error
    _refuse_strange_header(path, names)
    return names


def _refuse_strange_header(path: Path, names: Sequence[str]) -> None:
    """Raise DigitsError for two common mistakes, which the list of missing names would hide."""
    if len(names) == 1 and max(names[0].count(mark) for mark in ";\t") > 700:
        raise DigitsError(f"{path}: its columns are not separated by commas; expected commas")
    if all(is_numeric(name) for name in names):
        raise DigitsError(
            f"{path}: line 1 holds numbers; expected a header: label,pixel0,…,pixel783"
        )


def _read_numbers(path: Path, names: list[str], wanted: tuple[str, ...]) -> Labelled | Fault:
    """Read cells as uint8: quick, but what is wrong is told only roughly."""
    somewhere = Fault(0, wanted[0], "unknown", "digits")
    try:
        table = _read_table(path, names, wanted, pa.uint8())
    except (pa.ArrowException, OSError, EOFError, zlib.error):
        return somewhere
    if any(column.null_count for column in table.columns):
        return somewhere
    return gather(wanted, [bounded(*pair) for pair in zip(wanted, table.columns, strict=True)])


def _read_text(path: Path, names: list[str], wanted: tuple[str, ...]) -> Labelled | Fault:
    """Read cells as text and parse each: slower, and says which cell is wrong."""
    try:
        table = _read_table(path, names, wanted, pa.string())
    except pa.ArrowInvalid as error:
        raise DigitsError(f"{path}: {_line_of_ragged_row(path, names) or error}") from error
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error
    return gather(wanted, [parsed(*pair) for pair in zip(wanted, table.columns, strict=True)])


def _read_table(
    path: Path, names: list[str], wanted: tuple[str, ...], cell_type: pa.DataType
) -> pa.Table:
    """Return the wanted columns of a CSV file, every cell of one type."""
    with _open(path) as file:
        return arrow_csv.read_csv(
            file,
            arrow_csv.ReadOptions(column_names=names, skip_rows=1),
            # A quote is no part of a number; without quoting a line is always a row.
            arrow_csv.ParseOptions(quote_char=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, cell_type),
                include_columns=list(wanted),
                strings_can_be_null=False,
            ),
        )


def _line_of_ragged_row(path: Path, names: Sequence[str]) -> str | None:
    """Say which line has more or fewer cells than the header, or return None."""
    with _open(path) as file:
        for number, line in enumerate(file, start=1):
            cells = line.count(b",") + 1
            if cells != len(names) and line.strip():
                return f"line {number} has {cells} cells; expected {len(names)}"
    return None
