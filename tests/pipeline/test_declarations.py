"""dvc.yaml against the code: a dep or a key that it does not declare leaves stale outputs."""

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.declared import STAGES, declared, flat_keys, read_yaml
from tests.pipeline.imports import closure
from tests.scratch import ROOT, Scratch, Share

# Evaluation asks of this machine what the precision of the training does.
SHARED = {"evaluate": {"train.precision"}}
# The exported network says how it came about.
_BEFORE = ("ingest", "split", "encode", "initialize", "train")
SHARED["export"] = set[str]().union(*(declared(stage).params for stage in _BEFORE))

# What runs only where the environment asks for it.
ASLEEP = {"train": closure("stages.cluster.engaged")}

Observed = dict[str, list[str]]

every_stage = pytest.mark.parametrize("stage", STAGES)

# Importing these takes longer than all else that the stage does on a small source.
HEAVY = {
    "initialize": {"matplotlib", "pandas", "pyarrow"},
    "train": {"matplotlib", "pandas"},
    "plot": {"matplotlib.pyplot"},
}


@pytest.fixture
def observed(stage: str, trained: Scratch, share: Share) -> Observed:
    """What the stage did when run among all of the project's files."""

    def observe(folder: Path) -> None:
        # -P: the stage must not see the modules beside the script.
        command = ("python", "-P", "-W", "error", ROOT / "tests/pipeline/observe.py", stage)
        done = trained.copy(folder).run(*command)
        (folder / "observed.json").write_text(done.stdout, encoding="utf-8")

    folder = share(f"observed-{stage}", observe)
    return dict(json.loads((folder / "observed.json").read_text(encoding="utf-8")))


def alone(project: Scratch, stage: str, folder: Path) -> Scratch:
    """Return a folder with the code, the params and only what the stage declares as its input."""
    shutil.copytree(project.folder / "stages", folder / "stages")
    for name in ("params.yaml", *declared(stage).data):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (project.folder / name).is_dir() else shutil.copy2
        copy(project.folder / name, folder / name)
    return Scratch(folder)


@every_stage
def test_code_is_the_import_closure(stage: str, observed: Observed) -> None:
    code, ran = declared(stage).code, set(observed["code"])
    assert code == closure(f"stages.{stage}")
    assert ran <= code
    assert code - ran <= ASLEEP.get(stage, set())


@every_stage
def test_texts_of_the_code_that_are_opened_are_deps(stage: str, observed: Observed) -> None:
    opened = {
        path
        for path in observed["opened"]
        if path.startswith("stages/") and not path.endswith((".py", ".pyc"))
    }
    listed = {
        file.relative_to(ROOT).as_posix()
        for path in declared(stage).texts
        for file in ([ROOT / path] if (ROOT / path).is_file() else (ROOT / path).rglob("*.*"))
    }
    assert opened <= listed
    assert {path for path in listed if not path.endswith("too_large.html")} <= opened


@every_stage
def test_params_are_the_keys_that_the_stage_looks_up(stage: str, observed: Observed) -> None:
    assert declared(stage).params == set(observed["table"]) | SHARED.get(stage, set())
    assert declared(stage).params == set(observed["used"])


@every_stage
def test_data_files_opened_are_deps(stage: str, observed: Observed) -> None:
    opened = {path for path in observed["opened"] if path.startswith(("data/", "reports/"))}
    assert opened <= declared(stage).data


@pytest.mark.parametrize("stage", HEAVY)
def test_imports_are_light(stage: str, observed: Observed) -> None:
    assert HEAVY[stage].isdisjoint(observed["imported"])


@every_stage
def test_deps_suffice_and_outs_are_all_that_is_written(
    stage: str, trained: Scratch, tmp_path: Path
) -> None:
    project = alone(trained, stage, tmp_path / "alone")
    before = project.contents()
    project.module(f"stages.{stage}")
    outs = tuple(declared(stage).outs)
    wanted = {path: held for path, held in trained.contents().items() if path.startswith(outs)}
    assert project.contents() == before | wanted
    assert all(any(path.startswith(out) for path in wanted) for out in outs)


