"""Read digits from a CSV file, gzipped or not, some megabytes at a time."""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from stages.common.artifacts.digits import to_matrix
from stages.common.errors import DigitsError
from stages.sources.columns import (
    HIGHEST_LABEL,
    INDEX_NAMES,
    Fault,
    Labelled,
    bounded,
    gather,
    is_numeric,
    joined,
    parsed,
    wanted_columns,
)
from stages.sources.unpacked import first_line, pieces, refuse_damaged, refuse_too_many

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_LINE = 1 << 20  # bytes; a row of 785 cells takes 4 kB at most, a header 8 kB


class Columns(NamedTuple):
    """The columns that a file has, in its order, and those that are wanted, label first."""

    present: Sequence[str]
    wanted: Sequence[str]


class Block(NamedTuple):
    """Some whole lines of a file, and the number of the first as an editor counts."""

    number: int
    text: bytes


def read(path: Path) -> Labelled:
    """Return the digits of a CSV file whose columns are found by name.

    Raises DigitsError with the file, the line as an editor counts it, the column, the value
    found and what was expected.
    """
    try:
        names = _header(path)
        digits = _read_rows(path, Columns(names, wanted_columns(f"{path}: line 1", names)))
    except DigitsError:
        refuse_damaged(path)  # a cell that a damaged file shows is none to be mended
        raise
    if names[0] in INDEX_NAMES:
        print(f"note: {path}: its first column, an index, is left out", file=sys.stderr)
    return digits


def _read_rows(path: Path, columns: Columns) -> Labelled:
    """Return the digits of all lines after the header, or raise DigitsError."""
    parts: list[Labelled] = []
    for block in _blocks(path):
        parts.append(_read_block(path, block, columns))
        refuse_too_many(path, sum(len(part.label) for part in parts))
    if not any(len(part.label) for part in parts):
        raise DigitsError(f"{path}: no row after the header in line 1; expected digits")
    return joined(parts)


