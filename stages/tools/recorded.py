"""Whether reports belong to the code and params beside them: dvc.lock says what they are from.

`dvc status` asks the same of the working copy; this asks it of a commit in Git too, and lets
data be absent.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from stages.common.artifacts.committed import flatten
from stages.common.errors import DigitsError
from stages.tools import yaml_text
from stages.tools.project_files import Files

PIPELINE = "dvc.yaml"
LOCK = "dvc.lock"
_PARAMS_FILE = "params.yaml"
_TEMPLATE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")

Mapping = dict[str, Any]


class Difference(NamedTuple):
    """What is not as recorded, and whether it is data that DVC keeps and Git does not."""

    told: str
    stale: bool = False


def check(files: Files, remedy: str) -> None:
    """Raise DigitsError, with the `remedy`, unless all is as dvc.lock records it.

    Data may be absent: outs in DVC's cache, and the source. Code and reports may not.
    """
    pipeline, lock, params = (_load(files, name) for name in (PIPELINE, LOCK, _PARAMS_FILE))
    try:
        found = list(dict.fromkeys(_differences(files, pipeline, lock, flatten(params))))
    except (AttributeError, KeyError, TypeError) as error:
        raise DigitsError(f"{PIPELINE} and {LOCK} of {files.name} do not fit: {error}") from error
    wrong = [difference for difference in found if not difference.stale]
    reports = f"the reports of {files.name}"
    if wrong:
        raise DigitsError(f"{reports} do not belong to it: {_all(wrong)}. {remedy}")
    if found:
        raise DigitsError(
            f"{reports} are as {LOCK} records them, but its data is of another run: {_all(found)}. "
            "Run `dvc checkout`, or `make repro` where DVC never had that data"
        )


def _all(found: Sequence[Difference]) -> str:
    """Return the first difference in words, and how many there are beside it."""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{found[0].told}{more}"


def _load(files: Files, name: str) -> Mapping:
    """Return the mapping in a YAML file of one side."""
    content = files.read(name)
    if content is None:
        raise DigitsError(f"{files.name} has no {name}")
    return yaml_text.mapping(content, f"{name} of {files.name}")


def _differences(
    files: Files, pipeline: Mapping, lock: Mapping, params: Mapping
) -> Iterator[Difference]:
    """Yield each thing that is not as recorded, in the order of the pipeline."""
    data = {path for stage in pipeline["stages"].values() for path in _cached(stage, params)}
    absent = {params.get("ingest.source")} | data
    digests: dict[str, str | None] = {}
    for name, stage in pipeline["stages"].items():
        record = lock.get("stages", {}).get(name)
        if record is None:
            yield Difference(f"{LOCK} has no stage {name}")
            continue
        yield from _wiring(name, stage, record, params)
        yield from _settings(stage, record, params)
        for item in [*record.get("deps", []), *record.get("outs", [])]:
            path = item["path"]
            if path not in digests:
                digests[path] = files.digest(path)
            if digests[path] is None and path not in absent:
                yield Difference(f"{path} is missing")
            elif digests[path] not in (None, item["md5"]):
                yield Difference(f"{path} is not as {LOCK} records it", stale=path in data)


def _wiring(name: str, stage: Mapping, record: Mapping, params: Mapping) -> Iterator[Difference]:
    """Yield where a stage's command, deps and outs are not those recorded."""
    if _filled(stage["cmd"], params) != record["cmd"]:
        yield Difference(f"the command of stage {name} is not as {LOCK} records it")
    for kind in ("deps", "outs"):
        listed = {path for path, _ in _items(stage, kind, params)}
        if listed != {item["path"] for item in record.get(kind, [])}:
            yield Difference(f"the {kind} of stage {name} are not those that {LOCK} records")


def _settings(stage: Mapping, record: Mapping, params: Mapping) -> Iterator[Difference]:
    """Yield the params of a stage whose values are not those recorded."""
    recorded = record.get("params", {}).get(_PARAMS_FILE, {})
    listed = stage.get("params", [])
    for key in dict.fromkeys([*listed, *recorded]):
        known = key in listed and key in recorded and key in params
        if not known or recorded[key] != params[key]:
            yield Difference(f"{key} in {_PARAMS_FILE} is not as {LOCK} records it")


def _cached(stage: Mapping, params: Mapping) -> Iterator[str]:
    """Yield the outs of a stage that DVC keeps, which a fresh clone lacks."""
    for path, options in _items(stage, "outs", params):
        if options.get("cache", True):
            yield path


def _items(stage: Mapping, kind: str, params: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield the paths that a stage lists, with their options."""
    for item in stage.get(kind, []):
        path, options = next(iter(item.items())) if isinstance(item, dict) else (item, {})
        yield _filled(path, params), options


def _filled(text: str, params: Mapping) -> str:
    """Return a text of dvc.yaml with its `${key}` replaced by their values in params.yaml."""
    return _TEMPLATE.sub(lambda found: str(params[found[1]]), text)
