"""Which rows train, validate and test: those of the reproduction, and none in two roles."""

import numpy as np
import pytest

from stages.split import choose
from stages.study.ladder import ladder_params, plan, pools, unseen
from stages.study.ladder.plan import OFFICIAL, ROWS
from stages.study.ladder.pools import Counts
from tests.pipeline.imports import MODULES, closure, imported_files
from tests.scratch import ROOT
from tests.study.ladder import tiny

TEST_ROWS = "stages/study/ladder/unseen.py"
N = 70_000


@pytest.fixture
def content(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, int]]:
    """The params of the repository."""
    monkeypatch.chdir(ROOT)
    return ladder_params.load()


@pytest.fixture
def counts(content: dict[str, dict[str, int]]) -> Counts:
    return Counts(**content["rows"])


def test_the_rows_of_the_rungs_are_the_pipelines(counts: Counts) -> None:
    order = np.random.default_rng(0).permutation(N)
    ours = (*pools.places("rungs", N, counts), unseen.places("rungs", N, counts))
    for mine, theirs in zip(ours, choose(N, 27_000, 3_000, 12_000, order), strict=True):
        assert mine.tolist() == theirs.tolist()


def test_the_goals_rows_are_the_reproductions(counts: Counts) -> None:
    order = np.random.default_rng(0).permutation(N)
    train, validation = pools.places("all", N, counts)
    assert train.tolist() == order[:30_000].tolist()
    assert len(validation) == 0
    assert unseen.places("all", N, counts).tolist() == order[30_000:42_000].tolist()


def test_the_official_rows_are_in_their_order(counts: Counts) -> None:
    train, validation = pools.places("official", N, counts)
    assert train.tolist() == list(range(60_000))
    assert len(validation) == 0
    assert unseen.places("official", N, counts).tolist() == list(range(60_000, N))


def test_the_official_search_validates_on_official_training_rows(counts: Counts) -> None:
    train, validation = pools.places("official search", N, counts)
    assert (len(train), len(validation)) == (50_000, 10_000)
    assert sorted([*train, *validation]) == list(range(60_000))


@pytest.mark.parametrize("counts_of", ["the repository", "a tiny study"])
def test_no_row_that_tests_has_chosen(counts_of: str, counts: Counts) -> None:
    n, used = (N, counts) if counts_of == "the repository" else (tiny.DIGITS, Counts(**tiny.ROWS))
    choosing = {name: np.concatenate(pools.places(name, n, used)) for name in ROWS}
    tests = {name: unseen.places(name, n, used) for name in ROWS}
    for name in ROWS:
        official = name in OFFICIAL
        for other in [one for one in ROWS if (one in OFFICIAL) == official]:
            assert len(np.intersect1d(tests[name], choosing[other])) == 0
        assert len(np.unique(choosing[name])) == len(choosing[name])


def test_what_official_rows_test_was_chosen_on_official_rows(content: dict[str, object]) -> None:
    searches = {one["name"]: one for one in content["ladder"]["searches"]}  # type: ignore[index]
    official = [one for one in plan.settings(content) if one.rows in OFFICIAL]
    assert official
    for setting in official:
        for name in plan.searches_of(setting.values):
            assert searches[name]["rows"] == "official search", (setting.name, name)


def test_what_the_rungs_rows_test_was_chosen_on_them(content: dict[str, object]) -> None:
    searches = {one["name"]: one for one in content["ladder"]["searches"]}  # type: ignore[index]
    for setting in plan.settings(content):
        if setting.rows not in OFFICIAL:
            assert {searches[name]["rows"] for name in plan.searches_of(setting.values)} <= {
                "rungs"
            }


def test_only_score_reads_rows_that_test() -> None:
    assert {module for module in MODULES if TEST_ROWS in imported_files(module)} == {
        "stages/study/ladder/score.py"
    }


@pytest.mark.parametrize("module", ["search", "climb", "worker"])
def test_nothing_that_chooses_or_trains_can_see_them(module: str) -> None:
    assert not {TEST_ROWS, "stages/study/ladder/readings.py"} & closure(
        f"stages.study.ladder.{module}"
    )
