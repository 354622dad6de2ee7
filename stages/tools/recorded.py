"""What dvc.lock records of a version of the project, and whether the rest of it is so.

`dvc status` asks the same of the working copy; this asks it of a commit in Git too, and lets
data be absent.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from stages.common.artifacts.committed import flatten
from stages.common.errors import DigitsError
from stages.tools import yaml_text
from stages.tools.project_files import Files

PIPELINE = "dvc.yaml"
LOCK = "dvc.lock"
PRECISION = "train.precision"
# Kinds of differences; stale is data that DVC keeps and Git does not.
CODE, PARAMS, DATA, RESULT, STALE = "code", "params", "data", "result", "stale data"
_PARAMS_FILE = "params.yaml"
_TEMPLATE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")

Mapping = dict[str, Any]


class Record(NamedTuple):
    """The stages of dvc.yaml and of dvc.lock by name, and the params by dotted name."""

    stages: Mapping
    lock: Mapping
    params: Mapping

    def reads(self, stage: str) -> list[str]:
        """Return the deps of a stage."""
        return [path for path, _ in self._items(stage, "deps")]

    def makes(self, stage: str) -> dict[str, bool]:
        """Return the outs of a stage, and of each whether DVC keeps it: a fresh clone lacks it."""
        return {path: options.get("cache", True) for path, options in self._items(stage, "outs")}

    def outs(self) -> dict[str, bool]:
        """Return the outs of all stages, as `makes`."""
        return {path: kept for stage in self.stages for path, kept in self.makes(stage).items()}

    def inputs(self) -> list[str]:
        """Return the deps that no stage makes: code, the source, and what else is brought."""
        read = (path for stage in self.stages for path in self.reads(stage))
        return [path for path in dict.fromkeys(read) if path not in self.outs()]

    def is_promised(self) -> bool:
        """Tell whether the same bytes are promised on every machine, and not on one alone."""
        return bool(self.params.get(PRECISION) == "reproducible")

    def _items(self, stage: str, kind: str) -> Iterator[tuple[str, Mapping]]:
        """Yield the paths that a stage lists, with their options."""
        for item in self.stages[stage].get(kind, []):
            path, options = next(iter(item.items())) if isinstance(item, dict) else (item, {})
            yield self.filled(path), options

    def filled(self, text: str) -> str:
        """Return a text of dvc.yaml with its `${key}` replaced by their values in params.yaml."""
        return _TEMPLATE.sub(lambda found: str(self.params[found[1]]), text)


class Difference(NamedTuple):
    """What is not as dvc.lock records it: in which stage, of which kind, in words."""

    stage: str
    kind: str
    told: str


def declared(files: Files) -> Record:
    """Return the record of one side without its dvc.lock; raises DigitsError as `load`."""
    stages, params = _load(files, PIPELINE).get("stages"), _load(files, _PARAMS_FILE)
    with _fitting(files):
        record = Record(dict(stages or {}), {}, flatten(params))
        record.inputs()
    return record


def load(files: Files) -> Record:
    """Return the record of one side; raises DigitsError where a file is missing or is no YAML."""
    lock = _load(files, LOCK)
    with _fitting(files):
        stages = dict(lock["stages"])
        for stage in stages.values():
            for item in [*stage.get("deps", []), *stage["outs"]]:
                if isinstance(item["md5"], (int, float)):  # digits alone, typed without quotes
                    item["md5"] = str(item["md5"])
                str(item["path"] + item["md5"])
    return declared(files)._replace(lock=stages)


def _load(files: Files, name: str) -> Mapping:
    """Return the mapping in a YAML file of one side."""
    content = files.read(name)
    if content is None:
        raise DigitsError(f"{files.name} has no {name}")
    return yaml_text.mapping(content, f"{name} of {files.name}")


@contextmanager
def _fitting(files: Files) -> Iterator[None]:
    """Raise DigitsError where what the block reads of a record has not the form that DVC writes."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DigitsError(f"{PIPELINE} and {LOCK} of {files.name} do not fit: {error}") from error


