"""reports/history.csv read back, of whatever columns a training left."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages import evaluate
from stages.common.artifacts import committed, reports
from stages.common.artifacts.history import History
from tests.common.shared import message_of
from tests.stages.made import judgement, random_encoded

BASE, VALIDATION, RATE = (
    "epoch,cost,accuracy",
    ",validation_cost,validation_accuracy",
    ",learning_rate",
)
HEADERS = [BASE, BASE + RATE, BASE + VALIDATION, BASE + VALIDATION + RATE]
COURSE = History(*(np.array([0.1 + number, 0.7]) for number in range(5)))


def text_of(header: str, *lines: str) -> bytes:
    """Return a file of this header; without lines, with one that fits it."""
    fitting = ",".join(["1", *["0.5"] * header.count(",")])
    return "\n".join([header, *(lines or [fitting]), ""]).encode()


@pytest.mark.parametrize("header", HEADERS)
def test_what_evaluate_writes_is_read(
    header: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = header.split(",")
    absent: dict[str, Any] = {name: None for name in COURSE.columns if name not in names}
    course = replace(COURSE, **absent)
    rows = random_encoded(3, seed=0)
    judged = judgement(rows.Y.argmax(axis=1), np.zeros(3, np.uint8))
    evaluate.report({"train": judged, "test": judged}, rows, course.columns, {})
    content = reports.HISTORY.read_bytes()
    assert content.decode().splitlines()[0] == header
    found = committed.history(content, "here")
    assert list(found) == names
    for name, values in course.columns.items():
        assert np.array_equal(found[name], values)


@pytest.mark.parametrize(
    "header",
    [
        *("", "epoch,cost", "cost,epoch,accuracy", BASE + ",validation_cost", BASE + ",more"),
        *(BASE + RATE + VALIDATION, BASE + RATE + RATE, BASE + ","),
    ],
)
def test_other_columns_are_refused(header: str) -> None:
    message = message_of(lambda: committed.history(text_of(header, "1,2,3"), "history.csv of X"))
    assert message == f"history.csv of X starts with {header[:40]!r}; expected {BASE}"


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("line", ["1,2", "1,2,3,4,5,6,7", "1,2,x,4,5,6", "", "1,nan,3,4,5,6"])
def test_lines_that_are_not_of_the_columns_are_refused(header: str, line: str) -> None:
    columns = header.count(",") + 1
    cells = line.split(",")
    line = ",".join(cells[:columns]) if len(cells) == 6 else line
    message = message_of(lambda: committed.history(text_of(header, line), "history.csv of X"))
    if "nan" in line:
        assert message == "history.csv of X holds a number that is not finite"
    else:
        assert message == f"history.csv of X: line 2 is {line!r}; expected {columns} numbers"
