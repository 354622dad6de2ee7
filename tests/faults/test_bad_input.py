"""Every kind of bad source is refused in one line that says where, what and what was expected."""

import gzip
import os
import socket
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.common.artifacts import digits
from stages.sources import unpacked
from tests.faults.sources import (
    GRID,
    HEADER,
    Bad,
    Lines,
    cell,
    good_lines,
    header,
    idx,
    idx_files,
    joined,
    last_but_two,
    parquet_bytes,
    pixels,
    quick_gzip,
    table_of,
    whole,
    with_cell,
    write_files,
)
from tests.faults.stages import Outcome, run_here, run_process, run_unprivileged, write_params

Ingest = Callable[[str], Outcome]
NAMES = HEADER.split(b",")
MANY = 42_000

WRONG_CELLS = [
    cell("fraction", b"5.5", "'5.5'", "whole number from 0 to 255"),
    cell("negative", b"-1", "'-1'", "whole number from 0 to 255"),
    cell("256", b"256", "'256'", "whole number from 0 to 255"),
    cell("300 as a float", b"300.0", "'300.0'"),
    cell("NaN", b"NaN", "'NaN'", "whole number"),
    cell("NA", b"NA", "'NA'"),
    cell("infinity", b"inf", "'inf'"),
    cell("more than any float", b"1e999", "'1e999'"),
    cell("very long", b"9" * 5000, "'9999"),
    cell("empty cell", b"", "an empty cell", "whole number"),
    cell("a space", b" ", "an empty cell"),
    cell("text", b"ink", "'ink'", "whole number"),
    cell("text with an x", b"x", "'x'"),
    cell("hexadecimal", b"0x1F", "'0x1F'"),
    cell("true", b"true", "'true'"),
    cell("two numbers", b"1 2", "'1 2'"),
    cell("a thousands separator", b"1_0", "'1_0'"),
    cell("another script's digit", "٣".encode(), "'٣'"),
    cell("not UTF-8", b"\xe9", "whole number"),
    cell("a NUL byte", b"1\x002", "whole number"),
    cell("a quoted number", b'"5"', "'\"5\"'", "whole number"),
    cell("a quoted label", b'"5"', "'\"5\"'", "from 0 to 9", column=0),
    cell("a label of 10", b"10", "'10'", "whole number from 0 to 9", column=0),
    cell("a label below", b"-1", "'-1'", "from 0 to 9", column=0),
    cell("a label between", b"3.5", "'3.5'", "from 0 to 9", column=0),
    cell("no label", b"", "an empty cell", "from 0 to 9", column=0),
    cell("a label in words", b"three", "'three'", "from 0 to 9", column=0),
    last_but_two("a short row", lambda row: row.rpartition(b",")[0], "784 cells", "expected 785"),
    last_but_two("a long row", lambda row: row + b",0", "786 cells", "expected 785"),
    last_but_two("a comma at the end", lambda row: row + b",", "786 cells", "expected 785"),
    last_but_two("a word for a row", lambda _: b"total", "1 cells", "expected 785"),
    last_but_two("a row cut by CR", lambda row: row[:900] + b"\r" + row[900:], "carriage return"),
    last_but_two("a huge line", lambda row: row + b"1" * (2 << 20)),
]

WRONG_HEADERS = [
    header("no label column", b",".join(NAMES[1:]), "line 1", "no column: 'label'", "expected"),
    header("two label columns", HEADER + b",label", "line 1", "column twice: 'label'"),
    header("a pixel missing", b",".join(NAMES[:-1]), "no column: 'pixel783'", "expected label"),
    header("a pixel doubled", HEADER + b",pixel7", "column twice: 'pixel7'", "expected label"),
    header("a pixel too many", HEADER + b",pixel784", "unknown column: 'pixel784'", "expected"),
    header("64 pixels", b",".join(NAMES[:65]), "no column: 'pixel64'", "717 more", "among 65"),
    header("a capital letter", HEADER.replace(b"label", b"Label"), "no column: 'label'"),
    header("a strange column", HEADER + b",name", "unknown column: 'name'"),
    header("a mixture of names", HEADER.replace(b"pixel783", b"28x28"), "no column: 'pixel783'"),
    header("a blank first line", b"", "line 1 is empty"),
    header("NUL in the header", HEADER + b"\0", "not UTF-8 text"),
    header("Latin-1 in the header", HEADER + b",\xe9t\xe9", "line 1", "UTF-8"),
    header("an open quote", b'"' + HEADER, "line 1"),
    header("an endless header", b"label," * 200_000, "line 1 is longer than 1,048,576 bytes"),
]

