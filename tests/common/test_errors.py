"""What a user reads of an error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.errors import DigitsError, one_line, unusable


@given(text=st.text() | st.text(min_size=400, max_size=2000))
def test_any_message_is_one_printable_line(text: str) -> None:
    line = one_line(DigitsError(text))
    assert line.isprintable() or not line
    assert len(line.splitlines()) <= 1


@given(text=st.text(alphabet="abc äπ…'", max_size=400).map(lambda text: " ".join(text.split())))
def test_a_short_line_stays_as_it_is(text: str) -> None:
    assert one_line(DigitsError(text)) == text


@given(length=st.integers(500, 5000))
def test_a_long_line_keeps_both_its_ends(length: int) -> None:
    line = one_line(DigitsError("start " + "x" * length + " end"))
    assert len(line) < 500
    assert line.startswith("start ")
    assert line.endswith(" end")


@pytest.mark.parametrize("sequence", ["\x1b[31mred", "\x07", "a\x00b", "\u202eright", "\x9b"])
def test_nothing_reaches_the_terminal_that_it_would_obey(sequence: str) -> None:
    line = one_line(DigitsError(f"key is {sequence}"))
    assert sequence not in line
    assert line.isprintable()


def test_what_cannot_be_used_is_told_with_its_stage_and_a_command() -> None:
    message = str(unusable(Path("data/digits.parquet"), "ingest", "it is empty"))
    for words in ("data/digits.parquet", "it is empty", "'ingest'", "dvc repro -s -f ingest"):
        assert words in message
