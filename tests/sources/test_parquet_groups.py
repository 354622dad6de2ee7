"""Parquet files of very many groups of rows are read in parts."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.ingest import read_source
from stages.sources import parquet_file, parquet_footer
from tests.common.shared import message_of
from tests.sources.made import assert_same, random_digits, table_of

DIGITS = random_digits(12, 3)
IMAGES = pa.table({"label": DIGITS.label, "image": DIGITS.pixels.tolist()})


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a footer be of a few groups."""
    monkeypatch.setattr(parquet_file, "_MOST_FOOTER", 150_000)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_column_a_pixel(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(table_of(DIGITS, pa.int64()), path, row_group_size=rows)
    with path.open("rb") as file:
        assert len([*parquet_footer.parts(file, 150_000)]) > 1
    assert_same(read_source(path), DIGITS)


@pytest.mark.parametrize("most", [1_000, 9_000])
def test_a_column_of_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(IMAGES, path, row_group_size=1)
    monkeypatch.setattr(parquet_file, "_MOST_FOOTER", most)
    assert_same(read_source(path), DIGITS)


def test_what_begins_a_group_may_be_in_others_too(tmp_path: Path) -> None:
    path, sign = tmp_path / "a.parquet", b"\x19\x2c\x26"
    table = pa.table({"label": DIGITS.label, "image": [sign * 9] * 12})
    pq.write_table(table, path, row_group_size=1)  # its statistics have it
    with path.open("rb") as file:
        found = [pq.read_metadata(io.BytesIO(part)) for part in parquet_footer.parts(file, 2_000)]
        tables = [pq.ParquetFile(path, metadata=footer).read() for footer in found]
    assert len(found) > 1
    assert pa.concat_tables(tables).equals(table)


def test_one_group_of_which_too_much_is_said_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(table_of(DIGITS, pa.int64()), path)
    monkeypatch.setattr(parquet_file, "_MOST_FOOTER", 30_000)
    message = message_of(lambda: read_source(path))
    assert message.startswith(f"cannot read {path}: its footer has ")
    assert "expected at most 30,000" in message


def test_a_footer_that_is_damaged_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(IMAGES, path, row_group_size=1)
    good, rng = path.read_bytes(), np.random.default_rng(0)
    size = int.from_bytes(good[-8:-4], "little")
    for place in rng.integers(len(good) - 8 - size, len(good) - 8, 60):
        bad = bytearray(good)
        bad[place] = rng.integers(256)
        path.write_bytes(bad)
        with path.open("rb") as file, contextlib.suppress(ValueError, IndexError):
            assert [*parquet_footer.parts(file, 9_000)]
