"""Read digits from a CSV file, some megabytes at a time."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from stages.common.artifacts.digits import PIXELS, to_matrix
from stages.common.errors import DigitsError
from stages.sources import columns, ends, names, scale, table
from stages.sources.columns import HIGHEST_LABEL, Fault, Part, told
from stages.sources.csv_head import LONGEST_LINE, Head, cells_of, read_head, too_empty, too_long
from stages.sources.names import Layout
from stages.sources.unpacked import Input, pieces, reading, refuse_damaged


class Form(NamedTuple):
    """How a file is to be read: its cells, its columns, and what full ink is, if that is said."""

    head: Head
    layout: Layout
    highest: float | None

    @property
    def wanted(self) -> list[int]:
        """The places of the columns that are read, the label first."""
        return [self.layout.label, *self.layout.pixels]


class Block(NamedTuple):
    """Some whole lines of a file, and the number of the first as an editor counts."""

    number: int
    text: bytes


def read(source: Input, highest: float | None) -> Iterator[Part]:
    """Yield the digits of a CSV file, whose columns are found by name or by what they hold.

    Raises DigitsError with the file, the line as an editor counts it, the column, the value
    found and what was expected.
    """
    try:
        head = read_head(source, len(PIXELS) + 1)
        layout = _layout(source, head)
        yield told([*head.notes, *layout.notes])
        yield from _read_rows(source, Form(head, layout, highest))
    except DigitsError:
        refuse_damaged(source)  # a cell that a damaged file shows is none to be mended
        raise


def _layout(source: Input, head: Head) -> Layout:
    """Return which columns are meant; where the names do not tell, what they hold does."""
    where = f"{source.name}: line 1"
    found = names.layout(where, head.names)
    if isinstance(found, Layout):
        return found
    first, last = _values_at(source, head, [found.places[0], found.places[-1]])
    return names.decided(found, ends.label_is_first(source.name, first, last))


def _values_at(source: Input, head: Head, places: list[int]) -> list[set[float]]:
    """Return the distinct values of some columns, as far as the rows are sound."""
    seen: list[set[float]] = [set() for _ in places]
    for block in blocks(source, head.header):
        try:
            cells = cells_in(
                bare(block.text, head.separator), head, places, [pa.string()] * len(places)
            )
        except pa.ArrowException:
            break  # whatever is wrong is told when the rows are read
        for values, column in zip(seen, cells.columns, strict=True):
            ends.add(values, column)
    return seen


def _read_rows(source: Input, form: Form) -> Iterator[Part]:
    """Yield the digits of all lines after the header; the first tell about how many there are."""
    announced = False
    for block in blocks(source, form.head.header):
        part = _read_block(source.name, block, form)
        about = 0 if announced else _size(source) * len(part.label) // max(len(block.text), 1)
        announced = announced or about > 0
        yield replace(part, announced=about)


def _size(source: Input) -> int:
    """Return how many bytes a file has, 0 where only unpacking it tells."""
    if not source.seekable:
        return 0
    with reading(source.name), source.open() as file:
        return file.seek(0, 2)


def blocks(source: Input, header: bool) -> Iterator[Block]:
    """Yield the lines after the header, if there is one, some megabytes at a time.

    Raises DigitsError for a line, or a gap between lines, that goes on and on.
    """
    number, rest = 1, b""
    for piece in pieces(source):
        cut = piece.rfind(b"\n") + 1
        whole, left = (rest + piece[:cut], piece[cut:]) if cut else (b"", rest + piece)
        if len(left) > LONGEST_LINE:
            raise too_long(source.name, number + whole.count(b"\n"))
        if len(whole) > LONGEST_LINE and not whole[-LONGEST_LINE:].strip():
            raise too_empty(source.name, number + whole.rstrip().count(b"\n") + 1)
        start = whole.find(b"\n") + 1 if header else 0
        if whole:
            yield Block(number + header, whole[start:])
            header = False
        number, rest = number + whole.count(b"\n"), left
    if rest and not header:
        yield Block(number, rest)


def bare(text: bytes, separator: str) -> bytes:
    """Return lines with decimal points, also where commas stand for them between semicolons."""
    return text.replace(b",", b".") if separator == ";" else text


def _read_block(name: str, block: Block, form: Form) -> Part:
    """Return the digits of some lines: the quick ways first, the one that explains last."""
    text = bare(block.text, form.head.separator)
    if not text.strip():
        return told([])
    plain = text.count(b"\r") == text.count(b"\r\n")
    # Arrow would take 0x1F for a number.
    if plain and b"x" not in text and b"X" not in text:
        found = _read_whole(text, form)
        for pixel_type in (pa.float64(), pa.bool_()):
            found = found or _read_numbers(name, Block(block.number, text), form, pixel_type)
        if found is not None:
            return found
    return _read_text(name, Block(block.number, text), form)


def _read_whole(text: bytes, form: Form) -> Part | None:
    """Return the digits of lines whose cells are all whole numbers that are allowed, or None."""
    try:
        cells = cells_in(text, form.head, form.wanted, [pa.uint8()] * 785)
    except pa.ArrowException:
        return None
    if any(column.null_count for column in cells.columns):
        return None
    matrix = to_matrix(cells)
    label = np.ascontiguousarray(matrix[:, 0])
    pixels = scale.whole(matrix[:, 1:], form.highest)
    return Part(label, pixels) if label.max() <= HIGHEST_LABEL and pixels is not None else None


def _read_numbers(name: str, block: Block, form: Form, pixel_type: pa.DataType) -> Part | None:
    """Return the digits of lines whose cells are all of a type and allowed, or None."""
    try:
        cells = cells_in(block.text, form.head, form.wanted, [pa.float64(), *[pixel_type] * 784])
    except pa.ArrowException:
        return None
    label, pixels = _understood(cells, form)
    if isinstance(label, Fault) or isinstance(pixels, Fault):
        return None
    return table.part(label, pixels, lambda row: f"{name}: line {line_of(block, row)}")


def _understood(cells: pa.Table, form: Form) -> tuple[columns.Bytes | Fault, table.Pixels | Fault]:
    """Return the labels and the pixels in the wanted columns."""
    label, *pixels = [columns.plain(column) for column in cells.columns]
    label_name, *pixel_names = [form.head.names[place] for place in form.wanted]
    return (
        columns.labels(label_name, label),
        table.of_columns(pixel_names, pixels, form.highest),
    )


def line_of(block: Block, row: int) -> int:
    """Return the number of the line that holds a row of a block, blank lines being none."""
    lines = enumerate(block.text.split(b"\n"), block.number)
    return [number for number, line in lines if line.strip()][row]


def _read_text(name: str, block: Block, form: Form) -> Part:
    """Return the digits of lines read as text, or raise DigitsError for the first wrong cell."""
    lines = [
        (number, line.decode("utf-8", "replace").removesuffix("\r"))
        for number, line in enumerate(block.text.split(b"\n"), block.number)
        if line.strip()
    ]
    faults = ((number, _ill_formed(line, form.head)) for number, line in lines)
    ill, reason = next(((number, why) for number, why in faults if why), (None, ""))
    # A wrong cell above the first ragged line comes first.
    sound = [(number, line) for number, line in lines if ill is None or number < ill]
    found = told([])
    if sound:
        label, pixels = _understood(_texts([line for _, line in sound], form), form)
        found = table.part(label, pixels, lambda row: f"{name}: line {sound[row][0]}")
    if ill is not None:
        raise DigitsError(f"{name}: line {ill} {reason}")
    return found


def _ill_formed(line: str, head: Head) -> str | None:
    """Say why a line is no row of as many cells as the first line has, or return None."""
    try:
        quoted = '"' in line
        found = len(cells_of(line, head.separator)) if quoted else line.count(head.separator) + 1
    except (csv.Error, ValueError):
        return "has a quote that does not end; expected one row a line"
    if found != len(head.names):
        whose = "as the header has" if head.header else "as line 1 has"
        return f"has {found} cells; expected {len(head.names)}, {whose}"
    return "has a carriage return in its middle; expected one row a line" if "\r" in line else None


def _texts(lines: Sequence[str], form: Form) -> pa.Table:
    """Return the wanted columns of rows of text, as text."""
    # A leading mark would be taken for the file's, and a NUL for the end of a text.
    text = "\n".join(lines).replace("\ufeff", "\ufffd").replace("\0", "\ufffd")
    return cells_in(text.encode(), form.head, form.wanted, [pa.string()] * 785)


def cells_in(
    text: bytes, head: Head, places: Sequence[int], types: Sequence[pa.DataType]
) -> pa.Table:
    """Return some columns of some lines, by their places; raises ArrowException."""
    wanted = [str(place) for place in places]
    return arrow_csv.read_csv(
        pa.BufferReader(text),
        arrow_csv.ReadOptions(
            column_names=[str(place) for place in range(len(head.names))],
            block_size=len(text) + 1,
        ),
        # Without quoting a line is always a row.
        arrow_csv.ParseOptions(delimiter=head.separator, quote_char='"' if b'"' in text else False),
        arrow_csv.ConvertOptions(
            column_types=dict(zip(wanted, types, strict=True)),
            include_columns=wanted,
            strings_can_be_null=False,
        ),
    )