def check(files: Files, remedy: str) -> None:
    """Raise DigitsError, with the `remedy`, unless all is as dvc.lock records it.

    Data may be absent: outs in DVC's cache, and the source. Code and reports may not.
    """
    found = differences(files, load(files))
    wrong = [row for row in found if row.kind != STALE]
    reports = f"the reports of {files.name}"
    if wrong:
        raise DigitsError(f"{reports} do not belong to it: {summary(wrong)}. {remedy}")
    if found:
        raise DigitsError(
            f"{reports} are as {LOCK} records them, but its data is of another run: "
            f"{summary(found)}. Run `dvc checkout`, or `make repro` where DVC never had that data"
        )


def summary(found: Iterable[Difference]) -> str:
    """Return the first difference in words, and how many there are beside it."""
    first, *others = dict.fromkeys(row.told for row in found)
    return f"{first} (and {len(others)} more)" if others else first


def differences(files: Files, record: Record) -> list[Difference]:
    """Return each thing that is not as recorded, in the order of dvc.yaml."""
    with _fitting(files):
        return list(_differences(files, record))


def _differences(files: Files, record: Record) -> Iterator[Difference]:
    """Yield what `differences` returns."""
    digest = cache(files.digest)  # most code is a dep of several stages
    for name in record.stages:
        if name not in record.lock:
            yield Difference(name, CODE, f"{LOCK} has no stage {name}")
            continue
        yield from _settings(name, record)
        yield from _wiring(name, record)
        yield from _contradictions(name, record)
        for kind in ("deps", "outs"):
            for item in record.lock[name].get(kind, []):
                yield from _content(name, item, digest(item["path"]), record)


def _settings(name: str, record: Record) -> Iterator[Difference]:
    """Yield the params of a stage whose values are not those recorded."""
    values = record.lock[name].get("params", {}).get(_PARAMS_FILE, {})
    listed, params = record.stages[name].get("params", []), record.params
    for key in dict.fromkeys([*listed, *values]):
        known = key in listed and key in values and key in params
        if not known or values[key] != params[key]:
            yield Difference(name, PARAMS, f"{key} in {_PARAMS_FILE} is not as {LOCK} records it")


def _wiring(name: str, record: Record) -> Iterator[Difference]:
    """Yield where a stage's command, deps and outs are not those recorded."""
    kept = record.lock[name]
    if record.filled(record.stages[name]["cmd"]) != kept["cmd"]:
        yield Difference(name, CODE, f"the command of stage {name} is not as {LOCK} records it")
    for kind, listed in (("deps", record.reads(name)), ("outs", record.makes(name))):
        if set(listed) != {item["path"] for item in kept.get(kind, [])}:
            told = f"the {kind} of stage {name} are not those that {LOCK} records"
            yield Difference(name, CODE, told)


def _contradictions(name: str, record: Record) -> Iterator[Difference]:
    """Yield each dep that a stage read, by dvc.lock, otherwise than another stage left it."""
    left = {
        out["path"]: out["md5"] for kept in record.lock.values() for out in kept.get("outs", [])
    }
    for item in record.lock[name].get("deps", []):
        if item["md5"] != left.get(item["path"], item["md5"]):
            told = f"{LOCK} records another {item['path']} as read by {name} than as made"
            yield Difference(name, DATA, told)


def _content(name: str, item: Mapping, found: str | None, record: Record) -> Iterator[Difference]:
    """Yield a dep or out that is missing or has another content: its MD5 is `found`."""
    path, kept = item["path"], record.outs()
    if path in kept:
        kind = STALE if kept[path] else RESULT
    else:
        kind = CODE if path.endswith(".py") or path.startswith("stages/") else DATA
    may_be_absent = kept.get(path, path == record.params.get("ingest.source"))
    if found is None and not may_be_absent:
        yield Difference(name, kind, f"{path} is missing")
    elif found not in (None, item["md5"]):
        yield Difference(name, kind, f"{path} is not as {LOCK} records it")
