"""What a reader of a Parquet artifact refuses, and what it says."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.common.errors import DigitsError
from tests.common.artifacts.made import KINDS, Kind, assert_same, each, put_parquet
from tests.common.shared import message_of

pytestmark = pytest.mark.usefixtures("project")

WIDE = ["digits", "split train", "split test"]
PARQUET = [*WIDE, "history", "predictions"]


# Another split has the same reader; that its stage is told, test_every_kind holds.
@pytest.fixture(params=each(PARQUET, again=WIDE[1:]))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def table_of(kind: Kind) -> pa.Table:
    kind.write()
    return pq.read_table(kind.path, partitioning=None)


def refusal(kind: Kind, table: pa.Table) -> str:
    put_parquet(kind.path, table)
    message = message_of(kind.read)
    assert str(kind.path) in message
    assert f"'{kind.stage}'" in message
    return message


def with_values(table: pa.Table, name: str, values: Any) -> pa.Table:
    index = table.column_names.index(name)
    return table.set_column(index, name, pa.array(values))


def with_value(table: pa.Table, name: str, value: float) -> pa.Table:
    """Put a value in the last row of a column, whose type stays."""
    values = [*table.column(name).to_pylist()[:-1], value]
    return with_values(table, name, pa.array(values, table.schema.field(name).type))


@pytest.mark.parametrize("position", [0, 1, -1])
def test_a_missing_column(kind: Kind, position: int) -> None:
    table = table_of(kind)
    name = table.column_names[position]
    assert name in refusal(kind, table.drop([name]))


def test_a_column_too_many(kind: Kind) -> None:
    table = table_of(kind)
    assert "extra" in refusal(kind, table.append_column("extra", table.column(0)))


def test_a_column_twice(kind: Kind) -> None:
    table = table_of(kind)
    refusal(kind, table.append_column(table.column_names[0], table.column(0)))


def test_a_renamed_column(kind: Kind) -> None:
    table = table_of(kind)
    message = refusal(kind, table.rename_columns(["other", *table.column_names[1:]]))
    assert table.column_names[0] in message
    assert "other" in message


def test_columns_in_another_order(kind: Kind) -> None:
    table = table_of(kind)
    assert "columns" in refusal(kind, table.select(table.column_names[::-1]))


@pytest.mark.parametrize("other", [pa.int64(), pa.float32(), pa.string()])
@pytest.mark.parametrize("position", [0, -1])
def test_another_type(kind: Kind, position: int, other: pa.DataType) -> None:
    table = table_of(kind)
    name = table.column_names[position]
    wanted = table.schema.field(name).type
    changed = with_values(table, name, table.column(name).cast(other, safe=False).combine_chunks())
    message = refusal(kind, changed)
    assert f"{name} is {other}" in message
    assert f"expected {wanted}" in message


def test_an_empty_cell(kind: Kind) -> None:
    table = table_of(kind)
    name = table.column_names[-1]
    values = pa.array([None] * table.num_rows, table.schema.field(name).type)
    message = refusal(kind, with_values(table, name, values))
    assert name in message
    assert f"{table.num_rows} empty" in message


def test_no_row(kind: Kind) -> None:
    assert "no row" in refusal(kind, table_of(kind).slice(0, 0))


@pytest.mark.parametrize(
    "name", ["history", "predictions", *(pytest.param(n, marks=pytest.mark.whole) for n in WIDE)]
)
def test_no_bit_of_the_data_flips_unnoticed(name: str) -> None:
    kind = KINDS[name]
    kind.write()
    good = kind.path.read_bytes()
    footer = int.from_bytes(good[-8:-4], "little") + 8
    rng = np.random.default_rng(0)
    for place in rng.choice(len(good) - footer, 200, replace=False):
        bad = bytearray(good)
        bad[place] ^= 1 << int(rng.integers(8))
        kind.path.write_bytes(bad)
        with contextlib.suppress(DigitsError):
            assert_same(kind.read(), kind.artifact)


def test_many_row_groups_read_as_one(kind: Kind) -> None:
    pq.write_table(table_of(kind), kind.path, row_group_size=1)
    assert_same(kind.read(), kind.artifact)


def test_a_folder_name_with_an_equals_sign_adds_no_column(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "seed=1" / kind.path.name
    kind.module.write(path, kind.artifact)
    assert_same(kind.module.read(path), kind.artifact)


EVERY = replace(
    KINDS["history"].artifact,
    validation_cost=np.array([2.5, 0.5]),
    validation_accuracy=np.array([0.0, 1.0]),
    learning_rate=np.array([0.0, 0.8]),
)
NAMES = ["epoch", "cost", "accuracy", "validation_cost", "validation_accuracy", "learning_rate"]
ABSENT: list[tuple[str, ...]] = [
    (),
    ("learning_rate",),
    ("validation_cost", "validation_accuracy"),
    ("validation_cost", "validation_accuracy", "learning_rate"),
]


def history_of(course: Any) -> pa.Table:
    """Return the table of a history."""
    return table_of(replace(KINDS["history"], artifact=course))


@pytest.mark.parametrize("absent", ABSENT)
def test_a_history_has_only_the_columns_that_are_there(absent: tuple[str, ...]) -> None:
    course = replace(EVERY, **dict.fromkeys(absent))
    table = history_of(course)
    assert table.column_names == [name for name in NAMES if name not in absent]
    assert {str(kind) for kind in table.schema.types[1:]} == {"double"}
    found = KINDS["history"].read()
    assert_same(found, course)
    assert all(getattr(found, name) is None for name in absent)
    assert list(course.columns) == table.column_names


def test_validation_has_both_of_its_columns() -> None:
    for name in ("validation_cost", "validation_accuracy"):
        message = refusal(KINDS["history"], history_of(EVERY).drop([name]))
        assert "it has one of validation_cost and validation_accuracy" in message


def test_columns_of_a_history_in_another_order() -> None:
    table = history_of(EVERY)
    order = [*NAMES[:3], "learning_rate", *NAMES[3:5]]
    assert "its columns are not those expected" in refusal(KINDS["history"], table.select(order))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("validation_cost", np.nan, "its validation_cost is not finite in every epoch"),
        ("validation_cost", -0.1, "its validation_cost is below 0"),
        ("validation_accuracy", 1.1, "its validation_accuracy is above 1"),
        ("validation_accuracy", -0.1, "its validation_accuracy is below 0"),
        ("learning_rate", np.inf, "its learning_rate is not finite in every epoch"),
        ("learning_rate", -0.1, "its learning_rate is below 0"),
    ],
)
def test_a_value_that_no_training_writes(name: str, value: float, words: str) -> None:
    assert words in refusal(KINDS["history"], with_value(history_of(EVERY), name, value))


FAULTS: dict[str, tuple[str, Callable[[pa.Table], pa.Table], str]] = {
    "label 10": ("digits", lambda t: with_value(t, "label", 10), "label is 10"),
    "label 255": ("split train", lambda t: with_value(t, "label", 255), "label is 255"),
    "a row twice": ("digits", lambda t: with_value(t, "row", 5), "a row twice"),
    "a row below 0": ("digits", lambda t: with_value(t, "row", -1), "a row is -1"),
    "an image below 0": ("predictions", lambda t: with_value(t, "row", -1), "a row is -1"),
    "a row twice in test": ("split test", lambda t: with_value(t, "row", 0), "a row twice"),
    "epochs from 0": (
        "history",
        lambda t: with_values(t, "epoch", np.array([0, 1], np.int32)),
        "epochs",
    ),
    "a gap in epochs": ("history", lambda t: with_value(t, "epoch", 3), "epochs"),
    "cost NaN": ("history", lambda t: with_value(t, "cost", np.nan), "finite"),
    "cost infinite": ("history", lambda t: with_value(t, "cost", np.inf), "finite"),
    "accuracy NaN": ("history", lambda t: with_value(t, "accuracy", np.nan), "finite"),
    "true digit 10": ("predictions", lambda t: with_value(t, "label", 10), "digit from 0 to 9"),
    "predicted 10": ("predictions", lambda t: with_value(t, "predicted", 10), "digit from 0 to 9"),
    "cost below 0": ("history", lambda t: with_value(t, "cost", -0.1), "below 0"),
    "accuracy above 1": ("history", lambda t: with_value(t, "accuracy", 1.1), "accuracy"),
    "accuracy below 0": ("history", lambda t: with_value(t, "accuracy", -0.1), "accuracy"),
    "an image twice": ("predictions", lambda t: with_value(t, "row", 5), "a row twice"),
    "NaN": ("predictions", lambda t: with_value(t, "p3", np.nan), "probability"),
    "infinite": ("predictions", lambda t: with_value(t, "p0", np.inf), "probability"),
    "below 0": ("predictions", lambda t: with_value(t, "p9", -0.1), "probability"),
    "above 1": ("predictions", lambda t: with_value(t, "p9", 1.1), "probability"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_value_that_no_stage_writes(fault: str) -> None:
    name, change, words = FAULTS[fault]
    assert words in refusal(KINDS[name], change(table_of(KINDS[name])))
