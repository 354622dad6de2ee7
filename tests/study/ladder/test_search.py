"""How values are chosen: trials from a space, the best trained longer, the best of these taken."""

import csv
import math
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.reports import write_text
from stages.common.errors import DigitsError
from stages.study.ladder import plan, search
from stages.study.ladder.entries import Entry
from stages.study.ladder.finishing import Workshop
from stages.study.ladder.pools import Counts
from stages.study.ladder.pupil import Outcome
from stages.study.ladder.search import Searcher
from stages.study.ladder.shelf import Shelf, save
from stages.study.ladder.trials import TRIALS, read_known, to_csv
from tests.study.ladder import tiny

Result = Callable[[Entry], tuple[float, float]]

RATE = tiny.LADDER["searches"][0]
BEST = 0.5


def near(entry: Entry) -> tuple[float, float]:
    """Return an accuracy that is the higher the nearer the learning rate is to the best."""
    return 1 - abs(entry.values["train.learning_rate"] - BEST) / 10, 1.0


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """The entries that are trained, by a stand-in whose results are those of `near`."""
    tiny.make(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    done: list[Entry] = []
    monkeypatch.setattr(search, "finish", stand_in(done, near))
    return done


def stand_in(done: list[Entry], result: Result) -> Callable[..., dict[str, str]]:
    """Return what keeps an outcome of each entry that is not recorded, without training it."""

    def finish(
        entries: Sequence[Entry], workshop: Workshop, recorded: Container[str]
    ) -> dict[str, str]:
        faults = {}
        for entry in entries:
            if entry.key in recorded:
                continue
            done.append(entry)
            accuracy, cost = result(entry)
            if math.isinf(cost):
                faults[entry.key] = "training diverged"
                continue
            scores = np.array([1.0, 0.0, accuracy, cost])
            layer = (np.zeros((10, 784)), np.zeros(10))
            curves, predicted = np.zeros((4, 1)), np.empty(0, np.uint8)
            outcome = Outcome([layer], curves, scores, predicted, np.array(2.0))
            save(workshop.shelf.path_of(entry), outcome)
        return faults

    return finish


def searcher(tmp_path: Path, content: dict[str, Any] | None = None) -> Searcher:
    workshop = Workshop(Counts(**tiny.ROWS), Shelf(tmp_path / "shelf"), 1)
    return Searcher(content or tiny.content(), workshop)


def test_trials_are_drawn_between_the_ends_and_by_a_seed() -> None:
    rates = [trial["train.learning_rate"] for trial in search.drawn(RATE | {"trials": 60}, 0)]
    assert 0.1 <= min(rates) < 0.2
    assert 1.5 < max(rates) <= 2.0
    # Each order of size alike: half of them lie below the geometric mean of the ends.
    assert 18 < sum(rate < 0.2**0.5 for rate in rates) < 42
    assert search.drawn(RATE, 0) == search.drawn(RATE, 0) != search.drawn(RATE, 1)
    assert search.drawn(RATE, 0) != search.drawn(RATE | {"name": "other"}, 0)


def test_a_space_of_few_points_is_taken_whole() -> None:
    space = {"train.epochs": [1, 2], "shape": [{"a.b": 1, "c.d": 2}, {"a.b": 3, "c.d": 4}]}
    assert search.drawn(RATE | {"trials": 4, "space": space}, 0) == [
        {"train.epochs": 1, "a.b": 1, "c.d": 2},
        {"train.epochs": 1, "a.b": 3, "c.d": 4},
        {"train.epochs": 2, "a.b": 1, "c.d": 2},
        {"train.epochs": 2, "a.b": 3, "c.d": 4},
    ]
    few = search.drawn(RATE | {"trials": 3, "space": space}, 0)
    assert len(few) == 3
    assert all(few.count(trial) == 1 for trial in few)


def test_the_best_are_trained_longer_and_the_best_of_them_is_chosen(
    trained: list[Entry], tmp_path: Path
) -> None:
    found = searcher(tmp_path)
    trials = [trial["train.learning_rate"] for trial in search.drawn(RATE, 0)]
    ranked = sorted(trials, key=lambda rate: abs(rate - BEST))
    assert found.carry_out(RATE) == {"train.learning_rate": ranked[0]}
    told = [
        (one.values["train.epochs"], one.values["train.learning_rate"], one.seed) for one in trained
    ]
    assert told[:3] == [(1, rate, 0) for rate in trials]
    assert sorted(told[3:]) == sorted((2, rate, seed) for rate in ranked[:2] for seed in (0, 1))
    assert {one.rows for one in trained} == {"rungs"}
    assert all(one.values["encode.pixel_scale"] == 255.0 for one in trained)


def test_of_equals_the_one_with_the_lower_cost_is_chosen(
    trained: list[Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result: Result = lambda one: (0.5, one.values["train.learning_rate"])  # noqa: E731
    monkeypatch.setattr(search, "finish", stand_in(trained, result))
    trials = [trial["train.learning_rate"] for trial in search.drawn(RATE, 0)]
    assert searcher(tmp_path).carry_out(RATE) == {"train.learning_rate": min(trials)}


def test_a_trial_that_diverges_is_the_last_and_recorded(
    trained: list[Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = [trial["train.learning_rate"] for trial in search.drawn(RATE, 0)]
    best = min(trials, key=lambda rate: abs(rate - BEST))
    result: Result = lambda one: (  # noqa: E731
        (0.0, math.inf) if one.values["train.learning_rate"] == best else near(one)
    )
    monkeypatch.setattr(search, "finish", stand_in(trained, result))
    found = searcher(tmp_path)
    assert found.carry_out(RATE)["train.learning_rate"] != best
    assert [row[6:8] for row in found.rows if str(best) in row[9]] == [(0.0, math.inf)]


def test_what_is_recorded_is_not_trained_again(trained: list[Entry], tmp_path: Path) -> None:
    first = searcher(tmp_path)
    chosen = [first.carry_out(one) for one in tiny.LADDER["searches"]]
    text = to_csv(first.rows)
    write_text(TRIALS, text)
    assert len(trained) == 11
    again = searcher(tmp_path / "elsewhere")
    assert [again.carry_out(one) for one in tiny.LADDER["searches"]] == chosen
    assert len(trained) == 11
    assert to_csv(again.rows) == text


def test_every_training_is_a_row(trained: list[Entry], tmp_path: Path) -> None:
    found = searcher(tmp_path)
    found.carry_out(RATE)
    rows = list(csv.DictReader(to_csv(found.rows).splitlines()))
    assert [row["key"] for row in rows] == [one.key for one in trained]
    assert [(row["round"], row["seed"]) for row in rows] == [
        ("1", "0"), ("1", "0"), ("1", "0"), ("2", "0"), ("2", "1"), ("2", "0"), ("2", "1"),
    ]  # fmt: skip


def test_a_search_may_build_on_one_before_it_alone(trained: list[Entry], tmp_path: Path) -> None:
    space = {"encode.pixel_scale": [100.0, 200.0]}
    later = RATE | {"name": "scale", "of": "rate", "space": space}
    with pytest.raises(DigitsError, match="the search rate has not chosen"):
        searcher(tmp_path).carry_out(later)
    found = searcher(tmp_path)
    chosen, before = found.carry_out(RATE), len(trained)
    found.carry_out(later)
    assert len(trained) > before
    assert {one.values["train.learning_rate"] for one in trained[before:]} == set(chosen.values())


def test_a_damaged_record_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan.FOLDER.mkdir(parents=True)
    TRIALS.write_text("key,validation_accuracy\nabc,much\n", encoding="utf-8")
    with pytest.raises(DigitsError, match=r"cannot read reports/ladder/search\.csv"):
        read_known(TRIALS)
