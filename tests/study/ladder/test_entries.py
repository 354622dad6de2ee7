"""An entry's fingerprint: what is another training, and what is not."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from stages.common.errors import DigitsError
from stages.study.ladder import entries, plan
from stages.study.ladder.entries import Entry, Maker
from stages.study.ladder.pools import Counts
from tests.study.ladder import tiny

CHOSEN = {"rate": {"train.learning_rate": 0.7}, "wide": {"train.learning_rate": 0.5}}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.make(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")


def maker(chosen: Any = CHOSEN, **counts: int) -> Maker:
    return Maker(Counts(**(tiny.ROWS | counts)), plan.settings(tiny.content()), chosen)


def of(name: str, seed: int = 0, **counts: int) -> Entry:
    return maker(**counts).of(plan.named(tiny.content(), name), seed)


def test_the_same_is_the_same() -> None:
    assert of("rate") == of("rate")


def test_other_values_seeds_rows_counts_or_digits_are_another_training() -> None:
    keys = [
        of("rate").key,
        of("rate", 1).key,
        of("scaled").key,
        of("rate", train_rows=250).key,
        maker().entry("rate", of("rate").values, "all", 0).key,
        maker({"rate": {"train.learning_rate": 0.9}}).of(plan.named(tiny.content(), "rate"), 0).key,
        of("taught").key,
    ]
    with Path("data/raw/mnist.sha256").open("a", encoding="utf-8") as file:
        file.write("\n")
    keys.append(of("rate").key)
    assert len(set(keys)) == len(keys)


def test_the_name_is_no_matter() -> None:
    assert maker().entry("other", of("rate").values, "rungs", 0).key == of("rate").key


def test_a_teacher_is_seed_0_of_its_setting() -> None:
    assert of("taught", 1).teacher == of("linear", 0)
    assert "teacher" not in of("taught").values


def test_a_teacher_has_its_students_rows() -> None:
    values = of("rate").values | {"teacher": "linear"}
    with pytest.raises(DigitsError, match="no setting linear on the rows 'all' to teach"):
        maker().entry("student", values, "all", 0)


def test_teachers_come_first_and_then_seed_0_of_everything() -> None:
    found = entries.in_order(plan.settings(tiny.content()), maker())
    assert found[0].name == "linear"
    seeds = [one.seed for one in found]
    assert seeds == sorted(seeds)
    assert len({one.key for one in found}) == len(found)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"""Return', '"""Give back', True),
        ("# ", "# No, ", True),
        ("time.perf_counter()", "time.monotonic()", False),
    ],
)
def test_only_what_python_reads_of_the_code_counts(
    old: str, new: str, same: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(entries.__file__).with_name("pupil.py")
    changed = Path(shutil.copy(source, tmp_path / "pupil.py"))
    monkeypatch.setattr(entries, "code_of_training", lambda: [changed])
    before = entries.key_of_code("reproducible")
    text = source.read_text(encoding="utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), encoding="utf-8")
    assert (entries.key_of_code("reproducible") == before) == same


def test_libraries_count_where_they_decide() -> None:
    assert entries.key_of_code("float32") == entries.key_of_code("float64")
    assert entries.key_of_code("float32") != entries.key_of_code("reproducible")
