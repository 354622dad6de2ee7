"""What is trained: reports/ladder/params.yaml as a list of settings, each a network's whole recipe.

A setting is what the base says and what its own `set` changes. The rungs of the climb add up; from
the last of them, the top, follow those with an idea left out or added. A value may be left to a
search: "chosen by NAME".
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stages.common.errors import DigitsError

FOLDER = Path("reports/ladder")
PARAMS_FILE = FOLDER / "params.yaml"

ROWS = ("rungs", "all", "official search", "official")
OFFICIAL = ("official search", "official")
CHOSEN = "chosen by "
TOP = "top"  # a name for the last rung, whatever its own
TEACHER = "teacher"  # beside the params keys: the setting whose network teaches

Values = dict[str, Any]


class Setting(NamedTuple):
    """A network's recipe, trained from several seeds.

    group: climb, left out, added, beside or goal. values: by params key. rows: one of ROWS.
    neighbour: the setting that it is held against, if any.
    """

    name: str
    group: str
    label: str
    values: Values
    rows: str
    seeds: int
    neighbour: str | None


def settings(content: Mapping[str, Any]) -> list[Setting]:
    """Return all settings: of the climb, left out, added, beside it and of the goals."""
    ladder = content["ladder"]
    climb = _climb(ladder)
    top = climb[-1]
    found = [*climb, *_left_out(ladder, top), *_added(ladder, top)]
    found += [
        Setting(one["name"], "beside", one["label"], ladder["base"] | one["set"], one["rows"],
                one["seeds"], None)
        for one in ladder["beside"]
    ]  # fmt: skip
    for one in ladder["goals"]:
        whence = _named(found, one["from"]).values if one["from"] != "base" else ladder["base"]
        found.append(
            Setting(one["name"], "goal", one["label"], whence | one["set"], one["rows"],
                    one["seeds"], None)
        )  # fmt: skip
    names = [setting.name for setting in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DigitsError(f"{PARAMS_FILE} has two settings with the name {twice[0]}")
    return found


def _climb(ladder: Mapping[str, Any]) -> list[Setting]:
    """Return the rungs: each with what it and all below it set."""
    values, found = dict(ladder["base"]), list[Setting]()
    for rung in ladder["climb"]:
        values = values | rung["set"]
        below = found[-1].name if found else None
        seeds = rung.get("seeds", ladder["seeds"])
        found.append(Setting(rung["name"], "climb", rung["label"], values, "rungs", seeds, below))
    return found


def _left_out(ladder: Mapping[str, Any], top: Setting) -> list[Setting]:
    """Return the top without each idea in turn, but for those that a later one replaced."""
    found = []
    for absent in ladder["climb"][1:]:
        values = dict(ladder["base"])
        for rung in ladder["climb"]:
            values |= {} if rung is absent else rung["set"]
        values |= absent.get("without", {})
        if values != top.values:
            name = f"without {absent['name']}"
            label = absent["label"]
            found.append(
                Setting(name, "left out", label, values, "rungs", ladder["seeds"], top.name)
            )
    return found


def _added(ladder: Mapping[str, Any], top: Setting) -> list[Setting]:
    """Return the top with each further idea."""
    return [
        Setting(one["name"], "added", one["label"], top.values | one["set"], "rungs",
                one.get("seeds", ladder["seeds"]), top.name)
        for one in ladder["added"]
    ]  # fmt: skip


def _named(found: Sequence[Setting], name: str) -> Setting:
    """Return the setting of a name, or for `top` the last rung; raises DigitsError for another."""
    for setting in found:
        if name in (setting.name, TOP if setting is _top(found) else None):
            return setting
    raise DigitsError(f"{PARAMS_FILE} has no setting {name}")


def _top(found: Sequence[Setting]) -> Setting:
    """Return the last rung."""
    return [setting for setting in found if setting.group == "climb"][-1]


def named(content: Mapping[str, Any], name: str) -> Setting:
    """Return the setting of a name; raises DigitsError where there is none."""
    return _named(settings(content), name)


def searches_of(values: Values) -> set[str]:
    """Return the searches that some values are left to."""
    texts = [value for value in values.values() if isinstance(value, str)]
    return {text.removeprefix(CHOSEN) for text in texts if text.startswith(CHOSEN)}


def resolved(values: Values, chosen: Mapping[str, Values]) -> Values:
    """Return values with those that searches chose; raises DigitsError for one not chosen yet.

    chosen: by search, and then by params key.
    """
    found = dict(values)
    for key, value in values.items():
        if isinstance(value, str) and value.startswith(CHOSEN):
            search = value.removeprefix(CHOSEN)
            if key not in chosen.get(search, {}):
                raise DigitsError(f"the search {search} has not chosen {key}: `make ladder` does")
            found[key] = chosen[search][key]
    return found


def full(values: Values) -> dict[str, dict[str, Any]]:
    """Return values by section and key."""
    sections: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        if name:
            sections.setdefault(section, {})[name] = value
    return sections
