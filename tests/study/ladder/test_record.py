"""The ladder's dvc.yaml and its committed record: in step with each other and with the code."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from stages.common.checksums import MNIST
from stages.study.ladder import chosen, ladder_params, ledger, plan, readings, trials
from stages.study.ladder.entries import Maker
from stages.study.ladder.finishing import Workshop
from stages.study.ladder.pools import Counts
from stages.study.ladder.search import Searcher
from stages.study.ladder.seeds import standings
from stages.study.ladder.shelf import Shelf
from stages.study.ladder.standings import to_csv
from tests.pipeline.declared import read_yaml
from tests.scratch import ROOT

FILE = plan.FOLDER / "dvc.yaml"
STAGES = ("search", "climb", "score", "standings")
RERUN = "run make ladder"
MOST = 3_000_000  # bytes of predictions


def declared() -> dict[str, Any]:
    return dict(read_yaml(ROOT / FILE)["stages"])


def outs(stage: str) -> list[str]:
    return [path for out in declared()[stage]["outs"] for path in out]


def test_it_is_a_record_which_dvc_never_runs() -> None:
    assert tuple(declared()) == STAGES
    for name, stage in declared().items():
        assert stage["frozen"] is True
        assert stage["cmd"] == f"python -m stages.study.ladder.{name}"
        assert {MNIST.as_posix(), plan.PARAMS_FILE.as_posix()} <= set(stage["deps"])
        kept = {"cache": False, "persist": True}
        assert all(options == kept for out in stage["outs"] for options in out.values())


def test_nothing_that_chooses_or_trains_depends_on_what_test_rows_said() -> None:
    assert outs("score") == [readings.PREDICTIONS.as_posix()]
    depending = {
        name for name, stage in declared().items() if set(outs("score")) & {*stage["deps"]}
    }
    assert depending == {"standings"}
    made = set(outs("standings"))
    assert not [stage for stage in declared().values() if made & set(stage["deps"])]


@pytest.mark.parametrize("stage", STAGES)
def test_what_another_stage_writes_is_a_dep(stage: str) -> None:
    read = {"climb": [chosen.PATH], "score": [chosen.PATH, ledger.TRAININGS],
            "standings": [chosen.PATH, ledger.TRAININGS, ledger.CURVES, ledger.FIRST_LAYERS,
                          readings.PREDICTIONS]}  # fmt: skip
    others = {MNIST.as_posix(), plan.PARAMS_FILE.as_posix()}
    wanted = others | {path.as_posix() for path in read.get(stage, [])}
    assert set(declared()[stage]["deps"]) == wanted


def md5(path: Path) -> str:
    """Return the hash that DVC records of a file."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("stage", STAGES)
def test_the_committed_record_is_of_these_settings_and_whole(stage: str) -> None:
    locked = read_yaml(ROOT / plan.FOLDER / "dvc.lock")["stages"][stage]
    files = [one for one in (*locked["deps"], *locked["outs"]) if not one["md5"].endswith(".dir")]
    assert {one["path"]: md5(ROOT / one["path"]) for one in files} == {
        one["path"]: one["md5"] for one in files
    }, RERUN


def test_the_predictions_are_small() -> None:
    assert (ROOT / readings.PREDICTIONS).stat().st_size <= MOST


def test_what_is_chosen_follows_from_the_recorded_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    content = ladder_params.load()
    found = Searcher(content, known_alone(content))
    for one in content["ladder"]["searches"]:
        found.carry_out(one)
    assert found.chosen == chosen.read(), RERUN
    assert trials.to_csv(found.rows) == trials.TRIALS.read_text(encoding="utf-8"), RERUN


def known_alone(content: dict[str, Any]) -> Workshop:
    """Return a workshop with an empty shelf: what is not recorded would be trained, and fails."""
    return Workshop(Counts(**content["rows"]), Shelf(Path("nowhere")), 0)


def test_the_tables_follow_from_what_the_networks_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    content = ladder_params.load()
    settings = plan.settings(content)
    maker = Maker(Counts(**content["rows"]), settings, chosen.read())
    found = standings(settings, maker, ledger.read(), readings.read())
    path = plan.FOLDER / "standings.csv"
    assert path.read_text(encoding="utf-8") == to_csv(found), RERUN