def _header(path: Path) -> list[str]:
    """Return the column names in the first line of a CSV file."""
    line = first_line(path, _LONGEST_LINE)
    if line.startswith(_UTF16_MARKS) or b"\0" in line:
        raise DigitsError(
            f"{path}: line 1 is not UTF-8 text (UTF-16, or binary?); expected a CSV file in UTF-8"
        )
    if not line.removeprefix(b"\xef\xbb\xbf").strip():
        found = "line 1" if line else "the file"
        raise DigitsError(f"{path}: {found} is empty; expected a header: label,pixel0,…,pixel783")
    if b"\r" in line.rstrip(b"\r\n"):
        raise DigitsError(f"{path}: its lines end in CR alone; expected LF or CRLF")
    if len(line) == _LONGEST_LINE:
        raise _too_long(path, 1)
    try:
        (names,) = csv.reader([line.decode("utf-8-sig")], strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise DigitsError(f"{path}: line 1 is no CSV header in UTF-8: {error}") from error
    stripped = [name.strip() for name in names]
    _refuse_strange_header(path, stripped)
    return stripped


def _refuse_strange_header(path: Path, names: Sequence[str]) -> None:
    """Raise DigitsError for two common mistakes, which the list of missing names would hide."""
    if len(names) == 1 and max(names[0].count(mark) for mark in ";\t|") > 1:
        raise DigitsError(
            f"{path}: line 1 is not separated by commas: {names[0][:30]!r}…; expected commas"
        )
    if all(is_numeric(name) for name in names):
        raise DigitsError(
            f"{path}: line 1 holds numbers: {','.join(names)[:30]!r}…; "
            f"expected a header: label,pixel0,…,pixel783"
        )


def _too_long(path: Path, number: int) -> DigitsError:
    """Return the error for a line that nobody would call a row."""
    return DigitsError(
        f"{path}: line {number} is longer than {_LONGEST_LINE:,} bytes; expected 785 cells"
    )


def _blocks(path: Path) -> Iterator[Block]:
    """Yield the lines after the header, some megabytes at a time."""
    number, rest, header = 1, b"", True
    for piece in pieces(path):
        cut = piece.rfind(b"\n") + 1
        whole, left = (rest + piece[:cut], piece[cut:]) if cut else (b"", rest + piece)
        if len(left) > _LONGEST_LINE:
            raise _too_long(path, number + whole.count(b"\n"))
        start = whole.find(b"\n") + 1 if header else 0
        if whole:
            yield Block(number + header, whole[start:])
            header = False
        number, rest = number + whole.count(b"\n"), left
    if rest and not header:
        yield Block(number, rest)


def _read_block(path: Path, block: Block, columns: Columns) -> Labelled:
    """Return the digits of some lines: the quick ways first, the one that explains last."""
    if not block.text.strip():
        return joined([])
    plain = block.text.count(b"\r") == block.text.count(b"\r\n")
    # Arrow would take 0x1F for a number.
    if plain and b"x" not in block.text and b"X" not in block.text:
        for cell_type in (pa.uint8(), pa.float64()):
            found = _read_numbers(block.text, columns, cell_type)
            if found is not None:
                return found
    return _read_text(path, block, columns)


def _read_numbers(text: bytes, columns: Columns, cell_type: pa.DataType) -> Labelled | None:
    """Return the digits of lines whose cells are all of a number type and allowed, or None."""
    try:
        table = _table(text, columns, cell_type)
    except pa.ArrowException:
        return None
    if any(column.null_count for column in table.columns):
        return None
    if cell_type == pa.uint8():
        cells = to_matrix(table)
        label = np.ascontiguousarray(cells[:, 0])
        return Labelled(label, cells[:, 1:]) if label.max() <= HIGHEST_LABEL else None
    pairs = zip(columns.wanted, table.columns, strict=True)
    found = gather(columns.wanted, [bounded(*pair) for pair in pairs])
    return None if isinstance(found, Fault) else found


def _read_text(path: Path, block: Block, columns: Columns) -> Labelled:
    """Return the digits of lines read as text, or raise DigitsError for the first wrong cell."""
    lines = [
        (number, line.decode("utf-8", "replace").removesuffix("\r"))
        for number, line in enumerate(block.text.split(b"\n"), block.number)
        if line.strip()
    ]
    faults = ((number, _ill_formed(line, len(columns.present))) for number, line in lines)
    ill, reason = next(((number, why) for number, why in faults if why), (None, ""))
    # A wrong cell above the first ragged line comes first.
    sound = [(number, line) for number, line in lines if ill is None or number < ill]
    cells = _cells([line for _, line in sound], columns)
    if isinstance(cells, Fault):
        raise DigitsError(
            f"{path}: line {sound[cells.row][0]}, column {cells.column}: "
            f"{cells.value}; expected {cells.expected}"
        )
    if ill is not None:
        raise DigitsError(f"{path}: line {ill} {reason}")
    return cells


def _ill_formed(line: str, cells: int) -> str | None:
    """Say why a line is no row of so many cells, or return None."""
    found = line.count(",") + 1
    if found != cells:
        return f"has {found} cells; expected {cells}, as the header has"
    return "has a carriage return in its middle; expected one row a line" if "\r" in line else None


def _cells(lines: Sequence[str], columns: Columns) -> Labelled | Fault:
    """Return the digits of rows of text, or the first cell that is not allowed."""
    if not lines:
        return joined([])
    # A leading mark would be taken for the file's, and a NUL for the end of a text.
    text = "\n".join(lines).replace("\ufeff", "\ufffd").replace("\0", "\ufffd")
    table = _table(text.encode(), columns, pa.string())
    pairs = zip(columns.wanted, table.columns, strict=True)
    return gather(columns.wanted, [parsed(*pair) for pair in pairs])


def _table(text: bytes, columns: Columns, cell_type: pa.DataType) -> pa.Table:
    """Return the wanted columns of some lines, every cell of one type."""
    return arrow_csv.read_csv(
        pa.BufferReader(text),
        arrow_csv.ReadOptions(column_names=list(columns.present), block_size=len(text) + 1),
        # A quote is no part of a number; without quoting a line is always a row.
        arrow_csv.ParseOptions(quote_char=False),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns.present, cell_type),
            include_columns=list(columns.wanted),
            strings_can_be_null=False,
        ),
    )
