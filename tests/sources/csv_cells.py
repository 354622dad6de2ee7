"""Six digits as the cells of a CSV file, and how such a file is read."""

from pathlib import Path

from stages.ingest import read_source
from stages.sources.columns import Labelled
from tests.common.shared import message_of
from tests.sources.made import (
    HEADER,
    Rows,
    cells_of,
    random_digits,
)

DIGITS = random_digits(6, seed=1)
ROWS = cells_of(DIGITS)
QUOTED = [f'"{name}"' for name in HEADER]


def read(path: Path, content: bytes) -> Labelled:
    path.write_bytes(content)
    return read_source(path)


def refusal(path: Path, content: bytes) -> str:
    message = message_of(lambda: read(path, content))
    assert str(path) in message
    return message


def with_cell(row: int, column: int, value: str) -> Rows:
    """Return the rows with one cell changed; the first row and column are 0."""
    rows = [list(cells) for cells in ROWS]
    rows[row][column] = value
    return rows
