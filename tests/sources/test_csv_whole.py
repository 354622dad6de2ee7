"""CSV files that are no tables of digits, that are damaged, or that are long."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.sources.csv_cells import ROWS, read, refusal, with_cell
from tests.sources.made import (
    GRID_HEADER,
    HEADER,
    csv_bytes,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv") / "digits.csv"


HEADERS: dict[str, tuple[bytes, str]] = {
    "no header, no label": (
        csv_bytes([row[1:] for row in ROWS[1:]], ROWS[0][1:]),
        "784 pixels and no label",
    ),
    "no label": (csv_bytes([row[1:] for row in ROWS], HEADER[1:]), "no column: 'label'"),
    "no last pixel": (csv_bytes([row[:-1] for row in ROWS], HEADER[:-1]), "no column: 'pixel783'"),
    "from 2": (
        csv_bytes(ROWS, ["label", *(f"pixel{i}" for i in range(2, 786))]),
        "no column: 'pixel0'",
    ),
    "half": (
        csv_bytes([row[:393] for row in ROWS], HEADER[:393]),
        "no column: 'pixel392', 'pixel393', 'pixel394' and 389 more",
    ),
    "twice": (csv_bytes(ROWS, [*HEADER[:-1], "pixel3"]), "column twice: 'pixel3'"),
    "label twice": (csv_bytes([["1", *row] for row in ROWS], ["label", *HEADER]), "twice: 'label'"),
    "one more": (
        csv_bytes([[*row, "1"] for row in ROWS], [*HEADER, "pixel784"]),
        "unknown column: 'pixel784'",
    ),
    "two labels": (
        csv_bytes([[*row, "1"] for row in ROWS], [*HEADER, "class"]),
        "labels could be read from 'label' or 'class'",
    ),
    "part of the grid": (
        csv_bytes([row[:-1] for row in ROWS], GRID_HEADER[:-1]),
        "no column: '28x28'",
    ),
    "half grid": (csv_bytes(ROWS, [*GRID_HEADER[:-1], "pixel783"]), "no column: '28x28'"),
    "nothing": (b"", "empty"),
    "blank first line": (b"\n" + csv_bytes(ROWS), "line 1 is empty"),
    "spaces": (b"   \n", "line 1 is empty"),
    "header only": (csv_bytes([]), "no row"),
    "header only, no end of line": (csv_bytes([]).strip(), "no row"),
    "header and blank lines": (csv_bytes([]) + b"\n\n", "no row"),
    "UTF-16": (csv_bytes(ROWS).decode().encode("utf-16"), "expected a CSV file in UTF-8"),
    "UTF-16 LE": (csv_bytes(ROWS).decode().encode("utf-16-le"), "expected a CSV file in UTF-8"),
    "UTF-16 BE": (csv_bytes(ROWS).decode().encode("utf-16-be"), "expected a CSV file in UTF-8"),
    "Latin-1": (b"\xe9tiquette," + csv_bytes(ROWS), "UTF-8"),
    "old Mac": (csv_bytes(ROWS, end="\r"), "lines end in CR alone"),
    "an open quote": (b'"label,' + csv_bytes(ROWS), "line 1"),
    "a gzip of nothing": (gzip.compress(b""), "empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_a_file_that_is_no_table_of_digits(case: str, path: Path) -> None:
    content, words = HEADERS[case]
    assert words in refusal(path, content)


def test_random_bytes(path: Path) -> None:
    for seed in range(20):
        refusal(path, np.random.default_rng(seed).bytes(2000))


def test_a_gzip_cut_short_anywhere(path: Path) -> None:
    whole = gzip.compress(csv_bytes(ROWS))
    for size in {*range(3, len(whole), len(whole) // 30), *range(len(whole) - 12, len(whole))}:
        assert "cannot read" in refusal(path, whole[:size])


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_gzip_with_a_changed_byte(place: float, path: Path) -> None:
    packed = bytearray(gzip.compress(csv_bytes(ROWS)))
    packed[int(len(packed) * place)] ^= 0xFF
    refusal(path, bytes(packed))


def test_a_gzip_with_something_behind(path: Path) -> None:
    refusal(path, gzip.compress(csv_bytes(ROWS)) + b"more")


def test_a_quote_that_does_not_end(path: Path) -> None:
    message = refusal(path, csv_bytes(with_cell(3, 100, '"5')))
    assert "line 5 has a quote that does not end" in message


LONG_ROWS = 5000
LONG_ROW = ",".join(["3", *["7"] * 783, "200"]) + "\n"


def long_csv(change: Callable[[str], str], line: int) -> bytes:
    """Return a file of 5,000 rows, 8 MB, with one line changed; the header is line 1."""
    lines = [",".join(HEADER) + "\n", *[LONG_ROW] * LONG_ROWS]
    lines[line - 1] = change(lines[line - 1])
    return "".join(lines).encode()


LONG: dict[str, tuple[Callable[[str], str], str]] = {
    "256": (lambda line: line.replace("7", "256", 1), "line 3000, column pixel0: '256'; expected"),
    "empty": (lambda line: line[:-4] + "\n", "line 3000, column pixel783: an empty cell; expected"),
    "label": (lambda line: "x" + line[1:], "line 3000, column label: 'x'; expected"),
    "short": (lambda line: line[:-5] + "\n", "line 3000 has 784 cells; expected 785"),
    "long": (lambda line: "7," + line, "line 3000 has 786 cells; expected 785"),
    "after a blank line": (
        lambda line: "\n" + line.replace("7", "-7", 1),
        "line 3001, column pixel0: '-7'; expected",
    ),
    "short after a blank line": (lambda line: "\n" + line[2:], "line 3001 has 784 cells"),
}


@pytest.mark.parametrize("case", LONG)
@pytest.mark.parametrize("packed", [False, pytest.param(True, marks=pytest.mark.whole)])
def test_the_line_is_right_far_into_a_long_file(case: str, packed: bool, path: Path) -> None:
    change, words = LONG[case]
    content = long_csv(change, 3000)
    assert words in refusal(path, gzip.compress(content, 1) if packed else content)


def test_a_long_file_is_read_whole(path: Path) -> None:
    found = read(path, long_csv(lambda line: line.replace("7", "8.0", 1), 4999))
    assert found.label.tolist() == [3] * LONG_ROWS
    assert found.pixels.sum() == (7 * 783 + 200) * LONG_ROWS + 1
    assert found.pixels[4997, 0] == 8