WRONG_FILES = [
    whole("an empty file", lambda _: b"", "the file is empty", "expected a header"),
    whole("a BOM alone", lambda _: b"\xef\xbb\xbf", "is empty"),
    whole("an empty gzip", lambda _: quick_gzip(b""), "the file is empty", file="digits.csv.gz"),
    whole("a header alone", lambda _: HEADER + b"\n", "no row after the header"),
    whole("a header without end", lambda _: HEADER, "no row after the header"),
    whole("a header and blanks", lambda _: HEADER + b"\n\n\r\n\n", "no row after the header"),
    whole("no header", lambda it: it.partition(b"\n")[2], "line 1 holds numbers", "header"),
    whole("semicolons", lambda it: it.replace(b",", b";"), "not separated by commas"),
    whole("tabs", lambda it: it.replace(b",", b"\t"), "not separated by commas"),
    whole("CR alone", lambda it: it.replace(b"\n", b"\r"), "CR alone", "expected LF or CRLF"),
    whole("UTF-16", lambda it: it.decode().encode("utf-16"), "UTF-16", "expected a CSV file"),
    whole("UTF-16, big end", lambda it: b"\xfe\xff" + it.decode().encode("utf-16-be"), "UTF-16"),
    whole("UTF-16, no mark", lambda it: it.decode().encode("utf-16-le"), "UTF-16"),
    whole("UTF-32", lambda it: it.decode().encode("utf-32"), "UTF-16"),
    whole("random bytes", lambda _: b"\xff" + np.random.default_rng(1).bytes(9999), "line 1"),
    whole("a truncated gzip", lambda it: quick_gzip(it)[:-900], "cannot read", file="a.csv.gz"),
    whole("a gzip without its end", lambda it: quick_gzip(it)[:-4], "cannot read", file="a.csv.gz"),
    whole("a gzip of 5 bytes", lambda it: quick_gzip(it)[:5], "cannot read", file="a.csv.gz"),
    whole("a gzip that is none", lambda it: it, "not as gzip does", file="digits.csv.gz"),
    whole("a gzip of junk", lambda _: b"\x1f\x8b" + b"junk" * 99, "cannot read", file="a.csv.gz"),
    whole("a gzip and junk", lambda it: quick_gzip(it) + b"junk", "cannot read", file="a.csv.gz"),
    whole("a gzip in a gzip", lambda it: quick_gzip(quick_gzip(it)), "line 1", file="a.csv.gz"),
    whole("a wrong sum", lambda it: quick_gzip(it)[:-8] + b"12345678", "CRC", file="a.csv.gz"),
    whole("a zip archive", lambda it: b"PK\x03\x04" + it, "zip archive", "expected a CSV"),
    whole("a bzip2 archive", lambda it: b"BZh9" + it, "bzip2 archive"),
    whole("an xz archive", lambda it: b"\xfd7zXZ" + it, "xz archive"),
    whole("CSV as Parquet", lambda it: it, "no Parquet file", "PAR1", file="digits.parquet"),
    whole("Feather", lambda it: b"ARROW1" + it, "Arrow or Feather", file="digits.parquet"),
    whole("ORC", lambda it: b"ORC" + it, "an ORC file", file="digits.parquet"),
    whole("Parquet's start alone", lambda _: b"PAR1", "cannot read", "Parquet"),
]

BAD_CSV = [*WRONG_HEADERS, *WRONG_FILES, *WRONG_CELLS]


def named(cases: list[Bad]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in cases])


