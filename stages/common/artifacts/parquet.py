"""Versioned Parquet files: a table with a fixed schema, checked when read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.artifacts.writes import Writes
from stages.common.errors import unusable
from stages.common.files import replacing
from stages.common.pieces import PIECE_ROWS

File: TypeAlias = pq.ParquetFile

VERSION_KEY = b"digits.format_version"


def write(path: Path, table: pa.Table, version: int) -> None:
    """Write `table` to `path` with the version of its format."""
    write_groups(path, table.schema, [table], version)


def write_groups(path: Path, schema: pa.Schema, groups: Iterable[pa.Table], version: int) -> None:
    """Write tables of a schema to `path`, each as one group of rows, with their format's version.

    A group is written before the next is asked for; the first is there before anything is written.
    """
    coming = iter(groups)
    coming = chain([*islice(coming, 1)], coming)
    versioned = schema.with_metadata({VERSION_KEY: str(version).encode()})
    with replacing(path) as file:
        told = Writes(file, f"write {path.name}")
        with pq.ParquetWriter(
            told.file, versioned, compression="zstd", write_page_checksum=True
        ) as writer:
            for group in coming:
                with told.of(group):
                    writer.write_table(group.cast(versioned), max(group.num_rows, 1))


def read(
    path: Path,
    schema: pa.Schema,
    version: int,
    stage: str,
    *,
    optional: Sequence[pa.Field] = (),
) -> pa.Table:
    """Return the table in `path`.

    optional: columns that may follow those of `schema`, in this order; each may be absent.

    Raises DigitsError where the file cannot be read, is not of format `version`, has other
    columns or types than `schema`, holds a null or no row; the message names the file and the
    `stage` that makes it.
    """
    with opened(path, schema, version, stage, optional=optional) as file:
        table = file.read()
        if fault := _empty_cells(table):
            raise unusable(path, stage, fault)
        return table


@contextmanager
def opened(
    path: Path,
    schema: pa.Schema,
    version: int,
    stage: str,
    *,
    optional: Sequence[pa.Field] = (),
    may_be_empty: bool = False,
) -> Iterator[File]:
    """Yield the file `path`, open to be read some rows at a time; raises DigitsError as `read`.

    It is mapped, and of what is read no more is held than a page of each column. Within the block,
    what cannot be read is such an error too; what `batches` does not read is not looked at.

    may_be_empty: whether it may hold no row.
    """
    try:
        # Not pq.read_table, which imports pandas.
        with pq.ParquetFile(
            path, memory_map=True, pre_buffer=False, page_checksum_verification=True
        ) as file:
            if fault := _fault(file, schema, version, optional, may_be_empty):
                raise unusable(path, stage, fault)
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unusable(path, stage, str(error)) from error


def batches(file: File, path: Path, stage: str, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield some columns of an open file, some rows at a time.

    Raises DigitsError for a null, and for fewer rows than the file says it has: pyarrow does not.
    """
    rows = 0
    for batch in file.iter_batches(PIECE_ROWS, columns=[*columns], use_threads=False):
        table = pa.Table.from_batches([batch]).select(columns)
        if fault := _empty_cells(table):
            raise unusable(path, stage, fault)
        rows += table.num_rows
        yield table
    if rows != file.metadata.num_rows:
        raise unusable(
            path, stage, f"it says that it has {file.metadata.num_rows} rows, but {rows} are there"
        )


def _fault(
    file: File,
    schema: pa.Schema,
    version: int,
    optional: Sequence[pa.Field],
    may_be_empty: bool,
) -> str | None:
    """Say what is wrong with a file's schema or how many rows it has, or return None."""
    there = file.schema_arrow
    found = (there.metadata or {}).get(VERSION_KEY, b"none").decode(errors="replace")
    if found != str(version):
        return f"its format version is {found}; expected {version}"
    more = [field for field in optional if field.name in there.names]
    fault = _wrong_columns(there, pa.schema([*schema, *more]))
    if not fault and not (file.metadata.num_rows or may_be_empty):
        return "it holds no row"
    return fault


def table_of(columns: Iterable[npt.NDArray[np.number]], schema: pa.Schema) -> pa.Table:
    """Return arrays (n,) of the schema's types as a table; pa.array would import pandas."""
    arrays = [
        pa.Array.from_buffers(
            field.type, len(column), [None, pa.py_buffer(_contiguous(column, field.type))]
        )
        for field, column in zip(schema, columns, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _contiguous(column: npt.NDArray[np.number], cell_type: pa.DataType) -> npt.NDArray[np.number]:
    """Return a column whose memory holds numbers of `cell_type`, one after another."""
    return np.ascontiguousarray(column, cell_type.to_pandas_dtype())


def numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column without nulls as an array (n,); to_numpy would import pandas."""
    return np.from_dlpack(column.combine_chunks())


def _wrong_columns(found: pa.Schema, schema: pa.Schema) -> str | None:
    """Say which column is not as in `schema`, or return None."""
    if found.names != schema.names:
        other = sorted(set(found.names) ^ set(schema.names)) or found.names
        return f"its columns are not those expected: see {', '.join(other[:5])}"
    for name, kind, wanted in zip(schema.names, found.types, schema.types, strict=True):
        if kind != wanted:
            return f"column {name} is {kind}; expected {wanted}"
    return None


def _empty_cells(table: pa.Table) -> str | None:
    """Say which column has empty cells, or return None."""
    counts = {name: table.column(name).null_count for name in table.column_names}
    return next((f"column {it} has {n} empty cells" for it, n in counts.items() if n), None)
