"""Versioned Parquet files: a table with a fixed schema, checked when read."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.errors import unusable
from stages.common.files import replacing

VERSION_KEY = b"digits.format_version"


def write(path: Path, table: pa.Table, version: int) -> None:
    """Write `table` to `path` with the version of its format."""
    versioned = table.replace_schema_metadata({VERSION_KEY: str(version).encode()})
    with replacing(path) as file:
        pq.write_table(versioned, file, compression="zstd", write_page_checksum=True)


def read(
    path: Path,
    schema: pa.Schema,
    version: int,
    stage: str,
    *,
    optional: Sequence[pa.Field] = (),
    may_be_empty: bool = False,
) -> pa.Table:
    """Return the table in `path`.

    optional: columns that may follow those of `schema`, in this order; each may be absent.

    Raises DigitsError where the file cannot be read, is not of format `version`, has other
    columns or types than `schema`, holds a null or no row (unless it `may_be_empty`); the message
    names the file and the `stage` that makes it.
    """
    try:
        # Not pq.read_table, which imports pandas.
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unusable(path, stage, str(error)) from error
    found = (table.schema.metadata or {}).get(VERSION_KEY, b"none").decode(errors="replace")
    if found != str(version):
        raise unusable(path, stage, f"its format version is {found}; expected {version}")
    more = [field for field in optional if field.name in table.column_names]
    fault = _wrong_columns(table, pa.schema([*schema, *more]))
    if not fault and not (table.num_rows or may_be_empty):
        fault = "it holds no row"
    if fault:
        raise unusable(path, stage, fault)
    return table


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


def _wrong_columns(table: pa.Table, schema: pa.Schema) -> str | None:
    """Say which column is not as in `schema`, or return None."""
    if table.column_names != schema.names:
        other = sorted(set(table.column_names) ^ set(schema.names)) or table.column_names
        return f"its columns are not those expected: see {', '.join(other[:5])}"
    for name, wanted in zip(schema.names, schema.types, strict=True):
        column = table.column(name)
        if column.type != wanted:
            return f"column {name} is {column.type}; expected {wanted}"
        if column.null_count:
            return f"column {name} has {column.null_count} empty cells"
    return None
