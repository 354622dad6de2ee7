"""CSV files in every common form are read, and mean the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.refused import Ingest, assert_good_rows, assert_refused, many_too, read_back
from tests.faults.sources import GRID, HEADER, Lines, good_lines, joined, quick_gzip, with_cell
from tests.faults.stages import Outcome


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


@pytest.mark.parametrize("form", GOOD_CSV)
@many_too
def test_accepted(form: str, rows: int, ingest: Ingest) -> None:
    Path("digits.csv").write_bytes(GOOD_CSV[form](list(good_lines(rows))))
    assert ingest("digits.csv") == Outcome(0, [])
    assert_good_rows(rows)


@pytest.mark.parametrize("form", ["CRLF", "floats", "gzip of several members"])
def test_accepted_in_several_pieces(form: str, ingest: Ingest) -> None:
    test_accepted(form, 2345, ingest)


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
