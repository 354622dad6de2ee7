"""Read digits from a Parquet file."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stages.common.errors import DigitsError
from stages.sources.columns import Fault, Labelled, bounded, gather, wanted_columns

MAGIC = b"PAR1"
_PANDAS_INDEX = "__index_level_0__"


def read(path: Path) -> Labelled:
    """Return the digits of a Parquet file with a label column and 784 pixel columns.

    Raises DigitsError with the file, the row (the first is 1), the column, the value found
    and what was expected.
    """
    try:
        names = [name for name in pq.read_schema(path).names if name != _PANDAS_INDEX]
        wanted = wanted_columns(path, names)
        table = pq.read_table(path, columns=list(wanted), partitioning=None).select(wanted)
    except (pa.ArrowException, OSError) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error
    if table.num_rows == 0:
        raise DigitsError(f"{path}: it holds no row; expected digits")
    found = gather(wanted, [bounded(*pair) for pair in zip(wanted, table.columns, strict=True)])
    if isinstance(found, Fault):
        raise DigitsError(
            f"{path}: row {found.row + 1}, column {found.column}: "
            f"{found.value}; expected {found.expected}"
        )
    return found
