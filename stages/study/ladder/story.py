"""Write docs/ladder.md from the ladder's results.

In: reports/ladder/params.yaml, chosen.json, search.csv, summary.json, run.json, and the text in
reports/ladder/texts/page.md, where a {name[key]:format} stands for a number. Out: docs/ladder.md.
With the same results it stays as it is, to the byte.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stages.common.artifacts.reports import write_text
from stages.common.command import run_stage
from stages.common.errors import DigitsError, refuse_conflict
from stages.network.arithmetic import ARITHMETICS
from stages.study.ladder import (
    chosen,
    ladder_params,
    plan,
    published,
    recipe_command,
    story_tables,
    trials,
)
from stages.study.ladder.entries import Maker
from stages.study.ladder.plan import Setting, Values, resolved
from stages.study.ladder.pools import Counts
from stages.study.ladder.story_tables import Summary
from stages.study.wording import fill, state_of

SOURCE = plan.FOLDER / "texts/page.md"
PAGE = Path("docs/ladder.md")


def results() -> dict[str, Any]:
    """Return all that the page may speak of, by name; raises DigitsError where it is missing."""
    content, picked = ladder_params.load(), chosen.read()
    settings = plan.settings(content)
    summary, run = (_json(plan.FOLDER / f"{name}.json") for name in ("summary", "run"))
    groups = {name: [one for one in settings if one.group == name] for name in _GROUPS}
    climb = [one.name for one in groups["climb"]]
    return {
        "rows": content["rows"],
        "summary": summary,
        "post": summary[climb[0]],
        "top": summary[climb[-1]],
        "linear": summary["linear"],
        "published": {"post": published.POST, "best": published.RECORDS[0]},
        **_tables(content["ladder"], groups, summary, picked),
        "replaced": _listed(_replaced(groups)),
        "single": _listed([one.label for one in groups["goal"] if _is_single(one, picked)]),
        "verdicts": verdicts(groups, summary),
        "commands": commands(content, settings, picked),
        "trainings": sum(one.seeds for one in settings),
        "hours": _hours(run, trials.read_known(trials.TRIALS)),
        "processes": run["processes"],
        "was": state_of(run),
    }


_GROUPS = ("climb", "left out", "added", "goal")


def _tables(
    ladder: Mapping[str, Any],
    groups: Mapping[str, Sequence[Setting]],
    summary: Summary,
    picked: Mapping[str, Values],
) -> dict[str, str]:
    """Return the rows of the page's tables, and the list of learning rates, by name."""
    return {
        "climb": story_tables.table(groups["climb"], summary, picked),
        "left_out": story_tables.table(groups["left out"], summary, picked),
        "added": story_tables.table(groups["added"], summary, picked),
        "goals": story_tables.goals(ladder["goals"], summary),
        "searches": story_tables.searches(ladder["searches"], picked),
        "rates": story_tables.rates(ladder["searches"], picked),
    }


def _json(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file of the record."""
    try:
        text = path.read_text(encoding="utf-8")
        refuse_conflict(text, path)
        return dict(json.loads(text))
    except (OSError, ValueError) as error:
        advice = "git checkout brings it back, and `make ladder` makes it"
        raise DigitsError(f"cannot use {path}: {error}. {advice}") from error


def _hours(run: Mapping[str, Any], tried: Mapping[str, trials.Tried]) -> dict[str, float]:
    """Return the hours that all took with so many trainings side by side, by part of the study."""
    spent = {name.replace(" ", "_"): value for name, value in run["hours"].items()}
    spent["search"] = sum(one.seconds for one in tried.values()) / 3600
    spent["ladder"] = sum(spent[name] for name in ("climb", "left_out", "added"))
    return {name: value / run["processes"] for name, value in spent.items()}


def verdicts(groups: Mapping[str, Sequence[Setting]], summary: Summary) -> dict[str, str]:
    """Return which ideas bring something, nothing that the seeds show, or harm; by group."""
    found = {}
    for group, turned in (("climb", 1), ("left out", -1), ("added", 1)):
        signs = {one.label: turned * _sign(summary[one.name]) for one in groups[group]
                 if one.neighbour}  # fmt: skip
        for name, sign in (("helps", 1), ("nothing", 0), ("harms", -1)):
            labels = [label for label, found_sign in signs.items() if found_sign == sign]
            found[f"{group.replace(' ', '_')}_{name}"] = _listed(labels)
    return found


def _replaced(groups: Mapping[str, Sequence[Setting]]) -> list[str]:
    """Return the ideas that a later one replaced, so that none can leave them out."""
    left_out = {one.name for one in groups["left out"]}
    return [one.label for one in groups["climb"][1:] if f"without {one.name}" not in left_out]


def _is_single(setting: Setting, picked: Mapping[str, Values]) -> bool:
    """Tell whether a setting is not trained in the arithmetic that is the same everywhere."""
    return not ARITHMETICS[resolved(setting.values, picked)["train.precision"]].everywhere


def _sign(told: Mapping[str, Any]) -> int:
    """Return 1 or -1 where the interval of the test difference is above or below 0, else 0."""
    low, high = (told[f"test_difference_{end}"] for end in ("low", "high"))
    return 0 if low is None else int(low > 0) - int(high < 0)


def _listed(labels: Sequence[str]) -> str:
    """Return labels as a list in a sentence."""
    return ", ".join(f"*{label}*" for label in labels) or "none"


def commands(
    content: Mapping[str, Any], settings: Sequence[Setting], picked: Mapping[str, Values]
) -> str:
    """Return for each goal's network the command that trains it, as a block of Markdown."""
    counts = Counts(**content["rows"])
    maker, source = Maker(counts, settings, picked), content["ingest"]["source"]
    goal = [maker.of(one, 0)._replace(name=one.label) for one in settings if one.group == "goal"]
    lines = recipe_command.of_all(goal, source, counts).splitlines()
    return "\n".join(f"    {line}" if line else "" for line in lines)


def main() -> None:
    """Write the page."""
    write_text(PAGE, fill(SOURCE.read_text(encoding="utf-8"), results()))


if __name__ == "__main__":
    run_stage(main, __doc__)