@pytest.mark.parametrize(
    ("stage", "dep"), [(stage, dep) for stage in STAGES for dep in sorted(declared(stage).data)]
)
def test_no_dep_is_idle(stage: str, dep: str, trained: Scratch, tmp_path: Path) -> None:
    project = alone(trained, stage, tmp_path / "alone")
    path = project.folder / dep
    (shutil.rmtree if path.is_dir() else Path.unlink)(path)
    stderr = project.module(f"stages.{stage}", status=1).stderr
    assert dep in stderr
    assert "Traceback" not in stderr


def test_stages_are_modules_in_the_order_of_the_pipeline() -> None:
    stages = read_yaml(ROOT / "dvc.yaml")["stages"]
    assert tuple(stages) == STAGES
    for name, entry in stages.items():
        assert entry["cmd"] == f"python -m stages.{name}"
        assert entry["desc"]


def test_the_picture_in_the_docs_is_that_of_dvc(trained: Scratch) -> None:
    page = (ROOT / "docs/pipeline.md").read_text(encoding="utf-8")
    (drawn,) = re.findall(r"^```mermaid\nflowchart TD\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    arrows = set(re.findall(r"(\w+)(?:\[.*\])? --> (\w+)", drawn))
    of_dvc = re.findall(r'"(\w+)" -> "(\w+)"', trained.dvc("dag", "--dot", "dvc.yaml"))
    assert arrows == {("source", "ingest"), *of_dvc}


def test_every_key_belongs_to_the_stage_of_its_section() -> None:
    keys = flat_keys(read_yaml(ROOT / "params.yaml"))
    for stage in STAGES:
        own = {key for key in keys if key.startswith(f"{stage}.")}
        assert declared(stage).params == own | SHARED.get(stage, set())


def test_reported_files_are_outs_that_git_keeps() -> None:
    content = read_yaml(ROOT / "dvc.yaml")
    outs = [out for entry in content["stages"].values() for out in entry["outs"]]
    options = {path: held for out in outs if isinstance(out, dict) for path, held in out.items()}
    uncached = {path for path in options if options[path].get("cache") is False}
    # Else DVC deletes them before their stage runs: if it fails, one not committed is lost.
    assert all(options[path]["persist"] for path in options)
    plotted = set[str]().union(*map(plotted_files, content["plots"]))
    assert plotted | set(content["metrics"]) <= uncached


def plotted_files(plot: str | dict[str, Any]) -> set[str]:
    """Return the files of one entry under plots:, a path or a title with what to draw."""
    if isinstance(plot, str):
        return {plot}
    (drawing,) = plot.values()
    return set(drawing["y"])


def test_the_trained_network_is_the_model() -> None:
    artifacts = read_yaml(ROOT / "dvc.yaml")["artifacts"]
    models = [entry["path"] for entry in artifacts.values() if entry["type"] == "model"]
    assert models == ["data/weights/trained.npz"]
    assert "data/weights/trained.npz" in declared("train").outs


@every_stage
def test_lock_is_of_this_code_and_these_params(stage: str) -> None:
    locked = read_yaml(ROOT / "dvc.lock")["stages"][stage]
    code = {dep["path"]: dep["md5"] for dep in locked["deps"] if dep["path"].endswith(".py")}
    advice = "dvc.lock is of another state; run make repro"
    assert code == {path: md5(ROOT / path) for path in declared(stage).code}, advice
    params = read_yaml(ROOT / "params.yaml")
    held = {key: value_of(params, key) for key in declared(stage).params}
    assert locked.get("params", {}).get("params.yaml", {}) == held, advice


def value_of(params: dict[str, Any], key: str) -> Any:
    """Return the value of a dotted key."""
    section, name = key.split(".")
    return params[section][name]


def md5(path: Path) -> str:
    """Return the hash that DVC records of a file."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
