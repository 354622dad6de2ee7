"""The tables, against plain computations from what the networks read."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats

from stages.common.errors import DigitsError
from stages.study.ladder import chosen, ledger, plan, standings
from stages.study.ladder.entries import Maker
from stages.study.ladder.pools import Counts
from tests.study.ladder import fabricated, tiny
from tests.study.small import write_hashes, write_params

SEEDS = 6
SIZES = {"validation": 300, "test": 1200, "official test": 1000}
CHOSEN = {"rate": {"train.learning_rate": 0.7}, "wide": {"train.learning_rate": 0.5}}


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made up ladder and its tables."""
    folder = tmp_path_factory.mktemp("made-up")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        plan.FOLDER.mkdir(parents=True)
        Path("data/raw/mnist").mkdir(parents=True)
        write_hashes(Path("data/raw/mnist"))
        content = tiny.content(seeds=SEEDS)
        write_params(plan.PARAMS_FILE, content)
        chosen.PATH.write_text(json.dumps(CHOSEN), encoding="utf-8")
        settings = plan.settings(content)
        fabricated.write(settings, Maker(Counts(**content["rows"]), settings, CHOSEN), SIZES)
        standings.main()
    return folder


@pytest.fixture
def table(made_up: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """The table, by setting; the made up ladder is the current folder, and no test changes it."""
    monkeypatch.chdir(made_up)
    with (plan.FOLDER / "standings.csv").open(encoding="utf-8", newline="") as file:
        return {row["setting"]: row for row in csv.DictReader(file)}


def accuracies(name: str, part: str) -> Any:
    """Return a setting's accuracies, seed by seed, by a reader of its own."""
    read = pq.read_table(plan.FOLDER / "predictions.parquet").to_pandas()
    read = read[read["part"] == part]
    columns = [column for column in read.columns if column.startswith(f"{name}/")]
    return np.array([(read[column] == read["label"]).mean() for column in sorted(columns)])


def test_each_setting_has_a_row(table: dict[str, dict[str, str]]) -> None:
    assert list(table) == [one.name for one in plan.settings(tiny.content())]
    assert [table[name]["seeds"] for name in ("post", "linear", "wide")] == ["6", "1", "2"]
    assert table["wide"]["validation_mean"] == ""


@pytest.mark.parametrize("part", ["validation", "test"])
def test_intervals_are_those_of_what_the_networks_read(
    part: str, table: dict[str, dict[str, str]]
) -> None:
    values, row = accuracies("scaled", part), table["scaled"]
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    further = stats.t.ppf(0.995, SEEDS - 1) * values.std(ddof=1) * (1 + 1 / SEEDS) ** 0.5
    wanted = {
        "mean": values.mean(), "std": values.std(ddof=1), "low": theirs.low, "high": theirs.high,
        "next_low": values.mean() - further, "next_high": values.mean() + further,
    }  # fmt: skip
    for name, value in wanted.items():
        assert float(row[f"{part}_{name}"]) == pytest.approx(value, abs=1e-8), name


def test_differences_are_to_the_neighbour_from_the_same_seeds(
    table: dict[str, dict[str, str]],
) -> None:
    for name, neighbour in (("rate", "scaled"), ("without scaled", "rate"), ("longer", "rate")):
        assert table[name]["neighbour"] == neighbour
        apart = accuracies(name, "test") - accuracies(neighbour, "test")
        theirs = stats.ttest_1samp(apart, 0).confidence_interval(0.95)
        found = [float(table[name][f"test_difference_{end}"]) for end in ("mean", "low", "high")]
        assert found == pytest.approx([apart.mean(), theirs.low, theirs.high], abs=1e-8)


@pytest.mark.usefixtures("table")
def test_official_networks_are_scored_on_official_rows() -> None:
    summary = json.loads((plan.FOLDER / "summary.json").read_text(encoding="utf-8"))
    assert summary["wide"]["test_mean"] == pytest.approx(
        accuracies("wide", "official test").mean(), abs=1e-8
    )


@pytest.mark.usefixtures("table")
def test_every_figure_is_drawn() -> None:
    drawn = {path.stem for path in (plan.FOLDER / "figures").glob("*.png")}
    assert drawn == {"ladder", "worth", "learning", "first_layer"}


@pytest.mark.usefixtures("table")
def test_a_setting_that_is_not_recorded_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ledger.read()
    shutil.copytree(".", tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    ledger.write(made._replace(trainings=[one for one in made.trainings if one.name != "longer"]))
    with pytest.raises(DigitsError, match="no training of longer from seed 0: `make ladder`"):
        standings.main()
