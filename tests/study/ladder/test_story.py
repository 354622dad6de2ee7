"""The page of the ladder: written from its results, and in step with them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from stages.common.errors import DigitsError
from stages.study.ladder import ladder_params, plan, story
from stages.study.wording import fill
from tests.docs.pages import tables
from tests.scratch import ROOT


@pytest.fixture
def page(ladder: Path) -> str:
    """The page of the tiny ladder."""
    (ladder / "docs").mkdir()
    shutil.copytree(ROOT / plan.FOLDER / "texts", ladder / plan.FOLDER / "texts")
    story.main()
    return story.PAGE.read_text(encoding="utf-8")


def summary() -> dict[str, dict[str, Any]]:
    return dict(json.loads((plan.FOLDER / "summary.json").read_text(encoding="utf-8")))


def test_the_tables_have_the_numbers_of_the_results(page: str) -> None:
    climb, without, added, goals, searches = tables(page)
    assert [row[0] for row in climb[1:]] == [
        "The post's setting", "Pixels divided by 255", "A rate of its own",
    ]  # fmt: skip
    told = summary()["scaled"]
    assert climb[2][1] == "`encode.pixel_scale: 255.0`"
    assert climb[2][2].startswith(f"{100 * told['test_mean']:.2f} ± {100 * told['test_std']:.2f}")
    assert [row[0] for row in without[1:]] == ["Pixels divided by 255", "A rate of its own"]
    assert [row[0] for row in added[1:]] == ["Longer", "Taught"]
    assert goals[1][:3] == ("784-30-10", "95.42 (Nielsen)", "≥ 98.2")
    assert goals[1][4] == "missed"
    assert [row[:4] for row in searches[1:]] == [("wide", "official search", "4", "1")]
    assert "Learning rates alone were searched for rate 0.86 (of 3)." in page


def test_it_has_the_command_of_each_goal(page: str) -> None:
    assert "dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false" in page
    assert "-S initialize.layers='[784,30,10]'" in page


def test_it_says_who_helps_and_who_does_not(page: str) -> None:
    found = story.verdicts(
        {
            "climb": [one for one in plan.settings(ladder_params.load()) if one.group == "climb"],
            "left out": [],
            "added": [],
        },
        {
            name: {"test_difference_low": low, "test_difference_high": high}
            for name, low, high in (("scaled", 0.01, 0.02), ("rate", -0.02, -0.01))
        },
    )
    assert found["climb_helps"] == "*Pixels divided by 255*"
    assert found["climb_harms"] == "*A rate of its own*"
    assert found["climb_nothing"] == "none"
    assert "**brings nothing**" in page


@pytest.mark.parametrize("name", ["summary.json", "run.json", "chosen.json"])
def test_without_results_it_says_what_makes_them(name: str, page: str) -> None:
    assert page
    (plan.FOLDER / name).unlink()
    with pytest.raises(DigitsError, match=rf"cannot use reports/ladder/{name}: .* makes it"):
        story.main()


def test_the_page_of_the_repository_has_the_numbers_of_its_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    if not story.PAGE.exists():
        pytest.skip("the ladder has not been climbed yet")
    made = fill(story.SOURCE.read_text(encoding="utf-8"), story.results())
    assert story.PAGE.read_text(encoding="utf-8") == made, "python -m stages.study.ladder.story"
