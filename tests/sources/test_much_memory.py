"""Files that ask for more memory than a reader should give are refused before it is given."""

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.common.errors import DigitsError
from stages.sources import listing, parquet_pages, source, xz
from stages.sources.columns import Part
from tests.common.shared import message_of
from tests.sources.made import assert_same, cells_of, csv_bytes, random_digits

DIGITS = random_digits(12, seed=9)
CSV = csv_bytes(cells_of(DIGITS))


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return message_of(lambda: source.read(path, None))


def test_an_xz_file_that_is_unpacked_by_way_of_a_gigabyte(tmp_path: Path) -> None:
    packed = bytearray(lzma.compress(CSV))
    header = packed[12 : 12 + 4 * (packed[12] + 1)]
    header[header.index(b"\x21\x01") + 2] = 36  # of the size of its dictionary
    header[-4:] = zlib.crc32(header[:-4]).to_bytes(4, "little")
    packed[12 : 12 + len(header)] = header
    message = refusal(tmp_path / "a.csv.xz", bytes(packed))
    assert message == f"cannot read {tmp_path / 'a.csv.xz'}: Memory usage limit exceeded"


@pytest.mark.parametrize("between", [b"", b"\0" * 4, b"\0" * 64])
def test_an_xz_file_of_several_streams(
    between: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xz, "_PIECE", 32)
    parts = [lzma.compress(part) for part in (CSV[:900], b"", CSV[900:])]
    (tmp_path / "a.csv.xz").write_bytes(between.join([*parts, b""]))
    assert_same(source.read(tmp_path / "a.csv.xz", None)[0], DIGITS)


def test_a_tar_archive_of_a_header_that_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_READ", 10_000)
    member = tarfile.TarInfo("a.csv")
    member.type, member.size = tarfile.XHDTYPE, 20_000
    content = member.tobuf(tarfile.USTAR_FORMAT) + bytes(30_000)
    message = refusal(tmp_path / "a.tar.gz", gzip.compress(content))
    assert "a.tar.gz: it has a header of 20480 bytes; expected at most 10000" in message


def test_a_zip_archive_of_a_long_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"PK"
        for number in range(9):
            archive.writestr(f"{number}.csv", b"")
    monkeypatch.setattr(listing, "_MOST_LISTED", 9 * (46 + 5))
    assert "several files" in refusal(tmp_path / "a.zip", buffer.getvalue())
    monkeypatch.setattr(listing, "_MOST_LISTED", 9 * (46 + 5) - 1)
    assert "more than 10,000 files" in refusal(tmp_path / "a.zip", buffer.getvalue())


def test_a_large_zip_archive_of_a_long_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    monkeypatch.setattr(listing, "_MOST_LISTED", 152)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", b"")
    assert b"PK\6\7" in buffer.getvalue()
    assert "more than 10,000 files" in refusal(tmp_path / "a.zip", buffer.getvalue())


def test_a_parquet_file_of_a_list_that_goes_on(tmp_path: Path) -> None:
    pixels = np.zeros(1_000_000, np.uint8)
    images = pa.ListArray.from_arrays(pa.array([0, len(pixels)], pa.int32()), pixels)
    pq.write_table(pa.table({"label": [1], "image": images}), tmp_path / "a.parquet")
    message = message_of(lambda: source.read(tmp_path / "a.parquet", None))
    assert "its column image has 1,000,000 numbers a row; expected 784" in message


def test_a_parquet_file_of_a_dictionary_with_a_large_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pages, "_MOST_TEXTS", 10_000)
    images = pa.array([bytes(784), bytes(2000)]).take(pa.array([0] * 9 + [1]))
    pq.write_table(pa.table({"label": [1] * 10, "image": images}), tmp_path / "a.parquet")
    parts, message = list[Part](), ""
    try:
        parts.extend(source.parts(tmp_path / "a.parquet", None))
    except DigitsError as error:
        message = str(error)
    assert "row 10, column image" in message
    assert [len(part.label) for part in parts] == [0, 3, 3, 3]
