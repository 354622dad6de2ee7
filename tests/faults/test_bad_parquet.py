"""Parquet files: those refused, and those taken."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from tests.faults.refused import Ingest, assert_good_rows, assert_refused, many_too
from tests.faults.sources import parquet_bytes, table_of
from tests.faults.stages import Outcome


def drop(table: pa.Table, name: str) -> pa.Table:
    return table.drop_columns([name])


def retyped(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def spoiled(table: pa.Table, value: float | None) -> pa.Table:
    """Put a value into the last row but two of pixel40."""
    column = table.column("pixel40").to_pylist()
    column[-3] = value
    whole_number = value is None or value == int(value)
    return retyped(table, "pixel40", pa.array(column, pa.int64() if whole_number else pa.float64()))


def of_one(value: object, kind: pa.DataType, table: pa.Table) -> pa.Table:
    """Return the table with a label column of one value, of another type."""
    return retyped(table, "label", pa.array([value] * len(table), kind))


OTHER_TYPES: dict[pa.DataType, object] = {
    pa.binary(): b"5",
    pa.date32(): 5,
    pa.timestamp("ms"): 5,
    pa.list_(pa.uint8()): [5],
    pa.struct([("a", pa.uint8())]): {"a": 5},
    pa.null(): None,
}

BAD_TABLES: dict[str, tuple[Callable[[pa.Table], pa.Table], list[str]]] = {
    "no label": (lambda it: drop(it, "label"), ["no column: 'label'"]),
    "a pixel missing": (lambda it: drop(it, "pixel5"), ["no column: 'pixel5'"]),
    "one too many": (lambda it: it.append_column("pixel784", it["label"]), ["unknown column"]),
    "a label twice": (lambda it: it.append_column("label", it["label"]), ["column twice: 'label'"]),
    "no columns": (lambda _: pa.table({}), ["no column: 'label'", "782 more"]),
    "no rows": (lambda it: it.slice(0, 0), ["no row"]),
    "negative": (lambda it: spoiled(it, -1), ["ROW", "column pixel40", "-1", "0 to 255"]),
    "256": (lambda it: spoiled(it, 256), ["ROW", "column pixel40", "256", "0 to 255"]),
    "huge": (lambda it: spoiled(it, 2**62), ["ROW", "column pixel40", str(2**62)]),
    "fraction": (lambda it: spoiled(it, 0.5), ["ROW", "column pixel40", "0.5"]),
    "an empty cell": (lambda it: spoiled(it, None), ["ROW", "column pixel40", "an empty cell"]),
    "a label of 10": (
        lambda it: retyped(it, "label", pa.array([10] * len(it))),
        ["row 1", "column label", "10", "0 to 9"],
    ),
    **{
        f"type {kind}": (
            partial(of_one, value, kind),
            ["column label", f"of type {kind}".split("<")[0], "expected integers or floats"],
        )
        for kind, value in OTHER_TYPES.items()
    },
    "a word": (
        lambda it: retyped(it, "label", pa.array(["five"] * len(it)).dictionary_encode()),
        ["row 1", "column label", "'five'", "0 to 9"],
    ),
}


@pytest.mark.parametrize("fault", BAD_TABLES)
@many_too
def test_a_wrong_table_in_parquet(fault: str, rows: int, ingest: Ingest) -> None:
    change, says = BAD_TABLES[fault]
    Path("digits.parquet").write_bytes(parquet_bytes(change(table_of(rows))))
    told = [f"row {rows - 2}" if part == "ROW" else part for part in says]
    assert_refused(ingest("digits.parquet"), "digits.parquet", told)


@pytest.mark.parametrize("kept", [4, 7, 8, 50, 0.5, -1, -8, -9])
@many_too
def test_a_truncated_parquet_file(kept: float, rows: int, ingest: Ingest) -> None:
    content = parquet_bytes(table_of(rows))
    size = int(len(content) * kept) if isinstance(kept, float) else kept
    Path("digits.parquet").write_bytes(content[:size])
    assert_refused(ingest("digits.parquet"), "digits.parquet", ["cannot read"])


@pytest.mark.parametrize("kind", ["uint8", "int8", "int64", "uint64", "float16", "float", "double"])
def test_parquet_of_any_number_type(kind: str, ingest: Ingest) -> None:
    table = table_of(10)
    # A pixel of 255 needs more than int8.
    types = [kind] + ["int16" if kind == "int8" else kind] * 784
    fields = zip(table.column_names, map(pa.type_for_alias, types), strict=True)
    schema = pa.schema(list(fields))
    Path("digits").write_bytes(parquet_bytes(table.cast(schema)))
    assert ingest("digits") == Outcome(0, [])
    assert_good_rows(10)


def test_the_index_of_pandas_in_parquet_is_accepted_with_a_note(ingest: Ingest) -> None:
    table = table_of(10).append_column("__index_level_0__", pa.array(range(10)))
    Path("digits.parquet").write_bytes(parquet_bytes(table))
    code, (note,) = ingest("digits.parquet")
    assert code == 0
    assert "index" in note
    assert_good_rows(10)
