"""What ingest says of a source that it refuses, and what it writes of one that it takes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common.artifacts import digits
from tests.faults.sources import pixels
from tests.faults.stages import Outcome

Ingest = Callable[[str], Outcome]
MANY = 42_000
many_too = pytest.mark.parametrize("rows", [10, pytest.param(MANY, marks=pytest.mark.whole)])


def assert_refused(outcome: Outcome, source: str, says: list[str]) -> None:
    """Assert that a run failed with one line that says all this, and wrote nothing."""
    assert outcome.code == 1, outcome.lines
    assert len(outcome.lines) == 1, outcome.lines
    (message,) = outcome.lines
    assert message.startswith("ingest: ")
    assert [part for part in (source, *says) if part not in message] == [], message
    assert len(message) < 500
    assert Path("data/digits.parquet").read_bytes() == b"the earlier one"
    assert [path.name for path in Path("data").iterdir()] == ["digits.parquet"]


def read_back() -> tuple[list[int], list[bytes]]:
    read = digits.read(digits.DIGITS)
    assert read.row.tolist() == list(range(len(read.row)))
    return read.label.tolist(), [row.tobytes() for row in read.pixels]


def assert_good_rows(rows: int) -> None:
    labels, images = read_back()
    assert labels == [row % 10 for row in range(rows)]
    assert images == [pixels()[row % 10].tobytes() for row in range(rows)]