@pytest.fixture
def ingest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ingest:
    """Return what runs the stage on a source in an empty project with an earlier artifact."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path / "data", {"digits.parquet": b"the earlier one"})

    def run(source: str) -> Outcome:
        write_params(tmp_path, ingest__source=source)
        return run_here("ingest", capsys)

    return run


def assert_refused(outcome: Outcome, source: str, says: list[str]) -> None:
    """Assert that a run failed with one line that says all this, and wrote nothing."""
    assert outcome.code == 1, outcome.lines
    assert len(outcome.lines) == 1, outcome.lines
    (message,) = outcome.lines
    assert message.startswith("ingest: ")
    assert [part for part in (source, *says) if part not in message] == [], message
    assert len(message) < 500
    assert Path("data/digits.parquet").read_bytes() == b"the earlier one"
    assert [path.name for path in Path("data").iterdir()] == ["digits.parquet"]


def check(ingest: Ingest, bad: Bad, rows: int) -> None:
    Path(bad.file).write_bytes(bad.make(list(good_lines(rows))))
    says = [f"line {rows - 1}" if part == "LINE" else part for part in bad.says]
    assert_refused(ingest(bad.file), bad.file, says)


@named(BAD_CSV)
def test_refused_with_ten_rows(bad: Bad, ingest: Ingest) -> None:
    check(ingest, bad, 10)


# Without the files that have nothing of the rows in them.
@named(
    [
        *WRONG_HEADERS,
        *WRONG_CELLS,
        *(bad for bad in WRONG_FILES if bad.make([b"x"]) != bad.make([b"y"])),
    ]
)
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
    lines = [HEADER.replace(b"pixel5,", b"pixel05,"), *good_lines(10)[1:]]
    Path("digits.csv").write_bytes(joined(lines))
    assert_refused(ingest("digits.csv"), "digits.csv", ["no column: 'pixel5'", "(but 'pixel05')"])


def test_the_first_of_two_faults_is_told(ingest: Ingest) -> None:
    lines = list(good_lines(10))
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


def spaced(lines: Lines) -> bytes:
    return joined(
        [lines[0].replace(b",", b" , "), *(row.replace(b",", b", ") for row in lines[1:])]
    )


def indexed(name: bytes, lines: Lines) -> bytes:
    rows = [str(row).encode() + b"," + line for row, line in enumerate(lines[1:])]
    return joined([name + b"," + lines[0], *rows])


def reordered(lines: Lines) -> bytes:
    return joined([b",".join(line.split(b",")[::-1]) for line in lines])


GOOD_CSV: dict[str, Callable[[Lines], bytes]] = {
    "as it is": joined,
    "no newline at the end": lambda lines: b"\n".join(lines),
    "CRLF": lambda lines: b"\r\n".join(lines),
    "a byte-order mark": lambda lines: b"\xef\xbb\xbf" + joined(lines),
    "blank lines": lambda lines: joined([*lines[:4], b"", b"\r", *lines[4:], b"", b""]),
    "spaces": spaced,
    "floats": lambda lines: joined([HEADER, *(row.replace(b",", b".0,") for row in lines[1:])]),
    "names like 1x1": lambda lines: joined([GRID, *lines[1:]]),
    "quoted names": lambda lines: joined([b'"' + HEADER.replace(b",", b'","') + b'"', *lines[1:]]),
    "columns in another order": reordered,
    "gzip": lambda lines: quick_gzip(joined(lines)),
    "gzip of several members": lambda lines: b"".join(quick_gzip(line + b"\n") for line in lines),
    "gzip with zeros after it": lambda lines: quick_gzip(joined(lines)) + bytes(99),
}


def read_back() -> tuple[list[int], list[bytes]]:
    read = digits.read(digits.DIGITS)
    assert read.row.tolist() == list(range(len(read.row)))
    return read.label.tolist(), [row.tobytes() for row in read.pixels]


def assert_good_rows(rows: int) -> None:
    labels, images = read_back()
    assert labels == [row % 10 for row in range(rows)]
    assert images == [pixels()[row % 10].tobytes() for row in range(rows)]


@pytest.mark.parametrize("form", GOOD_CSV)
@pytest.mark.parametrize("rows", [10, 2345, MANY])
def test_accepted(form: str, rows: int, ingest: Ingest) -> None:
    Path("digits.csv").write_bytes(GOOD_CSV[form](list(good_lines(rows))))
    assert ingest("digits.csv") == Outcome(0, [])
    assert_good_rows(rows)


@pytest.mark.parametrize("text", ["5.0", "+5", "5.", "05", "5e0", "0.5e1", "50e-1", " 5 ", "5.000"])
def test_another_way_to_write_5(text: str, ingest: Ingest) -> None:
    lines = list(good_lines(10))
    with_cell(lines, 6, 41, text.encode())
    with_cell(lines, 6, 0, text.encode())
    Path("digits.csv").write_bytes(joined(lines))
    assert ingest("digits.csv") == Outcome(0, [])
    labels, images = read_back()
    assert (labels[5], images[5][40]) == (5, 5)


@pytest.mark.parametrize("name", [b"", b"Unnamed: 0", b'""'])
def test_an_index_column_is_accepted_with_a_note(name: bytes, ingest: Ingest) -> None:
    Path("digits.csv").write_bytes(indexed(name, list(good_lines(10))))
    code, notes = ingest("digits.csv")
    assert code == 0
    assert len(notes) == 1
    assert "index" in notes[0]
    assert "digits.csv" in notes[0]
    assert_good_rows(10)


def test_a_fault_beside_an_index_column_is_told_alone(ingest: Ingest) -> None:
    lines = list(good_lines(10))
    with_cell(lines, 6, 41, b"ink")
    Path("digits.csv").write_bytes(indexed(b"", lines))
    assert_refused(ingest("digits.csv"), "digits.csv", ["line 7", "column pixel40"])


@pytest.mark.parametrize("bomb", [b"0," * 392, bytes(785), b"\n" * 785, b" \n" * 400, b"0" * 784])
def test_a_gzip_bomb(bomb: bytes, ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "MOST_BYTES", 50_000_000)
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(HEADER + b"\n")
    for _ in range(1100):
        packed += packer.compress((bomb + b"\n") * 128)
    Path("bomb.csv.gz").write_bytes(packed + packer.flush())
    code, (message,) = ingest("bomb.csv.gz")
    assert code == 1
    assert "bomb.csv.gz" in message
    if b"\n" in bomb:
        assert "50,000,000 bytes" in message


def test_a_bomb_of_good_rows(ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "MOST_ROWS", 5000)
    Path("bomb.csv.gz").write_bytes(quick_gzip(joined(good_lines(6000))))
    assert_refused(ingest("bomb.csv.gz"), "bomb.csv.gz", ["expected at most 5,000"])


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
    pa.string(): "5",
    pa.binary(): b"5",
    pa.bool_(): True,
    pa.date32(): 5,
    pa.timestamp("ms"): 5,
    pa.list_(pa.uint8()): [5],
    pa.struct([("a", pa.uint8())]): {"a": 5},
    pa.decimal128(5, 2): 5,
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
    "type dictionary": (
        lambda it: retyped(it, "label", it["label"].cast(pa.string()).dictionary_encode()),
        ["column label", "of type dictionary"],
    ),
}


@pytest.mark.parametrize("fault", BAD_TABLES)
@pytest.mark.parametrize("rows", [10, MANY])
def test_a_wrong_table_in_parquet(fault: str, rows: int, ingest: Ingest) -> None:
    change, says = BAD_TABLES[fault]
    Path("digits.parquet").write_bytes(parquet_bytes(change(table_of(rows))))
    told = [f"row {rows - 2}" if part == "ROW" else part for part in says]
    assert_refused(ingest("digits.parquet"), "digits.parquet", told)


@pytest.mark.parametrize("kept", [4, 7, 8, 50, 0.5, -1, -8, -9])
@pytest.mark.parametrize("rows", [10, MANY])
def test_a_truncated_parquet_file(kept: float, rows: int, ingest: Ingest) -> None:
    content = parquet_bytes(table_of(rows))
    size = int(len(content) * kept) if isinstance(kept, float) else kept
    Path("digits.parquet").write_bytes(content[:size])
    assert_refused(ingest("digits.parquet"), "digits.parquet", ["cannot read"])


def test_a_parquet_file_of_too_many_rows(ingest: Ingest) -> None:
    columns = {name.decode(): np.zeros(500_001, np.uint8) for name in NAMES[:2]}
    same = {name.decode(): columns["pixel0"] for name in NAMES[2:]}
    pq.write_table(pa.table(columns | same), "digits.parquet")
    assert_refused(ingest("digits.parquet"), "digits.parquet", ["500,001", "at most 500,000"])


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


TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


def stated(*sizes: int) -> bytes:
    """Return the header of an IDX file of these sizes."""
    return bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)


def images(n: int, side: int = 28) -> bytes:
    """Return an IDX file of n blank images."""
    return stated(n, side, side) + bytes(n * side * side)


def zeros(n: int) -> bytes:
    """Return an IDX file of n labels."""
    return stated(n) + bytes(n)


Spoiled = tuple[str, bytes | None, list[str]]  # the file, what it holds, what the message says

# Each from the number of rows that a good file would have.
BAD_IDX: dict[str, Callable[[int], Spoiled]] = {
    "a file missing": lambda _: (TEST_LABELS, None, ["has no file", "four MNIST files"]),
    "an empty file": lambda _: (
        TRAIN_IMAGES,
        b"",
        ["magic number is missing", "expected 00000803"],
    ),
    "one byte": lambda _: (TRAIN_LABELS, b"\0", ["magic number is 00", "expected 00000801"]),
    "wrong magic": lambda n: (
        TRAIN_IMAGES,
        b"\0\0\x0c\3" + images(n)[4:],
        ["is 00000c03", "expected 00000803"],
    ),
    "labels for images": lambda n: (TRAIN_IMAGES, zeros(n), ["is 00000801", "expected 00000803"]),
    "images for labels": lambda n: (TRAIN_LABELS, images(n), ["is 00000803", "expected 00000801"]),
    "gzipped inside": lambda _: (TRAIN_LABELS + ".gz", b"none", ["not as gzip does"]),
    "a header cut": lambda n: (TRAIN_IMAGES, images(n)[:9], ["within its header"]),
    "a count too high": lambda n: (
        TRAIN_IMAGES,
        stated(n + 1, 28, 28) + bytes(784 * n),
        [f"{784 * n + 784} bytes", f"{784 * n} follow"],
    ),
    "a count too low": lambda n: (
        TRAIN_IMAGES,
        stated(n - 1, 28, 28) + bytes(784 * n),
        [f"{784 * n - 784} bytes", f"{784 * n} follow"],
    ),
    "a count of zero": lambda _: (TRAIN_IMAGES, stated(0, 28, 28), ["no image or label"]),
    "a huge count": lambda n: (
        TRAIN_IMAGES,
        stated(2**32 - 1, 28, 28) + bytes(784 * n),
        ["4,294,967,295", "at most 500,000"],
    ),
    "a short body": lambda n: (
        TEST_IMAGES,
        images(n)[:-1],
        [f"{784 * n} bytes", f"{784 * n - 1} follow"],
    ),
    "no body": lambda n: (TEST_LABELS, stated(n), [f"{n} bytes", "0 follow"]),
    "a long body": lambda n: (TEST_LABELS, zeros(n) + b"\0", [f"{n} bytes", f"{n + 1} follow"]),
    "another image size": lambda n: (TRAIN_IMAGES, images(n, side=20), ["20 x 20", "28 x 28"]),
    "sizes that overflow": lambda n: (
        TRAIN_IMAGES,
        stated(n, 2**31, 2**31),
        ["expected 28 x 28"],
    ),
    "fewer labels": lambda n: (TRAIN_LABELS, zeros(n - 1), [f"{n - 1} labels", f"{n} images"]),
    "more labels": lambda n: (TEST_LABELS, zeros(n + 1), [f"{n + 1} labels", f"{n} images"]),
    "a label of 10": lambda n: (
        TRAIN_LABELS,
        zeros(n)[:-1] + b"\n",
        [f"row {n}", "column label", "10", "0 to 9"],
    ),
}


@pytest.mark.parametrize("fault", BAD_IDX)
@pytest.mark.parametrize("rows", [10, MANY])
def test_a_wrong_idx_file(fault: str, rows: int, ingest: Ingest) -> None:
    name, content, says = BAD_IDX[fault](rows)
    files = idx_files(rows)
    del files[name.removesuffix(".gz")]
    write_files(Path("mnist"), files if content is None else files | {name: content})
    assert_refused(ingest("mnist"), "mnist", [name, *says])


@pytest.mark.parametrize("body", [10**6, 40 * 10**6])
def test_an_idx_bomb_is_unpacked_no_further_than_its_header_says(body: int, ingest: Ingest) -> None:
    packed = quick_gzip(stated(10, 28, 28) + bytes(body))
    files = idx_files(10)
    del files[TRAIN_IMAGES]
    write_files(Path("mnist"), files | {f"{TRAIN_IMAGES}.gz": packed})
    assert_refused(ingest("mnist"), "mnist", [TRAIN_IMAGES, "7840 bytes", "follow"])


@pytest.mark.parametrize("many", [False, True])
def test_a_late_fault_in_many_idx_rows(many: bool, ingest: Ingest) -> None:
    rows = MANY if many else 20
    files = idx_files(rows)
    labels = bytearray(files[TEST_LABELS])
    labels[-3] = 12
    write_files(Path("mnist"), files | {TEST_LABELS: bytes(labels)})
    assert_refused(ingest("mnist"), "mnist", [f"row {rows - 2}", "column label", "12"])


def test_both_forms_of_an_idx_file_are_told(ingest: Ingest) -> None:
    wrong = gzip.compress(idx(np.full(10, 7, np.uint8)))
    write_files(Path("mnist"), idx_files(10) | {f"{TEST_LABELS}.gz": wrong})
    code, (note,) = ingest("mnist")
    assert code == 0
    assert f"{TEST_LABELS}.gz is left out" in note
    assert_good_rows(20)


@pytest.mark.parametrize("packed", [False, True])
def test_idx_files_are_accepted_train_first(packed: bool, ingest: Ingest) -> None:
    files = idx_files(10) | {TEST_LABELS: idx(np.full(10, 7, np.uint8))}
    if packed:
        files = {f"{name}.gz": gzip.compress(content) for name, content in files.items()}
    write_files(Path("mnist"), files)
    assert ingest("mnist") == Outcome(0, [])
    labels, _ = read_back()
    assert labels == [*range(10), *[7] * 10]


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


BAD_PATHS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "does not exist"),
    "an empty folder": (Path.mkdir, "has no file train-images-idx3-ubyte"),
    "a folder of CSV files": (
        lambda path: write_files(path, {"digits.csv": joined(good_lines(10))}),
        "expected a folder with the four MNIST files",
    ),
    "a pipe": (make_fifo, "neither a file nor a folder"),
    "a socket": (make_socket, "neither a file nor a folder"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "neither a file nor a folder"),
    "a broken link": (lambda path: path.symlink_to("nowhere"), "does not exist"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "symbolic links"),
}


@pytest.mark.parametrize("kind", BAD_PATHS)
def test_no_file_at_all(kind: str, ingest: Ingest) -> None:
    make, says = BAD_PATHS[kind]
    make(Path("source"))
    assert_refused(ingest("source"), "source", [says])


@pytest.mark.parametrize("source", ["data/digits.parquet/x", "a\0b", "x" * 5000, "a\nb"])
def test_no_path_at_all(source: str, ingest: Ingest) -> None:
    assert_refused(ingest(source), "ingest.source", [])


def test_without_read_permission(open_folder: Path) -> None:
    secret = open_folder / "secret.csv"
    secret.write_bytes(joined(good_lines(10)))
    secret.chmod(0)
    write_params(open_folder, ingest__source="secret.csv")
    code, (message,) = run_unprivileged("ingest", open_folder)
    assert code == 1
    assert "secret.csv" in message
    assert "Permission denied" in message


NAMES_OF_FILES = ["mes données/träin (1).csv", "数字.csv", "a 'b' \"c\".csv", "$(touch x);&.csv"]


@pytest.mark.parametrize("name", NAMES_OF_FILES)
def test_a_path_with_spaces_and_other_letters(name: str, ingest: Ingest) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(joined(good_lines(10)))
    assert ingest(name) == Outcome(0, [])
    assert_good_rows(10)
