"""The top on the repository's digits, and the floor that it is held against."""

from pathlib import Path
from typing import Any

import pytest

from stages.common.artifacts.reports import write_json
from stages.common.errors import DigitsError
from stages.study.ladder import chosen, plan, rung
from stages.study.ladder.intervals import spread
from tests.scratch import ROOT
from tests.study.ladder import tiny
from tests.study.small import write_params

SEEDS = [0.950, 0.952, 0.948, 0.951]
LOW = [0.40, 0.41, 0.42]


def test_the_floor_is_the_lower_end_for_one_more_seed() -> None:
    floor = spread(SEEDS).next_low
    assert floor is not None
    assert rung.refuse_below(floor, SEEDS) == floor
    with pytest.raises(DigitsError, match=r"reads 93.41% .* at least 93.91%"):
        rung.refuse_below(floor - 0.005, SEEDS)


def test_the_rows_are_those_of_the_pipelines_default() -> None:
    rows = rung.rows_of(ROOT / rung.SOURCE, 3500)
    assert (len(rows.train.row), len(rows.validation.row)) == (3500, 1500)
    predictions = (ROOT / "reports/predictions.csv").read_text(encoding="utf-8").splitlines()
    assert rows.validation.row.tolist() == [int(line.split(",")[0]) for line in predictions[1:]]


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The params of a tiny ladder in the current folder."""
    monkeypatch.chdir(tmp_path)
    plan.FOLDER.mkdir(parents=True)
    content = tiny.content()
    write_params(plan.PARAMS_FILE, content)
    write_json(chosen.PATH, {"rate": {"train.learning_rate": 0.5}})
    return content


def test_the_top_is_trained_as_the_params_say(params: dict[str, Any]) -> None:
    values = rung.values_of(params)
    top = plan.named(params, plan.TOP).values
    assert values == top | {"train.learning_rate": 0.5, "train.epochs": 1}
    found = rung.accuracy(values, 0, rung.rows_of(ROOT / rung.SOURCE, 200))
    assert (found * 4800) % 1 == pytest.approx(0, abs=1e-6)
    assert 0 < found < 1


@pytest.mark.parametrize(("accuracy", "wrong"), [(0.5, False), (0.0, True)])
@pytest.mark.usefixtures("params")
def test_it_is_held_against_its_floor(
    accuracy: float,
    wrong: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(rung, "rows_of", lambda *_: None)
    monkeypatch.setattr(rung, "accuracy", lambda *_: accuracy)
    write_params(plan.PARAMS_FILE, tiny.content(rung=tiny.LADDER["rung"] | {"accuracies": LOW}))
    if wrong:
        with pytest.raises(DigitsError, match="by the 3 seeds in"):
            rung.main()
    else:
        rung.main()
        assert (
            "the top reads 50.00% of the repository's digits; at least" in capsys.readouterr().out
        )


@pytest.mark.usefixtures("params")
def test_without_accuracies_they_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rung, "rows_of", lambda *_: None)
    monkeypatch.setattr(rung, "accuracy", lambda _values, seed, _rows: seed / 8)
    write_params(plan.PARAMS_FILE, tiny.content(rung=tiny.LADDER["rung"] | {"accuracies": []}))
    rung.main()
    assert capsys.readouterr().out == f"{[seed / 8 for seed in range(10)]}\n"
