"""Every kind of bad CSV file is refused in one line that says where, what and what was expected."""

import gzip
import shutil
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.faults.bad_csv import WRONG_CELLS, WRONG_FILES, WRONG_HEADERS
from tests.faults.refused import MANY, Ingest, assert_refused
from tests.faults.sources import HEADER, Bad, good_lines, joined, quick_gzip, with_cell
from tests.faults.stages import run_process, write_params

BAD_CSV = [*WRONG_HEADERS, *WRONG_FILES, *WRONG_CELLS]


def named(cases: list[Bad]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in cases])


def check(ingest: Ingest, bad: Bad, rows: int) -> None:
    Path(bad.file).write_bytes(bad.make(list(good_lines(rows))))
    says = [f"line {rows - 1}" if part == "LINE" else part for part in bad.says]
    assert_refused(ingest(bad.file), bad.file, says)


@named(BAD_CSV)
def test_refused_with_ten_rows(bad: Bad, ingest: Ingest) -> None:
    check(ingest, bad, 10)


FAR = ("fraction", "a short row", "a wrong sum")  # of each kind that a later piece can show


@named([bad for bad in BAD_CSV if bad.name in FAR])
def test_refused_in_a_later_piece_of_the_file(bad: Bad, ingest: Ingest) -> None:
    check(ingest, bad, 2500)


# Without the files that have nothing of the rows in them.
@named(
    [
        *WRONG_HEADERS,
        *WRONG_CELLS,
        *(bad for bad in WRONG_FILES if bad.make([b"x"]) != bad.make([b"y"])),
    ]
)
@pytest.mark.whole
def test_refused_with_many_rows(bad: Bad, ingest: Ingest) -> None:
    check(ingest, bad, MANY)


@named(WRONG_CELLS[:1] + WRONG_HEADERS[:1] + WRONG_FILES[:1])
def test_refused_by_the_command_itself(bad: Bad, tmp_path: Path) -> None:
    (tmp_path / bad.file).write_bytes(bad.make(list(good_lines(10))))
    write_params(tmp_path, ingest__source=bad.file)
    outcome = run_process("ingest", tmp_path)
    assert outcome.code == 1
    assert len(outcome.lines) == 1
    assert not (tmp_path / "data").exists()


def test_a_damaged_gzip_is_told_before_the_cells_that_it_shows(ingest: Ingest) -> None:
    packed = bytearray(gzip.compress(joined(good_lines(3000))))
    packed[len(packed) // 2] ^= 8
    Path("digits.csv.gz").write_bytes(packed)
    code, (message,) = ingest("digits.csv.gz")
    assert code == 1
    assert message.startswith("ingest: cannot read digits.csv.gz: ")


def test_names_in_place_of_those_wanted_are_shown(ingest: Ingest) -> None:
    lines = [HEADER.replace(b"pixel5,", b"pixie5,"), *good_lines(10)[1:]]
    Path("digits.csv").write_bytes(joined(lines))
    assert_refused(ingest("digits.csv"), "digits.csv", ["no column: 'pixel5'", "(but 'pixie5')"])


def test_the_first_of_two_faults_is_told(ingest: Ingest) -> None:
    lines = list(good_lines(10))
    with_cell(lines, 6, 0, b"late")
    with_cell(lines, 8, 3, b"late")
    with_cell(lines, 5, 9, b"right")
    with_cell(lines, 5, 7, b"left")
    lines[7] += b",ragged"
    Path("digits.csv").write_bytes(joined(lines))
    assert_refused(ingest("digits.csv"), "digits.csv", ["line 6", "column pixel6", "'left'"])


def test_lines_are_counted_as_an_editor_does(ingest: Ingest) -> None:
    lines = list(good_lines(10))
    with_cell(lines, 8, 3, b"ink")
    content = b"\r\n".join([lines[0], b"", *lines[1:5], b"", b"", *lines[5:]])
    Path("digits.csv").write_bytes(content)
    assert_refused(ingest("digits.csv"), "digits.csv", ["line 12", "'ink'"])


BOMBS = (bytes(785), b" \n" * 400, b"0" * 784)


@pytest.mark.parametrize(
    "bomb",
    [b"0," * 392, b"\n" * 785, *(pytest.param(bomb, marks=pytest.mark.whole) for bomb in BOMBS)],
)
def test_a_gzip_bomb(bomb: bytes, ingest: Ingest) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(HEADER + b"\n")
    for _ in range(1100):
        packed += packer.compress((bomb + b"\n") * 128)
    Path("bomb.csv.gz").write_bytes(packed + packer.flush())
    code, (message,) = ingest("bomb.csv.gz")
    assert code == 1
    assert "bomb.csv.gz" in message
    if b"\n" in bomb:
        assert "from line 2 on, more than 1,048,576 bytes hold no row" in message


def test_a_bomb_of_good_rows_fills_no_disk(ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=9_000_000))
    Path("bomb.csv.gz").write_bytes(quick_gzip(joined(good_lines(6000))))
    says = ["No space left on device: up to ", " bytes are needed there", "9,000,000 are free"]
    assert_refused(ingest("bomb.csv.gz"), "data/digits.parquet", says)
