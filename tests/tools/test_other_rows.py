"""Two networks compared, of which one had rows that validate, smaller images and another rate."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts import digits
from stages.common.artifacts.committed import Predicted
from stages.tools.compare import pictures, text_report
from stages.tools.compare.commits import Chosen
from stages.tools.compare.comparison import Comparison, Context, compare
from stages.tools.compare.results import Results
from stages.tools.gate import Gate
from stages.tools.project_files import WORKING_COPY
from stages.tools.recorded import Record
from tests.stages.made import random_digits

TEST = random_digits(30, seed=4)
COST = np.linspace(2.4, 0.5, 9)
OLD = {"train.learning_rate": 0.8, "initialize.layers": [784, 16, 16, 10]}
NEW = {
    "split.validation_rows": 500,
    "encode.side": 16,
    "initialize.layers": [256, 40, 40, 10],
    "train.learning_rate": 0.004,
    "train.schedule": "cosine",
}


def side(
    params: dict[str, Any], wrong: int, test_rows: int, untold: int = 0, **course: Any
) -> Results:
    """Return a side whose network reads so many of its test images wrong, the first ones.

    untold: how many more there are.
    """
    read = TEST.label[:test_rows].astype(np.int64)
    read[:wrong] = (read[:wrong] + 1) % 10
    predicted = Predicted(
        TEST.row[:test_rows].astype(np.int64), TEST.label[:test_rows].astype(np.int64), read
    )
    metrics = {f"{rows}.{what}": 0.5 for rows in ("train", "test") for what in ("accuracy", "cost")}
    metrics["test.accuracy"] = 1 - wrong / test_rows
    lock = {"ingest": {"deps": [{"path": "a.csv", "md5": "1"}], "outs": []}}
    record = Record({}, lock, {"ingest.source": "a.csv", **params})
    rows = test_rows + untold
    return Results(WORKING_COPY, record, None, metrics, predicted, rows, {"cost": COST, **course})


def compared(test_rows: int = 30, untold: tuple[int, int] = (0, 0)) -> Comparison:
    """Return the comparison of the old with the new, whose test rows are so many.

    untold: how many more each has.
    """
    course = {"validation_cost": COST + 0.1, "validation_accuracy": COST / 9, "learning_rate": COST}
    sides = side(OLD, 3, 30, untold[0]), side(NEW, 2, test_rows, untold[1], **course)
    commit = Chosen("0" * 40, "HEAD")
    return compare(*sides, Gate(0.02, 0.01, 0.5), Context(commit, commit, False, has_changes=True))


def test_settings_are_shown_though_one_side_lacks_them() -> None:
    assert sorted(text_report.params_rows(compared())) == [
        ("encode.side", "(none)", "16"),
        ("initialize.layers", "[784, 16, 16, 10]", "[256, 40, 40, 10]"),
        ("split.validation_rows", "(none)", "500"),
        ("train.learning_rate", "0.8", "0.004"),
        ("train.schedule", "(none)", '"cosine"'),
    ]


def test_test_rows_that_validate_now_are_told() -> None:
    made = compared(test_rows=20)
    assert made.difference == "the test rows differ (30 before, 20 after, 20 in both)"
    assert made.spoiled is None


def test_of_more_rows_than_are_told_it_says_so() -> None:
    made = compared(untold=(12, 12))
    assert made.difference == ""
    (warning,) = made.warnings
    assert warning.startswith("reports/predictions.csv holds the first 30 of 42 test rows: ")
    assert f"Warning: {warning}." in text_report.render(made)
    other = compared(untold=(0, 12))
    assert other.difference == "the test rows differ (30 before, 42 after)"
    assert other.warnings == (warning,)


@pytest.fixture
def working_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, a project of which only the test rows are there."""
    monkeypatch.chdir(tmp_path)
    digits.write(digits.TEST, TEST)
    return tmp_path


@pytest.mark.usefixtures("working_copy")
def test_flipped_images_are_shown_as_the_source_has_them() -> None:
    made = compared()
    assert made.mended is not None
    found = pictures.find_images(made.mended.row, made.after)
    (at,) = np.nonzero(np.isin(TEST.row, made.mended.row))
    assert len(at) == 1
    assert np.array_equal(found, TEST.pixels[at])
