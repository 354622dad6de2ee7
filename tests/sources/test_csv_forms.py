"""CSV files as other programs write them: with no header, other separators, quotes, fractions."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stages.sources import source
from stages.sources.columns import Labelled
from tests.common.shared import message_of
from tests.sources.made import assert_same, cells_of, csv_bytes, random_digits

DIGITS = random_digits(9, seed=5)
DIGITS.pixels[:, [0, 783]] = 0  # as MNIST's corners are
ROWS = cells_of(DIGITS)
V_NAMES = [f'"V{place}"' for place in range(1, 786)]


def read(folder: Path, content: bytes) -> tuple[Labelled, list[str]]:
    path = folder / "digits.csv"
    path.write_bytes(content)
    return source.read(path, None)


def lines(rows: list[list[str]], separator: str = ",") -> bytes:
    """Return rows without a header."""
    return "".join(separator.join(row) + "\n" for row in rows).encode()


def last(rows: list[list[str]]) -> list[list[str]]:
    """Return rows whose label comes last."""
    return [[*row[1:], row[0]] for row in rows]


def quoted(rows: list[list[str]]) -> list[list[str]]:
    """Return rows as R writes them: numbered, and their labels text."""
    return [[f'"{at}"', f'"{row[0]}"', *row[1:]] for at, row in enumerate(rows, start=1)]


def decimals(rows: list[list[str]], places: int, comma: str = ".") -> list[list[str]]:
    """Return rows whose pixels are fractions of 1."""
    return [
        [row[0], *(f"{int(cell) / 255:.{places}f}".replace(".", comma) for cell in row[1:])]
        for row in rows
    ]


HEADER = ["label", *(f"pixel{place}" for place in range(784))]
FORMS: dict[str, tuple[Callable[[], bytes], str]] = {
    "no header": (lambda: lines(ROWS), "first column is read as the label"),
    "no header, label last": (lambda: lines(last(ROWS)), "last column is read as the label"),
    "no header, floats": (
        lambda: lines([[f"{float(cell):.18e}" for cell in row] for row in ROWS]),
        "it has no header",
    ),
    "no header, spaces": (lambda: lines(ROWS, " "), "separated by spaces"),
    "pandas' numbers": (
        lambda: csv_bytes(ROWS, [str(place) for place in range(785)]),
        "first column is read as the label",
    ),
    "R's names": (
        lambda: csv_bytes(quoted(ROWS), ['""', *V_NAMES]),
        "first column is read as the label",
    ),
    "R's table": (
        lambda: csv_bytes(quoted(ROWS), [f'"{name}"' for name in HEADER]).replace(b",", b" "),
        "separated by spaces",
    ),
    "bars": (lambda: csv_bytes(ROWS).replace(b",", b"|"), "separated by bars"),
    "a header after #": (lambda: b"# " + csv_bytes(ROWS), ""),
    "6 decimals": (lambda: csv_bytes(decimals(ROWS, 6)), "fractions of 1"),
    "decimal commas": (
        lambda: csv_bytes(decimals(ROWS, 6, "_")).replace(b",", b";").replace(b"_", b","),
        "fractions of 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FORMS)
def test_a_form_that_a_person_reads_at_sight(case: str, tmp_path: Path) -> None:
    make, words = FORMS[case]
    found, notes = read(tmp_path, make())
    assert_same(found, DIGITS)
    assert words in "; ".join(notes)


@pytest.mark.parametrize(
    ("no", "yes"), [("0", "1"), ("False", "True"), ("FALSE", "TRUE"), ("0.0", "1.0")]
)
def test_pixels_of_two_values(no: str, yes: str, tmp_path: Path) -> None:
    ink = DIGITS.pixels > 127
    rows = [
        [row[0], *(yes if cell else no for cell in cells)]
        for row, cells in zip(ROWS, ink, strict=True)
    ]
    found, notes = read(tmp_path, csv_bytes(rows))
    assert_same(found, Labelled(DIGITS.label, ink.astype(np.uint8) * np.uint8(255)))
    assert notes == ["its pixels are 0 and 1, and 1 is read as 255, ink"]


def test_ingest_highest_is_what_full_ink_is(tmp_path: Path) -> None:
    path = tmp_path / "digits.csv"
    greys = DIGITS.pixels // 16
    rows = [[row[0], *map(str, cells)] for row, cells in zip(ROWS, greys.tolist(), strict=True)]
    path.write_bytes(csv_bytes(rows))
    assert_same(source.read(path, 15)[0], Labelled(DIGITS.label, greys * np.uint8(17)))
    assert "ingest.highest: 15" in message_of(lambda: source.read(path, None))
    message = message_of(lambda: source.read(path, 14))
    assert "'15'; expected a number from 0 to 14, which is ingest.highest" in message


def test_fractions_in_one_block_and_whole_numbers_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.sources.unpacked.PIECE", 7000)
    paper = [["1", *["0"] * 784] for _ in range(9)]
    found, _ = read(tmp_path, csv_bytes([*paper, *decimals(ROWS, 6), *paper]))
    assert found.pixels[9:18].tolist() == DIGITS.pixels.tolist()
    message = message_of(lambda: read(tmp_path, csv_bytes([*ROWS, *paper, *decimals(ROWS, 6)])))
    assert "line 20, column pixel1: 0." in message
    assert "expected a whole number from 0 to 255" in message


ZEROS = [["0", *row[1:]] for row in ROWS]
UNTOLD: dict[str, tuple[bytes, str]] = {
    "digits at both ends": (lines([[row[0], *row[1:-1], "7"] for row in ROWS]), "both hold digits"),
    "zeros at both ends": (lines(ZEROS), "neither holds digits alone, other than 0"),
    "digits at no end": (lines([["10", *row[1:-1], "10"] for row in ROWS]), "neither holds"),
    "784 cells": (lines([row[1:] for row in ROWS]), "784 pixels and no label"),
    "786 cells": (lines([["0", *row] for row in ROWS]), "786 cells; expected 785 cells a line"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNTOLD)
def test_without_a_header_what_is_not_plain_is_refused(case: str, tmp_path: Path) -> None:
    content, words = UNTOLD[case]
    message = message_of(lambda: read(tmp_path, content))
    assert words in message
    assert "label,pixel0,…,pixel783" in message


@pytest.mark.parametrize("line", [1, 5])
def test_the_line_is_right_without_a_header(line: int, tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[line - 1][8] = "256"
    message = message_of(lambda: read(tmp_path, lines(rows)))
    assert f"line {line}, column 9: '256'; expected a whole number from 0 to 255" in message
