"""The study's params: reports/ladder/params.yaml, typed and bounded as params.yaml is."""

from collections.abc import Mapping
from typing import Any

from stages.common import params
from stages.common.errors import DigitsError
from stages.study.ladder.plan import (
    CHOSEN,
    OFFICIAL,
    PARAMS_FILE,
    ROWS,
    TEACHER,
    Setting,
    searches_of,
    settings,
)

_COUNT = {"type": "integer", "minimum": 1}
_TEXT = {"type": "string", "minLength": 1}
_MAP = {"type": "object"}
_SETTING = {
    "name": _TEXT, "label": _TEXT, "set": _MAP, "seeds": _COUNT, "rows": {"enum": list(ROWS)},
}  # fmt: skip


def _list_of(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the schema of a list of mappings with some keys, of which some must be there."""
    item = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": list(required),
    }
    return {"type": "array", "minItems": 0, "items": item}


_GOAL = {"from": _TEXT, "goal": {"type": "number"}, "least": {"type": "number"}, "anchor": _TEXT}
PARAMS: dict[str, params.Table] = {
    "rows": {
        "seed": {"type": "integer", "minimum": 0},
        "train_rows": _COUNT,
        "validation_rows": _COUNT,
        "test_rows": _COUNT,
        "official_rows": _COUNT,
        "official_validation_rows": _COUNT,
    },
    "ladder": {
        "seeds": _COUNT,
        "base": _MAP,
        "climb": _list_of({**_SETTING, "without": _MAP}, "name", "label", "set"),
        "added": _list_of(_SETTING, "name", "label", "set"),
        "beside": _list_of(_SETTING, "name", "label", "set", "rows", "seeds"),
        "goals": _list_of(
            {**_SETTING, **_GOAL}, "name", "label", "set", "rows", "seeds", "from", "goal", "anchor"
        ),
        "searches": _list_of(
            {
                "name": _TEXT, "of": _TEXT, "rows": {"enum": list(ROWS)}, "space": _MAP,
                "trials": _COUNT, "epochs": {"type": "array", "minItems": 1, "items": _COUNT},
                "keep": {"type": "array", "minItems": 0, "items": _COUNT}, "seeds": _COUNT,
            },
            "name", "of", "rows", "space", "trials", "epochs", "keep", "seeds",
        ),
        "checked": {"type": "array", "minItems": 1, "items": _TEXT},
        "rung": {
            "type": "object",
            "properties": {
                "train_rows": _COUNT,
                "set": _MAP,
                "accuracies": {"type": "array", "minItems": 0, "items": {"type": "number"}},
            },
            "additionalProperties": False,
            "required": ["train_rows", "set", "accuracies"],
        },
    },
}  # fmt: skip


def load() -> dict[str, Any]:
    """Return the study's params; raises DigitsError with the key, the value and what is expected.

    A value that a setting gives to a params key is checked by the table of the key's stage.
    """
    declared = params.declared()
    tables = {"ingest": {"source": declared["ingest"]["source"]}, **PARAMS}
    content = params.check_against(tables, params.read(PARAMS_FILE), PARAMS_FILE)
    searched = {one["name"]: one["rows"] for one in content["ladder"]["searches"]}
    for setting in settings(content):
        _check_values(setting, declared)
        _refuse_foreign_choices(setting, searched)
    return content


def _refuse_foreign_choices(setting: Setting, searched: Mapping[str, str]) -> None:
    """Raise DigitsError where a search chose that may have seen rows which test the setting.

    The rows of the ladder hold official test images, and the other way round.
    """
    for name in sorted(searches_of(setting.values)):
        if name not in searched:
            raise DigitsError(f"{PARAMS_FILE}: {setting.name} is chosen by {name}, no search")
        if (searched[name] in OFFICIAL) != (setting.rows in OFFICIAL):
            raise DigitsError(
                f"{PARAMS_FILE}: {setting.name} is on the rows '{setting.rows}', but the search "
                f"{name} on the rows '{searched[name]}'; expected one whose rows test neither"
            )


def _check_values(setting: Setting, declared: Mapping[str, params.Table]) -> None:
    """Raise DigitsError for the first value of a setting that its key's table does not allow."""
    for key, value in setting.values.items():
        if key == TEACHER or (isinstance(value, str) and value.startswith(CHOSEN)):
            continue
        section, _, name = key.partition(".")
        if name not in declared.get(section, {}):
            raise DigitsError(f"{PARAMS_FILE}: {setting.name} sets {key}, which no stage has")
        table = {section: {name: declared[section][name]}}
        params.check_against(table, {section: {name: value}}, PARAMS_FILE)
