"""What the project declares: its stages, in dvc.yaml, and its params."""

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from stages.common.artifacts import trained
from tests.scratch import ROOT, SOURCE

TEACHER = trained.TEACHER.as_posix()
STAGES = ("ingest", "split", "encode", "initialize", "train", "evaluate", "plot", "export")


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def flat_keys(sections: dict[str, Any]) -> set[str]:
    """Return the dotted names of the keys in a table of sections."""
    return {f"{section}.{key}" for section, keys in sections.items() for key in keys}


@dataclass(frozen=True)
class Declared:
    """What dvc.yaml says of a stage: paths, and dotted params keys.

    code: modules. texts: what else of stages/ it reads, files and folders.
    """

    code: frozenset[str]
    texts: frozenset[str]
    data: frozenset[str]
    params: frozenset[str]
    outs: frozenset[str]


def declared(stage: str) -> Declared:
    """Return what dvc.yaml says of a stage, as a copy of the project sees it."""
    entry = read_yaml(ROOT / "dvc.yaml")["stages"][stage]
    named = {"${ingest.source}": SOURCE, "${train.teacher}": TEACHER}
    deps = {named.get(dep, dep) for dep in entry["deps"]}
    ours = frozenset(dep for dep in deps if dep.startswith("stages/"))
    code = frozenset(dep for dep in ours if dep.endswith(".py"))
    params = frozenset(entry.get("params", ()))
    # An out is a path, or a mapping from the path to its options.
    outs = chain.from_iterable([out] if isinstance(out, str) else out for out in entry["outs"])
    return Declared(code, ours - code, frozenset(deps - ours), params, frozenset(outs))
