"""Only what follows from a change runs again."""

import csv
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests import processes
from tests.pipeline.declared import STAGES, flat_keys, read_yaml
from tests.pipeline.imports import MODULES, closure
from tests.scratch import ROOT, SETTINGS, SOURCE, Scratch

whole = pytest.mark.whole
WouldRun = Callable[[], set[str]]

OTHER_SOURCE, OTHER_TEACHER = "data/raw/other.csv", "data/another"

# What runs when a stage does: the stage itself and all that use what it makes.
FOLLOWING = {
    "ingest": {"ingest", "split", "encode", "train", "evaluate", "plot", "export"},
    "split": {"split", "encode", "train", "evaluate", "plot", "export"},
    "encode": {"encode", "train", "evaluate", "plot", "export"},
    "initialize": {"initialize", "train", "evaluate", "plot", "export"},
    "train": {"train", "evaluate", "plot", "export"},
    "evaluate": {"evaluate", "plot", "export"},
    "plot": {"plot"},
    "export": {"export"},
}

# For each key another value that it may have, and what that reruns.
CHANGES: dict[str, tuple[object, set[str]]] = {
    "ingest.source": (OTHER_SOURCE, FOLLOWING["ingest"]),
    "ingest.highest": (254, FOLLOWING["ingest"]),
    "split.train_rows": (301, FOLLOWING["split"]),
    "split.validation_rows": (52, FOLLOWING["split"]),
    "split.test_rows": (51, FOLLOWING["split"]),
    "split.shuffle": (False, FOLLOWING["split"]),
    "split.max_shared_images": (0.2, FOLLOWING["split"]),
    "split.seed": (4001, FOLLOWING["split"]),
    "encode.side": (20, FOLLOWING["encode"]),
    "encode.pixel_scale": (254.5, FOLLOWING["encode"]),
    "initialize.layers": ([784, 9, 10], FOLLOWING["initialize"]),
    "initialize.first_weights": ("he", FOLLOWING["initialize"]),
    "initialize.seed": (4001, FOLLOWING["initialize"]),
    "train.epochs": (21, FOLLOWING["train"]),
    "train.learning_rate": (0.81, FOLLOWING["train"]),
    "train.precision": ("float64", FOLLOWING["train"]),
    "train.seed": (4001, FOLLOWING["train"]),
    "train.batch_rows": (99, FOLLOWING["train"]),
    "train.activation": ("tanh", FOLLOWING["train"]),
    "train.update": ("adamw", FOLLOWING["train"]),
    "train.momentum": (0.8, FOLLOWING["train"]),
    "train.second_momentum": (0.99, FOLLOWING["train"]),
    "train.weight_decay": (0.01, FOLLOWING["train"]),
    "train.clip_norm": (1.5, FOLLOWING["train"]),
    "train.schedule": ("cosine", FOLLOWING["train"]),
    "train.warmup_epochs": (2, FOLLOWING["train"]),
    "train.step_epochs": (7, FOLLOWING["train"]),
    "train.step_factor": (0.5, FOLLOWING["train"]),
    "train.averaging": ("ema", FOLLOWING["train"]),
    "train.average_decay": (0.9, FOLLOWING["train"]),
    "train.average_from": (0.5, FOLLOWING["train"]),
    "train.label_smoothing": (0.1, FOLLOWING["train"]),
    "train.dropout": (0.1, FOLLOWING["train"]),
    "train.teacher": (OTHER_TEACHER, FOLLOWING["train"]),
    "train.teacher_weight": (0.6, FOLLOWING["train"]),
    "train.teacher_temperature": (2.0, FOLLOWING["train"]),
    "train.shift": (1.0, FOLLOWING["train"]),
    "train.rotate": (5.0, FOLLOWING["train"]),
    "train.scale": (0.1, FOLLOWING["train"]),
    "train.shear": (0.1, FOLLOWING["train"]),
    "train.elastic": (1.0, FOLLOWING["train"]),
    "train.patience": (9, FOLLOWING["train"]),
    "gate.max_accuracy_drop": (0.03, set()),
    "gate.significance": (0.02, set()),
    "gate.min_test_accuracy": (0.7, set()),
}
KEYS = sorted(flat_keys(read_yaml(ROOT / "params.yaml")))


