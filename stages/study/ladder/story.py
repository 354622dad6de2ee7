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
from stages.study.ladder import chosen, ladder_params, plan, published, recipe_command, search
from stages.study.ladder.entries import Maker
from stages.study.ladder.plan import Setting, Values, resolved
from stages.study.ladder.pools import Counts
from stages.study.wording import fill, state_of

SOURCE = plan.FOLDER / "texts/page.md"
PAGE = Path("docs/ladder.md")

Summary = Mapping[str, Mapping[str, Any]]


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
        "climb": table(groups["climb"], summary, picked),
        "left_out": table(groups["left out"], summary, picked),
        "added": table(groups["added"], summary, picked),
        "replaced": _listed(_replaced(groups)),
        "single": _listed([one.label for one in groups["goal"] if _is_single(one, picked)]),
        "goals": goals(content["ladder"]["goals"], summary),
        "verdicts": verdicts(groups, summary),
        "searches": searches(content["ladder"]["searches"], picked),
        "rates": rates(content["ladder"]["searches"], picked),
        "commands": commands(content, settings, picked),
        "trainings": sum(one.seeds for one in settings),
        "hours": _hours(run, search.read_known(search.TRIALS)),
        "processes": run["processes"],
        "was": state_of(run),
    }


_RATE = ["train.learning_rate"]  # all that some searches choose
_GROUPS = ("climb", "left out", "added", "goal")


def _json(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file of the record."""
    try:
        text = path.read_text(encoding="utf-8")
        refuse_conflict(text, path)
        return dict(json.loads(text))
    except (OSError, ValueError) as error:
        advice = "git checkout brings it back, and `make ladder` makes it"
        raise DigitsError(f"cannot use {path}: {error}. {advice}") from error


def _hours(run: Mapping[str, Any], tried: Mapping[str, search.Tried]) -> dict[str, float]:
    """Return the hours that all took with so many trainings side by side, by part of the study."""
    spent = {name.replace(" ", "_"): value for name, value in run["hours"].items()}
    spent["search"] = sum(one.seconds for one in tried.values()) / 3600
    spent["ladder"] = sum(spent[name] for name in ("climb", "left_out", "added"))
    return {name: value / run["processes"] for name, value in spent.items()}


def table(settings: Sequence[Setting], summary: Summary, picked: Mapping[str, Values]) -> str:
    """Return the rows of a table of settings, in Markdown."""
    rows, before = [], dict[str, Any]()
    for one in settings:
        told, values = summary[one.name], resolved(one.values, picked)
        new = {key: value for key, value in values.items() if before.get(key) != value}
        sets = ", ".join(f"`{key}: {_yaml(value)}`" for key, value in new.items())
        cells = [
            one.label, *([sets if before else ""] if one.group == "climb" else []),
            _mean(told, "test"), _between(told, "test_next"), _step(told, "test"),
            _mean(told, "validation"), f"{told['seeds']}", f"{told['seconds']:.0f}",
        ]  # fmt: skip
        rows.append("| " + " | ".join(cells) + " |")
        before = values
    return "\n".join(rows)


def _yaml(value: Any) -> str:
    """Return a value as params.yaml has it."""
    return value if isinstance(value, str) else json.dumps(value)


def _mean(told: Mapping[str, Any], part: str) -> str:
    """Return a mean, its standard deviation, and the interval of the mean."""
    if f"{part}_mean" not in told:
        return ""
    mean = f"{_points(told[f'{part}_mean'])}"
    if told[f"{part}_std"] is None:
        return mean
    return f"{mean} ± {_points(told[f'{part}_std'])} ({_between(told, part)})"


def _between(told: Mapping[str, Any], what: str) -> str:
    """Return an interval of shares, in points."""
    low, high = told[f"{what}_low"], told[f"{what}_high"]
    return "" if low is None else f"{_points(low)}–{_points(min(high, 1.0))}"


def _step(told: Mapping[str, Any], part: str) -> str:
    """Return the difference to the neighbour and its interval, in points."""
    mean = told.get(f"{part}_difference_mean")
    if mean is None:
        return ""
    low, high = (told[f"{part}_difference_{end}"] for end in ("low", "high"))
    return _signed(mean) + ("" if low is None else f" ({_signed(low)} to {_signed(high)})")


def _points(share: float) -> str:
    """Return a share in points of 100."""
    return f"{100 * share:.2f}"


def _signed(share: float) -> str:
    """Return a difference of shares in points, with its sign."""
    return f"{100 * share:+.2f}".replace("-", "−")


def goals(wanted: Sequence[Mapping[str, Any]], summary: Summary) -> str:
    """Return the rows of the table of goals, in Markdown."""
    rows = []
    for one in wanted:
        told = summary[one["name"]]
        mean = told["test_mean"]
        least = one.get("least", one["goal"])
        end = "reached" if mean >= one["goal"] else "above the least" if mean >= least else "missed"
        cells = [
            one["label"], one["anchor"], f"≥ {100 * one['goal']:.1f}", _mean(told, "test"), end,
            f"{told['seeds']}", f"{told['epochs']}", f"{told['seconds'] / 60:.0f}",
        ]  # fmt: skip
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


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


def searches(declared: Sequence[Mapping[str, Any]], picked: Mapping[str, Values]) -> str:
    """Return the rows of the table of searches, but of those for a rate alone, in Markdown."""
    rows = []
    for one in declared:
        if list(one["space"]) != _RATE:
            trials, epochs = len(search.drawn(one, 0)), ", ".join(map(str, one["epochs"]))
            values = [f"`{key}: {_yaml(value)}`" for key, value in picked[one["name"]].items()]
            cells = [one["name"], one["rows"], str(trials), epochs, ", ".join(values)]
            rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def rates(declared: Sequence[Mapping[str, Any]], picked: Mapping[str, Values]) -> str:
    """Return what the searches for a learning rate alone chose, as a list in a sentence."""
    found = []
    for one in declared:
        if list(one["space"]) == _RATE:
            (rate,) = picked[one["name"]].values()
            found.append(f"{one['name']} {rate} (of {len(search.drawn(one, 0))})")
    return ", ".join(found) or "none"


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
