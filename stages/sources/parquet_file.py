"""Read digits from a Parquet file."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.errors import DigitsError
from stages.sources.columns import (
    Fault,
    Labelled,
    bounded,
    gather,
    joined,
    refuse_type,
    wanted_columns,
)
from stages.sources.unpacked import refuse_too_many

MAGIC = b"PAR1"
_PANDAS_INDEX = "__index_level_0__"
_BATCH_ROWS = 16384  # bounds the memory: a file's numbers may be eight times as wide as a byte


def read(path: Path) -> Labelled:
    """Return the digits of a Parquet file with a label column and 784 pixel columns.

    Raises DigitsError with the file, the row (the first is 1), the column, the value found
    and what was expected.
    """
    try:
        with pq.ParquetFile(path) as file:
            digits = _read_rows(path, file)
            indexed = _PANDAS_INDEX in file.schema_arrow.names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DigitsError(f"cannot read {path}: {error}; expected a Parquet file") from error
    if indexed:
        print(f"note: {path}: {_PANDAS_INDEX}, an index, is left out", file=sys.stderr)
    return digits


def _read_rows(path: Path, file: pq.ParquetFile) -> Labelled:
    """Return the digits of an open file, once its columns, their types and its size are right."""
    schema = file.schema_arrow  # made anew at each access
    names = [name for name in schema.names if name != _PANDAS_INDEX]
    wanted = wanted_columns(str(path), names or ("",))
    for name in wanted:
        refuse_type(str(path), name, schema.field(name).type)
    refuse_too_many(path, file.metadata.num_rows)
    parts, rows = [], 0
    for batch in file.iter_batches(_BATCH_ROWS, columns=list(wanted)):
        parts.append(_read_batch(path, rows, pa.Table.from_batches([batch]).select(wanted)))
        rows += len(batch)
    if not rows:
        raise DigitsError(f"{path}: it holds no row; expected digits")
    return joined(parts)


def _read_batch(path: Path, above: int, table: pa.Table) -> Labelled:
    """Return the digits of some rows, which follow `above` others, or raise DigitsError."""
    names = table.column_names
    found = gather(names, [bounded(*pair) for pair in zip(names, table.columns, strict=True)])
    if isinstance(found, Fault):
        raise DigitsError(
            f"{path}: row {above + found.row + 1}, column {found.column}: "
            f"{found.value}; expected {found.expected}"
        )
    return found