@pytest.fixture(scope="module")
def module_project(trained: Scratch, tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A project for tests that leave it as they found it."""
    return trained.copy(tmp_path_factory.mktemp("module") / "project")


@pytest.fixture(scope="module")
def would_run(module_project: Scratch) -> Iterator[WouldRun]:
    """Ask DVC, in the module's project, what it would run."""
    folder, variables = module_project.folder, module_project.environment()
    shutil.copy2(folder / SOURCE, folder / OTHER_SOURCE)
    (folder / OTHER_TEACHER).mkdir()
    command = (sys.executable, "-P", ROOT / "tests/pipeline/would_run.py")
    with processes.started(command, cwd=folder, env=variables, stdin=PIPE, stdout=PIPE) as dvc:
        yield lambda: ask(dvc)


def ask(dvc: Popen[str]) -> set[str]:
    """Return the stages that DVC would run now."""
    assert dvc.stdin
    assert dvc.stdout
    dvc.stdin.write("\n")
    dvc.stdin.flush()
    return set(json.loads(dvc.stdout.readline()))


@contextmanager
def restored(path: Path) -> Iterator[None]:
    """Put a file's content back when the block ends."""
    content = path.read_bytes()
    try:
        yield
    finally:
        path.write_bytes(content)


def test_every_key_has_a_change() -> None:
    assert sorted(CHANGES) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_key_reruns_its_stage_and_those_after(
    key: str, module_project: Scratch, would_run: WouldRun
) -> None:
    value, stages = CHANGES[key]
    with restored(module_project.folder / "params.yaml"):
        module_project.set(**{key.replace(".", "__"): value})
        assert would_run() == stages


def importers(module: str) -> frozenset[str]:
    """Return the stages that import a module."""
    return frozenset(stage for stage in STAGES if module in closure(f"stages.{stage}"))


# Of the modules that the same stages import, one is enough.
FIRST = {importers(module): module for module in reversed(MODULES)}


@pytest.mark.parametrize(
    "module",
    [
        module if FIRST[importers(module)] == module else pytest.param(module, marks=whole)
        for module in MODULES
    ],
)
def test_an_edit_reruns_the_stages_that_import_the_module(
    module: str, module_project: Scratch, would_run: WouldRun
) -> None:
    path = module_project.folder / module
    with restored(path):
        path.write_bytes(path.read_bytes() + b"# a comment\n")
        assert would_run() == set[str]().union(*(FOLLOWING[stage] for stage in importers(module)))


def spoil_test_rows(source: Path) -> None:
    """Give every row that tests another label and the negative of its image."""
    with source.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows[SETTINGS["split.train_rows"] :]:
        row[:] = [
            str((int(cell) + 1) % 10 if name == "label" else 255 - int(cell))
            for name, cell in zip(header, row, strict=True)
        ]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def run_all(project: Scratch) -> None:
    """Run the stages, but for the last."""
    for stage in STAGES[: STAGES.index("evaluate") + 1]:
        project.module(f"stages.{stage}")


def test_no_test_row_reaches_the_trained_network(project: Scratch) -> None:
    train_rows = SETTINGS["split.train_rows"] - 100
    project.set(split__shuffle=False, split__train_rows=train_rows, split__validation_rows=100)
    project.set(train__epochs=20)
    run_all(project)
    before = project.contents()
    spoil_test_rows(project.folder / SOURCE)
    run_all(project)
    after = project.contents()
    changed = {path for path in before if after[path] != before[path]}
    untouched = {
        "data/split/train.parquet",
        "data/split/validation.parquet",
        "data/encoded/train.npz",
        "data/encoded/validation.npz",
        "data/weights/initial.npz",
        "data/weights/trained.npz",
        "data/weights/snapshots.npz",
        "data/history.parquet",
    }
    assert changed.isdisjoint(untouched)
    assert "data/predictions.parquet" in changed
