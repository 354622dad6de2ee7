"""The same digits in every form are the same digits."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.ingest import read_source
from stages.sources import idx_folder
from stages.sources.columns import Labelled
from tests.common.shared import share
from tests.sources.made import (
    assert_same,
    idx_files,
    put_csv,
    put_files,
    put_parquet,
    random_digits,
)


def part(digits: Labelled, rows: slice) -> Labelled:
    return Labelled(digits.label[rows], digits.pixels[rows])


@share(0.1)
@given(train=st.integers(1, 20), test=st.integers(1, 20), seed=st.integers(0, 99))
def test_csv_parquet_and_idx_give_the_same(
    train: int, test: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    digits = random_digits(train + test, seed)
    files = idx_files(part(digits, slice(train)), part(digits, slice(train, None)))
    assert_same(read_source(put_csv(folder / "a.csv", digits)), digits)
    assert_same(read_source(put_csv(folder / "a.csv.gz", digits)), digits)
    assert_same(read_source(put_parquet(folder / "a.parquet", digits)), digits)
    assert_same(idx_folder.read(put_files(folder / "idx", files)), digits)
    assert_same(idx_folder.read(put_files(folder / "packed", files, packed=True)), digits)


def test_pixels_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    # Row by row, from the upper left corner: pixel i is at row i // 28, column i % 28.
    counted = np.arange(784, dtype=np.int64).astype(np.uint8)
    digits = Labelled(np.array([5], np.uint8), counted[None])
    image = counted.reshape(28, 28)
    files = idx_files(digits, digits)
    for found in (
        read_source(put_csv(tmp_path / "a.csv", digits)),
        read_source(put_parquet(tmp_path / "a.parquet", digits)),
        idx_folder.read(put_files(tmp_path / "idx", files)),
    ):
        assert np.array_equal(found.pixels[0].reshape(28, 28), image)
