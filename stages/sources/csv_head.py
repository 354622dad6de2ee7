"""The first lines of a CSV file: how its cells are separated, and what its columns are called."""

import csv
from collections.abc import Sequence
from typing import NamedTuple

from stages.common.errors import DigitsError
from stages.sources.columns import is_number
from stages.sources.unpacked import Input, pieces

LONGEST_LINE = 1 << 20  # bytes; a row of 785 cells takes 4 kB at most, a header 8 kB
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MARK = b"\xef\xbb\xbf"
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}


class Head(NamedTuple):
    """How a file begins.

    separator: between cells. names: of the columns, in the file's order; where it has no
    header, they count from 1. header: whether its first line is one. notes: what is unusual.
    """

    separator: str
    names: list[str]
    header: bool
    notes: list[str]


def read_head(source: Input, *cells: int) -> Head:
    """Return how a CSV file begins; raises DigitsError for a first line that is no row of text.

    cells: how many a row may have, where no header names them.
    """
    first, *rows = _first_lines(source)
    _refuse_no_text(source.name, first)
    try:
        text = first.removeprefix(_MARK).decode().rstrip("\r\n")
        separator = _separator(text)
        names = cells_of(text, separator)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DigitsError(f"{source.name}: line 1 is no CSV header in UTF-8: {error}") from error
    notes = [] if separator == "," else [f"its cells are separated by {_SEPARATORS[separator]}"]
    if all(map(is_number, names)) and not _counts(names):
        _refuse_without_header(source.name, text, names, cells)
        counted = [str(place + 1) for place in range(len(names))]
        return Head(separator, counted, False, ["it has no header", *notes])
    names[0] = names[0].removeprefix("#").strip()  # as NumPy writes a header
    if rows and all(_has_row_name(names, row, separator) for row in rows):
        names = ["", *names]  # as R writes one
    return Head(separator, names, True, notes)


def cells_of(line: str, separator: str) -> list[str]:
    """Return the cells of a line, without the spaces around them; raises csv.Error."""
    (cells,) = csv.reader([line], delimiter=separator, strict=True)
    return [cell.strip() for cell in cells]


def _first_lines(source: Input) -> list[bytes]:
    """Return the first line of a file, with its end, and one or two of those after it."""
    start = b""
    for piece in pieces(source):
        start += piece
        if start.count(b"\n") > 2 or len(start) > 3 * LONGEST_LINE:
            break
    first, end, rest = start.partition(b"\n")
    if len(first) >= LONGEST_LINE:
        _refuse_no_text(source.name, first)  # what else is wrong with it tells more
        raise too_long(source.name, 1)
    return [first + end, *(line[:LONGEST_LINE] for line in rest.split(b"\n", 2)[:2] if line)]


def too_long(name: str, number: int) -> DigitsError:
    """Return the error for a line that nobody would call a row."""
    return DigitsError(
        f"{name}: line {number} is longer than {LONGEST_LINE:,} bytes; expected 785 cells"
    )


def too_empty(name: str, number: int) -> DigitsError:
    """Return the error for so much empty space that nobody would call it a gap between rows."""
    return DigitsError(
        f"{name}: from line {number} on, more than {LONGEST_LINE:,} bytes hold no row; "
        f"expected 785 cells a line"
    )


def _refuse_no_text(name: str, line: bytes) -> None:
    """Raise DigitsError for a first line that is none of UTF-8 text, or empty."""
    if line.startswith(_UTF16_MARKS) or b"\0" in line:
        raise DigitsError(
            f"{name}: line 1 is not UTF-8 text (UTF-16, or binary?); expected a CSV file in UTF-8"
        )
    if not line.removeprefix(_MARK).strip():
        found = "line 1" if line else "the file"
        raise DigitsError(f"{name}: {found} is empty; expected a header: label,pixel0,…,pixel783")
    if b"\r" in line.rstrip(b"\r\n"):
        raise DigitsError(f"{name}: its lines end in CR alone; expected LF or CRLF")


def _separator(line: str) -> str:
    """Return what separates the cells of a line: what is most often in it, spaces if nothing is."""
    counts = {mark: line.count(mark) for mark in _SEPARATORS if mark != " "}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] or line.strip().count(" ") < 700 else " "


def _counts(names: Sequence[str]) -> bool:
    """Tell whether names count from 0 or 1 without a gap, in any order, as pandas' own do."""
    if len(names) < 784 or not all(name.isdecimal() and name.isascii() for name in names):
        return False
    numbers = sorted(map(int, names))
    return numbers[0] in (0, 1) and numbers == [*range(numbers[0], numbers[0] + len(names))]


def _refuse_without_header(
    name: str, text: str, names: Sequence[str], cells: Sequence[int]
) -> None:
    """Raise DigitsError for a file without a header that has not so many cells in a row."""
    if len(names) not in cells:
        what = "784 pixels and no label" if len(names) == 784 else f"{len(names)} cells"
        expected = " or ".join(map(str, cells))
        raise DigitsError(
            f"{name}: line 1 holds numbers: {text[:30]!r}…, {what}; expected {expected} cells a "
            f"line, or a header: label,pixel0,…,pixel783"
        )


def _has_row_name(names: Sequence[str], line: bytes, separator: str) -> bool:
    """Tell whether a row has one cell more than the header, in front: quoted, or 1 or 2."""
    try:
        row = cells_of(line.decode().rstrip("\r"), separator)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return False
    return (
        len(row) == len(names) + 1
        and (line.startswith(b'"') or row[0] in ("1", "2"))
        and row[-1] != ""
    )
