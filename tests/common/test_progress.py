"""How far a stage is, as whoever watches it on a terminal sees it."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stages.common import progress

PIECES = [[0] * 600, [0] * 400]


class Errors(io.StringIO):
    """What is written to standard error, a terminal or a file."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def last_line(self) -> str:
        """Return what stays to be read."""
        return self.getvalue().strip().rpartition("\r")[2]


@contextmanager
def written(moment: float, terminal: bool = True) -> Iterator[Errors]:
    """Yield what is written within the block, where work of a moment is not shown yet."""
    with pytest.MonkeyPatch.context() as patch:
        errors = Errors(terminal)
        patch.setattr(sys, "stderr", errors)
        patch.setattr(progress, "_MOMENT", moment)
        yield errors


@pytest.mark.parametrize(
    ("rows", "told"),
    [(1000, r"split: 100%\|.*\| 1\.00k/1\.00k "), (2000, r"split:  50%\|.*\| 1\.00k/2\.00k ")],
)
def test_what_takes_a_moment_shows_rows_time_left_and_rate(rows: int, told: str) -> None:
    with written(0) as errors:
        assert [*progress.shown(PIECES, "split", rows, len)] == PIECES
    assert re.fullmatch(told + r"\[\d\d:\d\d<\d\d:\d\d, +\S+ rows/s\]", errors.last_line())


def test_where_nobody_knows_the_rows_they_are_counted() -> None:
    with written(0) as errors, progress.bar("ingest", None) as told:
        told.update(1000)
    assert re.fullmatch(r"ingest: 1\.00k rows \[\d\d:\d\d, +\S+ rows/s\]", errors.last_line())


@pytest.mark.parametrize(("moment", "terminal"), [(60, True), (0, False)])
def test_what_is_done_at_once_or_watched_by_nobody_shows_nothing(
    moment: float, terminal: bool
) -> None:
    with written(moment, terminal) as errors:
        assert [*progress.shown(PIECES, "split", 1000, len)] == PIECES
    assert errors.getvalue() == ""
