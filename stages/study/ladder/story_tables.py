"""The rows of the tables on the ladder's page, in Markdown."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stages.study.ladder import search
from stages.study.ladder.plan import Setting, Values, resolved

Summary = Mapping[str, Mapping[str, Any]]  # by setting, what summary.json says of it

_RATE = ["train.learning_rate"]  # all that some searches choose


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
