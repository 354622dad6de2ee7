"""The study's texts and committed results: in step with each other, with the code and the post."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.study import texts
from tests.pipeline.declared import read_yaml
from tests.scratch import ROOT
from tests.study.small import REPORTS, Study, declared

RERUN = "run make study"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the results that are committed."""
    monkeypatch.chdir(ROOT)
    return texts.results()


def test_the_chapter_has_the_numbers_of_the_results(found: dict[str, Any]) -> None:
    assert texts.CHAPTER.read_text(encoding="utf-8") == texts.chapter(found), RERUN


def test_the_readme_has_the_numbers_of_the_results(found: dict[str, Any]) -> None:
    readme = texts.MAIN.read_text(encoding="utf-8")
    assert readme == texts.replaced(readme, found), RERUN


# What the chapter says in words and not in numbers.
CLAIMS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "the study is the specified one": lambda f: (
        f["summary"]["raw"]["runs"] == f["summary"]["scaled"]["runs"] == 20
        and f["summary"]["post"]["epochs"] == 500
        and f["summary"]["post"]["cost_rises"] == 120
    ),
    "it trained on raw pixels": lambda f: "it trained on raw pixels" in f["summary"]["conclusion"],
    "raw sums are some 250 times as large": lambda f: (
        240 < f["first"]["raw"]["typical_sum"] / f["first"]["scaled"]["typical_sum"] < 256
    ),
    "training does not free the raw units": lambda f: (
        f["last"]["raw"]["saturated"] >= f["first"]["raw"]["saturated"] > 0.9
        and f["last"]["raw"]["silent_images"] >= f["first"]["raw"]["silent_images"] > 0.5
    ),
    "scaled units are hardly saturated": lambda f: f["last"]["scaled"]["saturated"] < 0.02,
    "nearly all raw errors are zero, no scaled ones": lambda f: (
        f["first"]["raw"]["zero_errors"] > 0.9 and f["last"]["scaled"]["zero_errors"] < 0.01
    ),
    "most entries of the raw gradient are something else than zero": lambda f: (
        f["last"]["raw"]["zero_gradient"] < 0.5
    ),
    "the scaled gradient is zero at blank pixels alone": lambda f: (
        f["first"]["scaled"]["zero_gradient"] == f["last"]["scaled"]["zero_gradient"]
    ),
    "a smaller learning rate calms the raw curve": lambda f: falling(f, "raw", "cost_rises"),
    "it frees no unit": lambda f: (
        min(row["saturated"] for row in f["why"]["raw"]["learning_rates"].values()) > 0.95
    ),
    "it ends further behind": lambda f: (
        falling(f, "raw", "test_accuracy") and falling(f, "scaled", "test_accuracy")
    ),
    "scaled pixels smooth the curve altogether": lambda f: (
        f["summary"]["scaled"]["cost_rises"]["max"] == 0
    ),
    "raw seeds spread more": lambda f: (
        f["summary"]["raw"]["test_accuracy"]["std"] > f["summary"]["scaled"]["test_accuracy"]["std"]
    ),
    "scaled pixels give more": lambda f: f["gain"] > 0.01,
    "the loop agrees": lambda f: max(f["loop"]["raw"], f["loop"]["scaled"]) <= 1e-10,
}


def falling(found: dict[str, Any], pixels: str, score: str) -> bool:
    """Tell whether a score falls from each learning rate to the next smaller one."""
    scores = [row[score] for row in found["why"][pixels]["learning_rates"].values()]
    return scores == sorted(scores, reverse=True) and scores[0] > scores[-1]


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_the_chapter_says_in_words_holds(claim: str, found: dict[str, Any]) -> None:
    assert CLAIMS[claim](found), f"the chapter says that {claim}: rewrite it or look at the study"


def test_the_record_is_of_these_settings_digits_and_reference() -> None:
    (locked,) = read_yaml(ROOT / REPORTS / "dvc.lock")["stages"].values()
    assert {dep["path"]: dep["md5"] for dep in locked["deps"]} == {
        path: md5(ROOT / path) for path in declared()["deps"]
    }, RERUN


def test_the_committed_results_are_those_that_the_study_wrote() -> None:
    (stage,) = read_yaml(ROOT / REPORTS / "dvc.lock")["stages"].values()
    files = [out for out in stage["outs"] if not out["md5"].endswith(".dir")]
    assert len(files) == len(declared()["outs"]) - 1
    assert [out["path"] for out in files if md5(ROOT / out["path"]) != out["md5"]] == []


def md5(path: Path) -> str:
    """Return the hash that DVC records of a file."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def test_texts_are_written_once_and_then_stay(changeable: Study) -> None:
    readme = changeable.folder / "README.md"
    readme.write_text(f"before\n{texts.BEGIN}old\n{texts.END}after\n", encoding="utf-8")
    changeable.module("stages.study.texts")
    written = [readme.read_text(encoding="utf-8"), (changeable.reports / "README.md").read_text()]
    assert written[0].startswith(f"before\n{texts.BEGIN}The lower two rows")
    assert written[0].endswith(f"{texts.END}after\n")
    assert "old" not in written[0].splitlines()
    assert changeable.json("summary")["conclusion"] in written[1]
    commit = changeable.json("run")["commit"][:12]
    assert f"These results were made at commit `{commit}`." in written[1]
    changeable.module("stages.study.texts")
    assert written[0] == readme.read_text(encoding="utf-8")
    # The texts are no out of the study: to write them makes nothing stale.
    changeable.run("dvc", "status", "-q", "reports/reproduction/dvc.yaml")


def test_texts_without_results_say_what_makes_them(changeable: Study) -> None:
    (changeable.reports / "why.json").unlink()
    done = changeable.module("stages.study.texts", status=1)
    assert "`make study` makes it" in done.stderr


def test_a_readme_whose_part_does_not_end_is_refused(changeable: Study) -> None:
    readme = changeable.folder / "README.md"
    readme.write_text(texts.BEGIN, encoding="utf-8")
    done = changeable.module("stages.study.texts", status=1)
    assert "but none <!-- /reproduction -->" in done.stderr
    assert readme.read_text(encoding="utf-8") == texts.BEGIN
