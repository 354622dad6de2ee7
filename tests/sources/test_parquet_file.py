"""Digits in Parquet files: what is read, and what is said of the rest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.ingest import read_source
from tests.common.shared import message_of, share
from tests.sources.made import GRID_HEADER, HEADER, assert_same, random_digits, table_of

DIGITS = random_digits(6, seed=2)
TABLE = table_of(DIGITS, pa.int64())


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parquet") / "digits.parquet"


def refusal(path: Path, table: pa.Table) -> str:
    pq.write_table(table, path)
    message = message_of(lambda: read_source(path))
    assert str(path) in message
    return message


NUMBERS = [
    pa.uint8(),
    pa.int16(),
    pa.int32(),
    pa.int64(),
    pa.uint64(),
    pa.float16(),
    pa.float32(),
    pa.float64(),
]


@pytest.mark.parametrize("cell_type", NUMBERS, ids=str)
def test_any_type_of_number(cell_type: pa.DataType, path: Path) -> None:
    pq.write_table(TABLE.cast(pa.schema([(name, cell_type) for name in HEADER])), path)
    assert_same(read_source(path), DIGITS)


@share(0.1)
@given(n=st.integers(1, 20), seed=st.integers(0, 99), group=st.integers(1, 20))
def test_columns_in_any_order_and_rows_in_any_groups(
    n: int, seed: int, group: int, path: Path
) -> None:
    digits = random_digits(n, seed)
    order = np.random.default_rng(seed).permutation(785)
    table = table_of(digits, pa.uint8()).select([HEADER[place] for place in order])
    pq.write_table(table, path, row_group_size=group)
    assert_same(read_source(path), digits)


@pytest.mark.parametrize("index", [False, True, None])
def test_what_pandas_writes(index: bool | None, path: Path) -> None:
    frame = TABLE.to_pandas()
    frame.index = pd.Index(np.arange(6) * 10)
    frame.to_parquet(path, index=index)
    assert_same(read_source(path), DIGITS)


def test_the_grid_header(path: Path) -> None:
    pq.write_table(TABLE.rename_columns(GRID_HEADER), path)
    assert_same(read_source(path), DIGITS)


def test_a_written_index_column_is_left_out(path: Path) -> None:
    pq.write_table(TABLE.add_column(0, "Unnamed: 0", pa.array(range(6))), path)
    assert_same(read_source(path), DIGITS)


def with_cell(name: str, value: Any, cell_type: pa.DataType) -> pa.Table:
    """Return the table with a value in the fourth row of a column, of another type."""
    values = [*TABLE.column(name).to_pylist()]
    values[3] = value
    return TABLE.set_column(HEADER.index(name), name, pa.array(values, cell_type))


@pytest.mark.parametrize(
    ("name", "value", "cell_type", "said"),
    [
        ("pixel99", 256, pa.int64(), "256"),
        ("pixel99", -1, pa.int8(), "-1"),
        ("pixel99", 2**63, pa.uint64(), str(2**63)),
        ("pixel99", 5.5, pa.float64(), "5.5"),
        ("pixel99", float("nan"), pa.float64(), "nan"),
        ("pixel99", float("inf"), pa.float32(), "inf"),
        ("pixel99", None, pa.int64(), "an empty cell"),
        ("pixel99", None, pa.float16(), "an empty cell"),
        ("label", 10, pa.int64(), "10"),
        ("label", -1, pa.int64(), "-1"),
        ("label", 3.5, pa.float64(), "3.5"),
        ("label", None, pa.uint8(), "an empty cell"),
    ],
)
def test_a_cell_that_is_no_digit(
    name: str, value: Any, cell_type: pa.DataType, said: str, path: Path
) -> None:
    if pa.types.is_int8(cell_type):  # the column's other values must fit
        table = TABLE.set_column(100, name, pa.array([0, 0, 0, value, 0, 0], cell_type))
    else:
        table = with_cell(name, value, cell_type)
    highest = 9 if name == "label" else 255
    message = refusal(path, table)
    assert f"row 4, column {name}: {said}; expected a whole number from 0 to {highest}" in message


@pytest.mark.parametrize(
    ("cell_type", "said"),
    [
        (pa.list_(pa.uint8()), "list"),
        (pa.binary(), "binary"),
        (pa.date32(), "date32"),
        (pa.null(), "null"),
    ],
)
def test_a_column_that_holds_no_numbers(cell_type: pa.DataType, said: str, path: Path) -> None:
    column = pa.array([None] * 6, cell_type)
    message = refusal(path, TABLE.set_column(8, "pixel7", column))
    assert f"column pixel7 is of type {said}" in message


def test_the_row_is_right_far_into_a_long_file(path: Path) -> None:
    sevens = pa.array(np.full(40_000, 7, np.uint8))
    wrong = pa.array([*[7] * 39_000, 256, *[7] * 999], pa.int16())
    columns = [wrong if name == "pixel99" else sevens for name in HEADER]
    message = refusal(path, pa.table(columns, names=HEADER))
    assert "row 39001, column pixel99: 256; expected" in message


CHANGES: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "no label": (lambda t: t.drop(["label"]), "no column: 'label'"),
    "no pixel": (lambda t: t.drop(["pixel5"]), "no column: 'pixel5'"),
    "one more": (lambda t: t.append_column("class", t.column(0)), "from 'label' or 'class'"),
    "twice": (lambda t: t.append_column("pixel5", t.column(0)), "column twice: 'pixel5'"),
    "no row": (lambda t: t.slice(0, 0), "no row"),
    "no column": (lambda t: t.select([]), "no column: 'label'"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_table_that_is_not_of_digits(case: str, path: Path) -> None:
    change, words = CHANGES[case]
    assert words in refusal(path, change(TABLE))


def test_a_file_cut_short_anywhere(path: Path) -> None:
    pq.write_table(TABLE, path)
    whole = path.read_bytes()
    for size in range(0, len(whole), len(whole) // 30):
        path.write_bytes(whole[:size])
        assert str(path) in message_of(lambda: read_source(path))


def test_a_column_name_that_is_no_utf_8(path: Path) -> None:
    pq.write_table(TABLE, path)
    path.write_bytes(path.read_bytes().replace(b"pixel99", b"pixel\xff\xfe"))
    assert str(path) in message_of(lambda: read_source(path))


def test_a_missing_file(tmp_path: Path) -> None:
    assert "no.parquet" in message_of(lambda: read_source(tmp_path / "no.parquet"))
