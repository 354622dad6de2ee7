"""Parquet files whose pages are too large to be held are read by way of a scratch file."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.ingest import read_source
from stages.sources import parquet_pages
from tests.common.shared import message_of
from tests.sources.made import assert_same, random_digits, table_of

DIGITS = random_digits(300, 4)
IMAGES = pa.table({"label": DIGITS.label, "image": [row.tobytes() for row in DIGITS.pixels]})


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few pages be held."""
    monkeypatch.setattr(parquet_pages, "_MOST", 100_000)
    monkeypatch.setattr(parquet_pages, "_MOST_ALONE", 240_000)


@pytest.mark.parametrize(
    ("rows", "how"), [(300, {}), (200, {"use_dictionary": False, "data_page_version": "2.0"})]
)
def test_a_column_a_pixel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, how: dict[str, Any]
) -> None:
    path, asked = tmp_path / "a.parquet", list[Any]()
    monkeypatch.setattr(tempfile, "TemporaryFile", told(asked))
    pq.write_table(table_of(DIGITS, pa.int16()), path, row_group_size=rows, **how)
    assert_same(read_source(path), DIGITS)
    assert len(asked) == -(-300 // rows)


def told(asked: list[Any]) -> Any:
    """Return what makes temporary files and tells of each."""
    make = tempfile.TemporaryFile

    def making(*arguments: Any) -> Any:
        asked.append(arguments)
        return make(*arguments)

    return making


def test_categories_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    numbers = table_of(DIGITS, pa.uint8())
    texts = numbers.cast(pa.schema([(name, pa.string()) for name in numbers.schema.names]))
    category = texts.column(0).dictionary_encode()
    pq.write_table(texts.set_column(0, "label", category), path)
    assert_same(read_source(path), DIGITS)


def test_a_column_of_images(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(IMAGES, path, use_dictionary=False)
    assert_same(read_source(path), DIGITS)


def test_a_page_that_alone_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(IMAGES, path, use_dictionary=False)
    monkeypatch.setattr(parquet_pages, "_MOST_ALONE", 200_000)
    message = message_of(lambda: read_source(path))
    assert message.startswith(f"cannot read {path}: its column image has a page of 23")
    assert "expected at most 200,000" in message


def test_pages_that_are_not_packed_are_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(IMAGES, path, use_dictionary=False, compression="none")
    with path.open("rb") as file:
        metadata = pq.read_metadata(path)
        assert parquet_pages._held(file, metadata, ["label", "image"]) == {"label": 0, "image": 0}
    assert_same(read_source(path), DIGITS)


def test_headers_of_pages_that_are_damaged_are_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(IMAGES, path, use_dictionary=False)
    good, rng = path.read_bytes(), np.random.default_rng(0)
    metadata = pq.read_metadata(path)
    first = metadata.row_group(0).column(1).data_page_offset
    for place in rng.integers(first, first + 30, 60):
        bad = bytearray(good)
        bad[place] = rng.integers(256)
        path.write_bytes(bad)
        with path.open("rb") as file, contextlib.suppress(ValueError, IndexError):
            assert parquet_pages._held(file, metadata, ["label", "image"])
