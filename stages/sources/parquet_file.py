"""Read digits from a Parquet file: a column a pixel, or a column of images."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.errors import DigitsError
from stages.sources import columns, ends, image_column, names, parquet_footer, parquet_pages, table
from stages.sources.columns import Part, told
from stages.sources.names import Layout
from stages.sources.unpacked import Input, seekable

_BATCH_ROWS = 2048  # bounds the memory, for a file's numbers may be eight times as wide as a byte;
_BATCH_BYTES = 32 << 20  # for pictures, this does
_MOST_FOOTER = 4 << 20  # of which pyarrow makes eleven times as much; a group takes 66 kB


class Form(NamedTuple):
    """How a file is to be read: its columns' names, those that are meant, and what full ink is."""

    names: list[str]
    layout: Layout
    highest: float | None

    @property
    def wanted(self) -> list[str]:
        """The names of the columns that are read, the label first."""
        return [self.names[place] for place in (self.layout.label, *self.layout.pixels)]


class Opened(NamedTuple):
    """A Parquet file to be read some rows at a time.

    name: what messages call it. content: its bytes. schema: its columns. rows: how many it says it
    has. What is wrong with it is a ValueError, or one of pyarrow's.
    """

    name: str
    content: IO[bytes]
    schema: pa.Schema
    rows: int

    def batches(self, wanted: list[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns, some rows at a time, in order."""
        rows = 0
        for file in _files(self.content):
            most = _batch_rows(file)
            for batch in parquet_pages.batches(self.name, self.content, file, wanted, most):
                rows += len(batch)
                yield batch
        if rows != self.rows:
            raise ValueError(f"it says that it has {self.rows:,} rows, but {rows:,} are there")


@contextmanager
def opened(source: Input) -> Iterator[Opened]:
    """Open a Parquet file, of which no more is held than pages, and some of what its end says."""
    with seekable(source) as content:
        first = next(_files(content))
        yield Opened(source.name, content, first.schema_arrow, first.metadata.num_rows)


def _files(content: IO[bytes]) -> Iterator[pq.ParquetFile]:
    """Yield an open file as pyarrow reads it: anew, or in parts of some of its groups of rows.

    In parts, one after the other, where it has very many of them.
    """
    few = parquet_footer.size_of(content) <= _MOST_FOOTER
    whole = pa.py_buffer(mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ))
    for footer in [None] if few else parquet_footer.parts(content, _MOST_FOOTER):
        some = footer and pq.read_metadata(pa.BufferReader(footer))
        yield pq.ParquetFile(pa.BufferReader(whole), metadata=some, pre_buffer=False)


def _batch_rows(file: pq.ParquetFile) -> int:
    """Return how many rows of a file are held at once, by how wide those of a group are."""
    groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
    widest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=1)
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(widest, 1)))


def read(source: Input, highest: float | None) -> Iterator[Part]:
    """Yield the digits of a Parquet file.

    Raises DigitsError with the file, the row (the first is 1), the column, the value found
    and what was expected.
    """
    try:
        with opened(source) as file:
            yield from _read_open(source.name, file, highest)
    except DigitsError as error:
        if str(error).startswith("cannot read"):
            raise DigitsError(f"{error}; expected a Parquet file") from error
        raise


def _read_open(name: str, file: Opened, highest: float | None) -> Iterator[Part]:
    """Yield the digits of an open file."""
    schema = file.schema
    form = Form(schema.names, _layout(name, file), highest)
    for column in form.wanted if len(form.wanted) > 2 else form.wanted[:1]:
        columns.refuse_type(name, column, schema.field(column).type)
    yield told(form.layout.notes, file.rows)
    above = 0
    for batch in file.batches(form.wanted):
        cells = pa.Table.from_batches([batch]).select(form.wanted)
        yield _read_batch(name, above, cells, form)
        above += len(batch)


def _layout(name: str, file: Opened) -> Layout:
    """Return which columns are meant: by their types, their names, or what they hold."""
    schema = file.schema
    images = image_column.layout(name, schema)
    if images is not None:
        return images
    found = names.layout(name, schema.names)
    if isinstance(found, Layout):
        return found
    both = [schema.names[found.places[end]] for end in (0, -1)]
    for column in both:
        columns.refuse_type(name, column, schema.field(column).type)
    seen: list[set[float]] = [set(), set()]
    for batch in file.batches(both):
        for values, column in zip(seen, both, strict=True):
            ends.add(values, columns.plain(pa.chunked_array([batch.column(column)])))
    return names.decided(found, ends.label_is_first(name, *seen))


def _read_batch(name: str, above: int, cells: pa.Table, form: Form) -> Part:
    """Return the digits of some rows, which follow `above` others, or raise DigitsError."""
    label, *pixels = cells.columns
    found = columns.labels(form.wanted[0], columns.plain(label))
    if len(pixels) == 1:
        images = image_column.pixels(form.wanted[1], pixels[0], form.highest)
    else:
        images = table.of_columns(form.wanted[1:], [*map(columns.plain, pixels)], form.highest)
    return table.part(found, images, lambda row: f"{name}: row {above + row + 1}")
