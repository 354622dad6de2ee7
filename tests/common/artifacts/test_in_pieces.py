"""Tables and arrays that are written and read some rows at a time."""

import filecmp
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from stages.common.artifacts import digits, encoded, npz, parquet
from stages.common.artifacts.digits import Digits, part_of
from stages.common.artifacts.encoded import Encoded
from stages.common.pieces import GROUP_ROWS, PIECE_ROWS
from tests.common.artifacts.made import ONE_HOT, PIXELS, ROW, assert_same

RNG = np.random.default_rng(5)
SOME = Digits(
    np.arange(11, dtype=np.int32),
    (np.arange(11) % 10).astype(np.uint8),
    RNG.integers(0, 256, (11, 784), dtype=np.uint8),
)


def test_a_group_is_of_whole_pieces_and_larger_than_any_source_once_was() -> None:
    assert GROUP_ROWS % PIECE_ROWS == 0
    assert GROUP_ROWS > 500_000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "_BLOCK_ROWS", 2)
    monkeypatch.setattr(parquet, "PIECE_ROWS", 2)
    monkeypatch.setattr(digits, "GROUP_ROWS", 4)


@pytest.mark.usefixtures("small")
def test_a_large_table_is_in_groups(tmp_path: Path) -> None:
    digits.write(tmp_path / "a.parquet", SOME)
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    assert [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)] == [4, 4, 3]
    assert_same(digits.read(tmp_path / "a.parquet"), SOME)


def test_pieces_of_any_size_give_the_bytes_of_a_table_in_memory(tmp_path: Path) -> None:
    rows = 41_000  # more than a page of a column has, or a block
    row, label = np.arange(rows, dtype=np.int32), RNG.integers(0, 10, rows, np.uint8)
    pixels = RNG.integers(0, 256, (rows, 784), dtype=np.uint8)
    pixels[:, 300:] = 0
    table = parquet.table_of([row, label, *pixels.T], digits.SCHEMA)
    parquet.write(tmp_path / "whole.parquet", table, 1)
    cuts = [0, 1, 1, 900, 9_000, 40_000, rows]
    pieces = (part_of(Digits(row, label, pixels), slice(*some)) for some in pairwise(cuts))
    digits.write_pieces(tmp_path / "pieces.parquet", pieces)
    assert filecmp.cmp(tmp_path / "whole.parquet", tmp_path / "pieces.parquet", shallow=False)


@pytest.mark.usefixtures("small")
def test_a_table_is_read_in_pieces_that_begin_anew(tmp_path: Path) -> None:
    digits.write(tmp_path / "a.parquet", SOME)
    with digits.opened(tmp_path / "a.parquet") as table:
        assert table.row.tolist() == SOME.row.tolist()
        assert table.label.tolist() == SOME.label.tolist()
        for _ in range(2):
            first, *others = table.pieces()
            assert_same(first, part_of(SOME, slice(2)))
            assert max(len(piece.row) for piece in others) == 2
            assert sum(len(piece.row) for piece in others) == 9


def test_pieces_give_the_bytes_of_the_whole(tmp_path: Path) -> None:
    whole = Encoded(PIXELS, ONE_HOT, ROW, 255.0)
    encoded.write(tmp_path / "whole.npz", whole)
    parts = [
        Encoded(PIXELS[at : at + 1], ONE_HOT[at : at + 1], ROW[at : at + 1], 255.0)
        for at in range(3)
    ]
    encoded.write_pieces(tmp_path / "pieces.npz", 3, 28, 255.0, parts)
    assert (tmp_path / "pieces.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()


def test_bytes_stay_in_the_file_and_other_numbers_do_not(tmp_path: Path) -> None:
    encoded.write(tmp_path / "a.npz", Encoded(PIXELS, ONE_HOT, ROW, 255.0))
    found = npz.read(tmp_path / "a.npz", 1, "encode", mapped=True)
    assert {name for name, array in found.items() if not array.flags.owndata} >= {"X", "Y"}
    assert not found["X"].flags.writeable
    assert found["row"].flags.aligned
    loaded = npz.read(tmp_path / "a.npz", 1, "encode")
    for name, array in loaded.items():
        assert np.array_equal(array, found[name])


def test_a_packed_or_turned_array_is_read_as_well(tmp_path: Path) -> None:
    arrays = {"format_version": np.array(1), "X": PIXELS, "Y": np.asfortranarray(ONE_HOT)}
    np.savez_compressed(tmp_path / "a.npz", allow_pickle=False, **arrays)
    np.savez(tmp_path / "b.npz", allow_pickle=False, **arrays)
    for name in ("a.npz", "b.npz"):
        found = npz.read(tmp_path / name, 1, "encode", mapped=True)
        assert np.array_equal(found["X"], PIXELS)
        assert np.array_equal(found["Y"], ONE_HOT)


def test_a_file_beyond_4_gib_is_read_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zipfile.ZIP64_LIMIT", 100)  # beyond it the archive ends in another record
    encoded.write(tmp_path / "a.npz", Encoded(PIXELS, ONE_HOT, ROW, 255.0))
    monkeypatch.undo()
    for mapped in (True, False):
        found = npz.read(tmp_path / "a.npz", 1, "encode", mapped=mapped)
        assert np.array_equal(found["X"], PIXELS)
        assert np.array_equal(found["row"], ROW)
