"""Read a Parquet file of which no more is held than so much of its pages, however large they are.

A page is unpacked as a whole, and of each column that is read one is open. Where those of all
columns are too much, a group's columns are copied to a scratch file, some at a time, in pieces.
"""

import mmap
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.progress import shown
from stages.sources import thrift
from stages.sources.unpacked import refuse_to_unpack

_MOST = 128 << 20  # bytes of open pages, unpacked
_MOST_ALONE = 288 << 20  # of one column
_MOST_TEXTS = 64 << 20  # bytes, of texts or pictures that are read at once
_LONGEST_LIST = 8192  # numbers, in the mean; an image has 784
_KIND, _UNPACKED, _PACKED = 1, 2, 3  # the numbers of the fields of a page's header
_PACKING = pa.ipc.IpcWriteOptions(compression="lz4")


def batches(
    name: str, content: IO[bytes], file: pq.ParquetFile, wanted: Sequence[str], rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield some columns of a file, open twice, at most so many rows at a time, in order.

    Raises ValueError for a page or lists that are too large, and DigitsError, with the file's name,
    where the disk has no room for a copy.
    """
    _refuse_long_lists(file, wanted)
    rows = max(1, min(rows, _MOST_TEXTS // _longest(content, file, wanted)))
    turns = _turns(_held(content, file.metadata, wanted))
    if len(turns) < 2:
        yield from file.iter_batches(rows, columns=wanted)
        return
    for group in range(file.num_row_groups):
        with tempfile.TemporaryFile() as aside:
            bounds = [0]
            for turn in turns:
                _put_aside(name, aside, file, group, turn, rows)
                bounds.append(aside.tell())
            yield from _side_by_side(aside, bounds)


def _refuse_long_lists(file: pq.ParquetFile, wanted: Sequence[str]) -> None:
    """Raise ValueError for lists of very many numbers, which may be a few bytes in the file."""
    lists = [name for name in wanted if file.schema_arrow.field(name).type.num_fields]
    for name, rows, column in _columns(file.metadata, lists):
        many = column.num_values // max(rows, 1)
        if many > _LONGEST_LIST:
            raise ValueError(f"its column {name[:40]} has {many:,} numbers a row; expected 784")


def _longest(content: IO[bytes], file: pq.ParquetFile, wanted: Sequence[str]) -> int:
    """Return how many bytes a text or picture may have that is told by its place in a dictionary.

    There each row may be the same large one.
    """
    numbers = (pa.types.is_integer, pa.types.is_floating)
    types = {name: file.schema_arrow.field(name).type for name in wanted}
    texts = {name for name in wanted if not any(are(types[name]) for are in numbers)}
    with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return max(
            (
                _page(whole, column.dictionary_page_offset)[1]
                for _, _, column in _columns(file.metadata, texts)
                if column.physical_type == "BYTE_ARRAY" and column.has_dictionary_page
            ),
            default=1,
        )


def _put_aside(
    name: str, aside: IO[bytes], file: pq.ParquetFile, group: int, turn: Sequence[str], rows: int
) -> None:
    """Add some columns of a group to a file, as a stream of Arrow's."""
    schema = pa.schema([file.schema_arrow.field(column) for column in turn])
    told = file.iter_batches(rows, [group], turn)
    with pa.ipc.new_stream(aside, schema, options=_PACKING) as stream:
        for batch in shown(told, "unpack", file.metadata.row_group(group).num_rows, len):
            refuse_to_unpack(name, aside.tell(), batch.nbytes)
            stream.write_batch(batch.select(turn))


def _side_by_side(aside: IO[bytes], bounds: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Yield the columns of the streams in a file together."""
    aside.flush()
    whole = pa.py_buffer(mmap.mmap(aside.fileno(), 0, access=mmap.ACCESS_READ))
    streams = [pa.ipc.open_stream(whole[start:end]) for start, end in pairwise(bounds)]
    for some in zip(*streams, strict=True):
        schema = pa.schema([field for one in some for field in one.schema])
        yield pa.record_batch([column for one in some for column in one.columns], schema)


def _held(content: IO[bytes], metadata: pq.FileMetaData, wanted: Sequence[str]) -> dict[str, int]:
    """Return how many bytes are held at most of each column while it is read; few are 0."""
    held = dict.fromkeys(wanted, 0)
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        for group in (group for group in groups if group.total_byte_size > _MOST):
            found = Counter[str]()
            for name, column in _columns_of(group, held):
                found[name] += _largest(whole, column)
            held = {name: max(size, found[name]) for name, size in held.items()}
    return held


def _columns(
    metadata: pq.FileMetaData, wanted: Collection[str]
) -> Iterator[tuple[str, int, pq.ColumnChunkMetaData]]:
    """Yield what is said of the columns wanted in each group: which it is, and of how many rows."""
    for group in map(metadata.row_group, range(metadata.num_row_groups if wanted else 0)):
        for name, column in _columns_of(group, wanted):
            yield name, group.num_rows, column


def _columns_of(
    group: pq.RowGroupMetaData, wanted: Collection[str]
) -> Iterator[tuple[str, pq.ColumnChunkMetaData]]:
    """Yield what is said of the columns wanted in a group; of a struct, of each of its fields."""
    for column in map(group.column, range(group.num_columns)):
        owner = _owner(column.path_in_schema, wanted)
        if owner is not None:
            yield owner, column


def _owner(path: str, wanted: Collection[str]) -> str | None:
    """Return which of the columns wanted a path in a file's schema is in, None for others."""
    if path in wanted:
        return path
    return next((name for name in wanted if path.startswith(f"{name}.")), None)


def _largest(whole: mmap.mmap, column: pq.ColumnChunkMetaData) -> int:
    """Return how large the largest page of each kind is, unpacked, together."""
    starts = column.data_page_offset, column.dictionary_page_offset or column.data_page_offset
    at, most = min(starts), Counter[int]()
    end = at + column.total_compressed_size if column.compression != "UNCOMPRESSED" else at
    while at < end:
        kind, unpacked, packed, at = _page(whole, at)
        most[kind] = max(most[kind], unpacked)
        at += packed
    return most.total()


def _page(whole: mmap.mmap, at: int) -> tuple[int, int, int, int]:
    """Return a page's kind, its bytes when unpacked and as it lies, and where these begin."""
    said, number = dict.fromkeys((_KIND, _UNPACKED, _PACKED), 0), 0
    while whole[at]:
        kind, number, at = thrift.field_at(whole, at, number)
        if number in said:
            said[number] = thrift.number_at(whole, at)[0] >> 1  # none is below 0
        at = thrift.after(whole, at, kind)
    return said[_KIND], said[_UNPACKED], said[_PACKED], at + 1


def _turns(held: Mapping[str, int]) -> list[list[str]]:
    """Return the columns, in order, in turns of which each holds no more than it may."""
    turns: list[list[str]] = [[]]
    left = _MOST
    for column, size in held.items():
        if size > _MOST_ALONE:
            raise ValueError(
                f"its column {column[:40]} has a page of {size:,} bytes, packed; expected at most "
                f"{_MOST_ALONE:,}, as of a file that is written with pages of 1 MiB"
            )
        if size > left:
            turns.append([])
            left = _MOST
        turns[-1].append(column)
        left -= size
    return turns
