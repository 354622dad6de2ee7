"""Digits in CSV files: what is read, and what is said of the rest."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stages.ingest import read_source
from stages.sources import source
from tests.common.shared import share
from tests.sources.csv_cells import DIGITS, QUOTED, ROWS, read, refusal, with_cell
from tests.sources.made import (
    GRID_HEADER,
    HEADER,
    Rows,
    assert_same,
    csv_bytes,
    put_csv,
    random_digits,
)

PIXEL = "a whole number from 0 to 255"
LABEL = "a whole number from 0 to 9"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv") / "digits.csv"


@share(0.2)
@given(n=st.integers(1, 30), seed=st.integers(0, 99), name=st.sampled_from(["a.csv", "a.csv.gz"]))
def test_what_is_written_is_read(n: int, seed: int, name: str, path: Path) -> None:
    digits = random_digits(n, seed)
    assert_same(read_source(put_csv(path.with_name(name), digits)), digits)


@share(0.2)
@given(seed=st.integers(0, 2**32 - 1))
def test_columns_are_found_by_name_in_any_order(seed: int, path: Path) -> None:
    order = np.random.default_rng(seed).permutation(785)
    rows = [[row[place] for place in order] for row in ROWS]
    assert_same(read(path, csv_bytes(rows, [HEADER[place] for place in order])), DIGITS)


@pytest.mark.parametrize(
    "content",
    [
        csv_bytes(ROWS, end="\r\n"),
        csv_bytes(ROWS).removesuffix(b"\n"),
        csv_bytes(ROWS) + b"\n\n",
        csv_bytes(ROWS, end="\r\n") + b"\r\n\r\n",
        b"\xef\xbb\xbf" + csv_bytes(ROWS),
        b"\xef\xbb\xbf" + csv_bytes(ROWS, end="\r\n"),
        csv_bytes(ROWS, QUOTED),
        csv_bytes(ROWS, GRID_HEADER),
        csv_bytes([[f"{cell}.0" for cell in row] for row in ROWS]),
        csv_bytes([[f" {cell} " for cell in row] for row in ROWS]),
        csv_bytes(ROWS).replace(b",", b";"),
        csv_bytes(ROWS).replace(b",", b"\t"),
        csv_bytes(ROWS).replace(b",", b" "),
        csv_bytes([[f'"{cell}"' for cell in row] for row in ROWS], QUOTED),
        csv_bytes([[cell, *row] for cell, row in zip("123456", ROWS, strict=True)]),
        gzip.compress(csv_bytes(ROWS)),
        gzip.compress(csv_bytes(ROWS)) + bytes(16),
        gzip.compress(csv_bytes(ROWS)[:9000]) + gzip.compress(csv_bytes(ROWS)[9000:]),
    ],
    ids=[
        "CRLF",
        "no end of line at the end",
        "blank lines at the end",
        "blank CRLF lines at the end",
        "BOM",
        "BOM and CRLF",
        "quoted header",
        "grid header",
        "whole floats",
        "spaces",
        "semicolons",
        "tabs",
        "spaces alone",
        "everything quoted",
        "row names without a header",
        "gzip without the name",
        "gzip with padding",
        "gzip in two members",
    ],
)
def test_forms_that_mean_the_same(content: bytes, path: Path) -> None:
    assert_same(read(path, content), DIGITS)


def with_line(after: int, line: str, rows: Rows = ROWS) -> bytes:
    """Return a file with one more line after so many rows."""
    lines = csv_bytes(rows).decode().splitlines(keepends=True)
    return "".join([*lines[: after + 1], line, *lines[after + 1 :]]).encode()


@pytest.mark.parametrize("line", ["\n", "\r\n", "  \n", "\n\n\n"])
@pytest.mark.parametrize("after", [0, 1, 6])
def test_a_blank_line_is_no_row(after: int, line: str, path: Path) -> None:
    assert_same(read(path, with_line(after, line)), DIGITS)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("5.0", 5), ("5.", 5), ("+5", 5), ("007", 7), ("1e2", 100), ("2.55E2", 255), ("-0", 0)],
)
@pytest.mark.parametrize("other", ["7", "7.0"])
def test_a_number_is_the_same_however_it_is_written(
    cell: str, value: int, other: str, path: Path
) -> None:
    # The other cell decides whether the file can be read in the quick way.
    rows = with_cell(2, 100, cell)
    rows[3][100] = other
    assert read(path, csv_bytes(rows)).pixels[2, 99] == value


@pytest.mark.parametrize("name", ["", "Unnamed: 0"])
@pytest.mark.parametrize("first", ["0", "img é"])
def test_an_index_column_is_left_out_and_told_of(name: str, first: str, path: Path) -> None:
    rows = [[f"{first}{number}", *row] for number, row in enumerate(ROWS)]
    path.write_bytes(csv_bytes(rows, [name, *HEADER]))
    digits, notes = source.read(path, None)
    assert_same(digits, DIGITS)
    assert notes == [f"{name!r}, an index, is left out"]


@pytest.mark.parametrize("place", [1, 785])
def test_another_column_is_left_out_and_told_of(place: int, path: Path) -> None:
    rows = [[*row[:place], "x,y", *row[place:]] for row in ROWS]
    header = [*HEADER[:place], "source", *HEADER[place:]]
    path.write_bytes(
        csv_bytes([[cell.replace("x,y", '"x,y"') for cell in row] for row in rows], header)
    )
    digits, notes = source.read(path, None)
    assert_same(digits, DIGITS)
    assert notes == ["'source', neither label nor pixels, left out"]


NO_PIXEL = [
    "256",
    "-1",
    "5.5",
    "1e3",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "NA",
    "NULL",
    "abc",
    "5;",
    "5 5",
    "1_0",
    "0x10",
    "\u0665",  # a digit, but not of ASCII
    "9" * 30,
    "1e999",
]


@pytest.mark.parametrize("value", NO_PIXEL)
def test_a_cell_that_is_no_pixel(value: str, path: Path) -> None:
    message = refusal(path, csv_bytes(with_cell(3, 100, value)))
    assert f"line 5, column pixel99: {value!r}; expected {PIXEL}" in message


@pytest.mark.parametrize("value", ["10", "-1", "9.5", "NaN", "seven", "255", "256"])
def test_a_cell_that_is_no_label(value: str, path: Path) -> None:
    message = refusal(path, csv_bytes(with_cell(0, 0, value)))
    assert f"line 2, column label: {value!r}; expected {LABEL}" in message


@pytest.mark.parametrize("value", ["", " ", "\t"])
@pytest.mark.parametrize(("column", "name"), [(0, "label"), (1, "pixel0"), (784, "pixel783")])
def test_an_empty_cell(value: str, column: int, name: str, path: Path) -> None:
    message = refusal(path, csv_bytes(with_cell(5, column, value)))
    assert f"line 7, column {name}: an empty cell; expected" in message


@share(0.1)
@given(
    places=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 784)), min_size=1, max_size=3),
    value=st.sampled_from(NO_PIXEL)
    | st.integers(min_value=256).map(str)
    | st.integers(max_value=-1).map(str)
    | st.floats(0, 255).filter(lambda number: number != int(number)).map(repr),
)
@example(places=[(3, 5), (2, 9)], value="256")
def test_the_first_wrong_cell_is_told_exactly(
    places: list[tuple[int, int]], value: str, path: Path
) -> None:
    rows = [list(cells) for cells in ROWS]
    for row, column in places:
        rows[row][column] = value
    message = refusal(path, csv_bytes(rows))
    row, column = min(places)
    assert f"line {row + 2}, column {HEADER[column]}: {value[:40]!r}; expected" in message


def test_a_long_cell_is_not_repeated_whole(path: Path) -> None:
    assert len(refusal(path, csv_bytes(with_cell(0, 5, "x" * 10_000)))) < 1000


@pytest.mark.parametrize("number", [3, 7])
@pytest.mark.parametrize(
    ("change", "cells"),
    [
        (lambda row: row[:-1], 784),
        (lambda row: row[:1], 1),
        (lambda row: [*row, "0"], 786),
        (lambda row: [*row, ""], 786),
    ],
)
def test_a_ragged_row(
    number: int, change: Callable[[list[str]], list[str]], cells: int, path: Path
) -> None:
    rows = [change(row) if line == number else row for line, row in enumerate(ROWS, start=2)]
    message = refusal(path, csv_bytes(rows))
    assert f"line {number} has {cells} cell" in message
    assert "expected 785" in message


@pytest.mark.parametrize("line", ["\n", "  \n", "\n\n\n"])
def test_a_blank_line_is_counted(line: str, path: Path) -> None:
    number = 7 + line.count("\n")
    message = refusal(path, with_line(2, line, with_cell(5, 3, "256")))
    assert f"line {number}, column pixel2: '256'" in message
    message = refusal(path, with_line(2, line, [*ROWS[:5], ["1"]]))
    assert f"line {number} has 1 cell" in message


def test_cells_that_are_no_utf_8_are_told_by_their_line(path: Path) -> None:
    content = csv_bytes(with_cell(3, 100, "@")).replace(b"@", b"\xe9")
    assert "line 5" in refusal(path, content)


@pytest.mark.parametrize("last", ["0", ""])
def test_a_long_first_row_is_not_taken_for_one_with_a_name(last: str, path: Path) -> None:
    rows = [["1", *ROWS[0][1:], last], *ROWS[1:]]
    assert "line 2 has 786 cells; expected 785" in refusal(path, csv_bytes(rows))
