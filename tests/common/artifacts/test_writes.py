"""How far the writing of a table is."""

import io
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from stages.common.artifacts import digits, parquet, writes


class Told:
    """A bar that notes what it is told."""

    def __init__(self, name: str, total: int) -> None:
        self.name, self.total, self.n, self.steps = name, total, 0.0, 0

    def __enter__(self) -> "Told":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, rows: float) -> None:
        self.n, self.steps = self.n + rows, self.steps + 1


def test_the_writes_of_a_group_are_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Told] = []

    def bar(*asked: Any) -> Told:
        made.append(Told(*asked))
        return made[-1]

    monkeypatch.setattr(writes, "bar", bar)
    rows = 21_000  # two pages of each column
    row, label = np.arange(rows, dtype=np.int32), np.zeros(rows, np.uint8)
    columns = np.zeros((784, rows), np.uint8)
    group = parquet.table_of([row, label, *columns], digits.SCHEMA)
    file = io.BytesIO()
    told = writes.Writes(file, "write it")
    with pq.ParquetWriter(told.file, digits.SCHEMA) as writer:
        for some in (group, group[:10]):
            with told.of(some):
                writer.write_table(some)
    assert [(it.name, it.total) for it in made] == [("write it", rows), ("write it", 10)]
    for it in made:
        assert it.total * 0.9 < it.n <= it.total
        assert it.steps > 784
    assert pq.read_table(io.BytesIO(file.getvalue())).num_rows == rows + 10
