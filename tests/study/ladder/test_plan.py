"""What is trained: settings that add up, and those with an idea left out or added."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from stages.common.errors import DigitsError
from stages.study.ladder import ladder_params, plan
from stages.study.ladder.rung import values_of
from tests.scratch import ROOT
from tests.study.ladder import tiny
from tests.study.small import write_params


def by_name(content: dict[str, Any]) -> dict[str, plan.Setting]:
    return {setting.name: setting for setting in plan.settings(content)}


def climb(*rungs: dict[str, Any]) -> dict[str, Any]:
    """Return params whose climb begins with the post's setting and has these rungs."""
    first = {"name": "post", "label": "The post's", "set": {}}
    return tiny.content(climb=[first, *rungs], added=[], goals=[])


def rung(name: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "label": name, "set": values, **more}


def test_each_rung_keeps_what_those_below_it_set() -> None:
    found = by_name(tiny.content())
    assert found["post"].values == tiny.BASE
    assert found["scaled"].values == tiny.BASE | {"encode.pixel_scale": 255.0}
    assert found["rate"].values == found["scaled"].values | {
        "train.learning_rate": "chosen by rate"
    }
    assert [found[name].neighbour for name in ("post", "scaled", "rate")] == [
        None, "post", "scaled",
    ]  # fmt: skip


def test_each_idea_is_left_out_of_the_top_in_turn() -> None:
    found = by_name(tiny.content())
    assert found["without scaled"].values == found["rate"].values | {"encode.pixel_scale": 1.0}
    assert {found[name].neighbour for name in found if found[name].group == "left out"} == {"rate"}


def test_what_is_left_out_may_need_other_values() -> None:
    found = by_name(tiny.content())
    assert found["without rate"].values == found["scaled"].values | {"train.epochs": 1}


def test_an_idea_that_a_later_one_replaced_is_not_left_out() -> None:
    rungs = [rung("slow", {"train.learning_rate": 0.1}), rung("fast", {"train.learning_rate": 2.0})]
    found = by_name(climb(*rungs))
    assert "without slow" not in found
    assert found["without fast"].values["train.learning_rate"] == 0.1


def test_ideas_are_added_to_the_top_one_at_a_time() -> None:
    found = by_name(tiny.content())
    assert found["longer"].values == found["rate"].values | {"train.epochs": 3}
    assert found["longer"].neighbour == "rate"


def test_the_top_is_the_last_rung() -> None:
    assert plan.named(tiny.content(), "top").name == "rate"
    goal = tiny.LADDER["goals"][0] | {"from": "top", "set": {}}
    assert (
        by_name(tiny.content(goals=[goal]))["wide"].values == by_name(tiny.content())["rate"].values
    )


def test_seeds_are_those_of_the_study_unless_a_setting_has_its_own() -> None:
    found = by_name(climb(rung("slow", {"train.epochs": 1}, seeds=7)))
    assert (found["post"].seeds, found["slow"].seeds) == (2, 7)


def test_what_was_chosen_stands_where_it_was_left_open() -> None:
    values = {"train.epochs": 3, "train.learning_rate": "chosen by rate"}
    chosen = {"rate": {"train.learning_rate": 0.5}, "other": {"train.learning_rate": 9.0}}
    assert plan.resolved(values, chosen) == {"train.epochs": 3, "train.learning_rate": 0.5}
    assert plan.searches_of(values) == {"rate"}


def test_what_no_search_chose_is_refused() -> None:
    with pytest.raises(DigitsError, match=r"search rate has not chosen train\.learning_rate"):
        plan.resolved({"train.learning_rate": "chosen by rate"}, {"rate": {}})


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"train.epochs": 0}, "train.epochs is 0; expected a whole number at least 1"),
        ({"train.epohcs": 3}, "sets train.epohcs, which no stage has"),
        ({"encode.pixel_scale": "much"}, "encode.pixel_scale is 'much'; expected a finite number"),
    ],
)
def test_a_value_that_no_stage_would_take_is_refused(
    values: dict[str, Any], fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan.FOLDER.mkdir(parents=True)
    write_params(plan.PARAMS_FILE, climb(rung("wrong", values)))
    with pytest.raises(DigitsError) as refused:
        ladder_params.load()
    assert fault in str(refused.value)
    assert "reports/ladder/params.yaml" in str(refused.value)


def test_the_params_of_the_repository_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    content = ladder_params.load()
    assert {plan.named(content, name).rows for name in content["ladder"]["checked"]} == {"rungs"}
    assert plan.searches_of(values_of(content)) == set()
    (small,) = [one for one in content["ladder"]["searches"] if one["name"] == "official small"]
    for shape in small["space"]["shape"]:
        layers = shape["initialize.layers"]
        assert sum((below + 1) * above for below, above in pairwise(layers)) <= 13_002
        assert layers[0] == shape["encode.side"] ** 2


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("rungs", "wide is on the rows 'official', but the search wide on the rows 'rungs'"),
        (None, "wide is chosen by wide, no search"),
    ],
)
def test_a_choice_by_rows_that_may_test_is_refused(
    rows: str | None, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan.FOLDER.mkdir(parents=True)
    first, wide = tiny.LADDER["searches"]
    searches = [first, *([wide | {"rows": rows}] if rows else [])]
    write_params(plan.PARAMS_FILE, tiny.content(searches=searches))
    with pytest.raises(DigitsError, match=fault):
        ladder_params.load()


def test_two_settings_of_one_name_are_refused() -> None:
    with pytest.raises(DigitsError, match="two settings with the name scaled"):
        plan.settings(climb(rung("scaled", {"train.epochs": 1}), rung("scaled", {})))
