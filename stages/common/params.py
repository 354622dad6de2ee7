"""Read params.yaml, and check all of it against the tables that the stages declare.

A stage or tool declares its section as a literal in its own module:

    PARAMS = {"train": {"epochs": {"type": "integer", "minimum": 1}, ...}}

Each key's entry is a JSON Schema. {"keys_of": "network/updates.py:UPDATES"} stands for an enum
of the keys of that literal: the names of the methods there. Tables and names are read from the
source text, not imported: so any stage can check the whole file in milliseconds, and yet a new
key or method of one stage is no change to another.
"""

import ast
import difflib
import math
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError

from stages.common.errors import DigitsError, refuse_conflict
from stages.common.methods import STAGES, literals, names_of

PARAMS_FILE = Path("params.yaml")

_MOST_VALUES = 10_000

Table = dict[str, dict[str, Any]]


# Beside its own errors, ruamel lets through what Python raises on a value that its tag or its
# form announces but does not hold: "!!int x", "!!bool x", "%YAML 1.99", a list a thousand deep.
_UNREADABLE = (
    OSError,
    YAMLError,
    ValueError,
    ArithmeticError,
    LookupError,
    AssertionError,
    RecursionError,
)


def load(section: str) -> dict[str, Any]:
    """Return one section of params.yaml in the current folder, once all of it is right.

    Raises DigitsError with the key, the value found and what was expected.
    """
    return dict(check_file()[section])


def check_file() -> dict[str, Any]:
    """Return the content of params.yaml in the current folder; raises DigitsError as `load`."""
    return check(read(PARAMS_FILE))


def check(content: Any) -> dict[str, Any]:
    """Return `content`, or raise DigitsError for the first key that its table does not allow."""
    return check_against(declared(), content, PARAMS_FILE)


def check_against(tables: dict[str, Table], content: Any, path: Path) -> dict[str, Any]:
    """Return the `content` of the file `path`, or raise DigitsError for the first wrong key."""
    schema = _object({name: _object(table) for name, table in tables.items()})
    errors = sorted(_Validator(schema).iter_errors(content), key=lambda error: str(error.path))
    if errors:
        raise DigitsError(f"{path}: {_explain(errors[0])}")
    return dict(content)


@cache  # they stay the same while a stage runs
def declared() -> dict[str, Table]:
    """Return the table of each section: every PARAMS literal in stages/ and stages/tools/."""
    modules = sorted([*STAGES.glob("*.py"), *STAGES.glob("tools/*.py")])
    found = [literal for module in modules for literal in literals(module, "PARAMS")]
    tables: list[dict[str, Table]] = [ast.literal_eval(literal) for literal in found]
    return {
        section: {key: _with_names(entry) for key, entry in table.items()}
        for sections in tables
        for section, table in sections.items()
    }


def _with_names(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a key's schema with the names of methods in the place of where they are."""
    return {"enum": names_of(entry["keys_of"])} if "keys_of" in entry else entry


def read(path: Path) -> Any:
    """Return the content of a YAML file, read as DVC reads it (YAML 1.2: 1e-3 is a number)."""
    try:
        text = path.read_text(encoding="utf-8")
        refuse_conflict(text, path)
        with warnings.catch_warnings(action="ignore", category=ReusedAnchorWarning):
            content = YAML(typ="safe", pure=True).load(text)
    except _UNREADABLE as error:
        raise DigitsError(f"cannot read {path}: {_reason(error)[:500]}") from error
    if not _is_small(content):
        raise DigitsError(f"cannot read {path}: it holds more than {_MOST_VALUES} values")
    return content


def _reason(error: BaseException) -> str:
    """Say what is wrong with a YAML file, and in which line where that is known."""
    if isinstance(error, MarkedYAMLError) and error.problem_mark and error.problem:
        return f"line {error.problem_mark.line + 1}: {' '.join(error.problem.split())}"
    return " ".join(str(error).split()) or type(error).__name__


def _is_small(content: Any) -> bool:
    """Tell whether there are few values in `content`: aliases make many of a few bytes."""
    waiting, met = [content], 0
    while waiting and met <= _MOST_VALUES:
        value = waiting.pop()
        met += 1
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list | tuple | set):
            waiting += value
    return met <= _MOST_VALUES


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a mapping that has exactly the keys of `properties`."""
    return {
        "type": "object",
        "properties": properties,
        # Before "required", so that a misspelt key is called that rather than missing.
        "additionalProperties": False,
        "required": list(properties),
    }


def _is_integer(_: Any, value: Any) -> bool:
    """Tell whether `value` is a whole number written as one: not true, not 5.0."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_: Any, value: Any) -> bool:
    """Tell whether `value` is a finite number."""
    if _is_integer(_, value):
        return bool(abs(value) <= sys.float_info.max)  # a whole number can be beyond any float
    return isinstance(value, float) and math.isfinite(value)


def _last_item(_: Any, wanted: Any, value: Any, __: Any) -> Any:
    """Check JSON Schema's missing keyword: what a list ends in."""
    if isinstance(value, list) and value and value[-1] != wanted:
        yield ValidationError(f"does not end in {wanted}")


_Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"lastItem": _last_item},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer).redefine(
        "number", _is_number
    ),
)


def _explain(error: ValidationError) -> str:
    """Say which key is wrong, what it holds and what it should hold."""
    key = ".".join(map(str, error.absolute_path))
    schema: dict[str, Any] = error.schema  # type: ignore[assignment]
    found: Any = error.instance
    if error.validator == "additionalProperties":
        return _explain_unknown(key, found, schema["properties"])
    if error.validator == "required":
        missing = [name for name in schema["required"] if name not in found]
        wanted = expected(schema["properties"][missing[0]])
        return f"{_join(key, missing[0])} is missing; expected {wanted}"
    return f"{key or 'the file'} is {_shown(found)}; expected {expected(schema)}"


def _explain_unknown(parent: str, found: dict[str, Any], known: dict[str, Any]) -> str:
    """Say which key nobody declares, and the nearest that somebody does."""
    name = next(name for name in found if name not in known)
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {_join(parent, near[0])}?" if near else f"expected {', '.join(known)}"
    return f"unknown key {_join(parent, name)} (its value is {_shown(found[name])}); {hint}"


def _shown(value: object) -> str:
    """Return a value as Python writes it; none as YAML does, whose word for it may be a blank."""
    if value is None:
        return "empty (null)"
    try:
        return repr(value)
    except ValueError:  # Python refuses to write out a whole number of thousands of digits
        return "a number too long to show"


def _join(parent: str, name: object) -> str:
    """Return the dotted name of a key, as DVC writes it."""
    return f"{parent}.{name}" if parent else str(name)


_WORDS = {
    "integer": "a whole number",
    "number": "a finite number",
    "string": "a text",
    "boolean": "true or false",
    "null": "null",
    "object": "a mapping",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


def expected(schema: dict[str, Any]) -> str:
    """Put a key's schema into words."""
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema["type"] == "array":
        items = expected(schema["items"])
        if "prefixItems" not in schema:
            return f"a list of {schema['minItems']} or more, each {items}"
        first, last = expected(schema["prefixItems"][0]), schema["lastItem"]
        return f"a list of {schema['minItems']} or more, from {first} to {last}, each {items}"
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    bounds = [f"{words} {schema[name]}" for name, words in _BOUNDS.items() if name in schema]
    bounded = " ".join([_WORDS[types[0]], " and ".join(bounds)]).strip()
    if "minLength" in schema:
        bounded = "a text that is not empty"
    return " or ".join([bounded, *(_WORDS[other] for other in types[1:])])
