"""Each stage refuses each of its inputs in every bad form, and says which stage makes it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.faults.spoiled import (
    ANY_FILE,
    ANY_PARQUET,
    DIGITS,
    HISTORY,
    INITIAL,
    POST_COSTS,
    PREDICTIONS,
    SNAPSHOTS,
    TEST,
    TRAIN,
    TRAINED,
    VALIDATION,
    X_TEST,
    X_TRAIN,
    X_VALIDATION,
    changed,
    faults_of,
    in_parquet,
)
from tests.faults.stages import run_here

MAKERS = {
    DIGITS: "ingest",
    TRAIN: "split",
    VALIDATION: "split",
    TEST: "split",
    X_TRAIN: "encode",
    X_VALIDATION: "encode",
    X_TEST: "encode",
    INITIAL: "initialize",
    TRAINED: "train",
    SNAPSHOTS: "train",
    HISTORY: "train",
    PREDICTIONS: "evaluate",
}
# Of ingest, the source is the only input: see test_bad_input; initialize has none.
INPUTS = {
    "split": [DIGITS],
    "encode": [TRAIN, VALIDATION, TEST],
    "train": [X_TRAIN, X_VALIDATION, INITIAL],
    "evaluate": [X_TRAIN, X_TEST, TRAINED, SNAPSHOTS, HISTORY],
    "plot": [X_TEST, TRAINED, HISTORY, PREDICTIONS, POST_COSTS],
    "export": [X_TRAIN, X_TEST, TRAINED, SNAPSHOTS, PREDICTIONS],
}


# Each kind of file meets every fault once, and every input of every stage those of `EACH`; the
# others are the same readers again.
EACH = ("missing", "cut to a half", "version 11")
FIRST = {("train", X_TRAIN), ("plot", TRAINED), ("plot", HISTORY), ("plot", PREDICTIONS)}
FIRST |= {("split", DIGITS), ("plot", POST_COSTS)}


def is_quick(stage: str, path: str, fault: str) -> bool:
    """Tell whether `make test` has a case: of the wide tables, only the faults of their own."""
    wide = path == DIGITS and fault in ANY_FILE | ANY_PARQUET
    return fault in EACH or ((stage, path) in FIRST and not wide)


CASES = [
    pytest.param(
        stage, path, fault, marks=[] if is_quick(stage, path, fault) else pytest.mark.whole
    )
    for stage, paths in INPUTS.items()
    for path in paths
    for fault in faults_of(path)
    if (path, fault) != (POST_COSTS, "without its last byte")  # a final newline: no loss
]


def contents(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(stage: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line in which a stage refuses its inputs; nothing else may change."""
    before = contents(Path())
    code, lines = run_here(stage, capsys)
    assert code == 1, lines
    assert len(lines) == 1, lines
    assert contents(Path()) == before
    return lines[0]


@pytest.mark.parametrize(("stage", "path", "fault"), CASES)
def test_refused(
    stage: str, path: str, fault: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults_of(path)[fault](project / path)
    message = refusal(stage, capsys)
    assert f"{stage}: cannot use {path}: " in message
    if path == POST_COSTS:
        assert f"git checkout -- {path}" in message
    else:
        assert f"'{MAKERS[path]}' makes it: dvc repro -s -f {MAKERS[path]}" in message
    assert not Path("SPRUNG").exists()


def moved(table: pa.Table) -> pa.Table:
    """Return a table whose rows are of other places in the source."""
    return table.set_column(0, "row", pc.add(table["row"], pa.scalar(1000, pa.int32())))


def relabelled(table: pa.Table) -> pa.Table:
    """Return a table whose labels are all 7."""
    return table.set_column(1, "label", pa.array([7] * len(table), pa.uint8()))


def with_rows_of(other: str) -> Callable[[Path], None]:
    """Return what gives an NPZ file the first rows of another."""

    def spoil(path: Path) -> None:
        with np.load(other) as file:
            rows = file["row"]
        changed("row", lambda row: rows[: len(row)])(path)

    return spoil


def copied_from(other: str, to: str = "") -> Callable[[Path], None]:
    """Return what replaces a file, or the one of another name, by another."""
    return lambda path: (None, Path(to or path).write_bytes(Path(other).read_bytes()))[0]


AT_ODDS: list[tuple[str, str, Callable[[Path], None], str]] = [
    ("encode", TEST, copied_from(TRAIN), "of the source is in data/split/train.parquet as well"),
    (
        "encode",
        VALIDATION,
        copied_from(TRAIN),
        "of the source is in data/split/train.parquet as well",
    ),
    (
        "encode",
        TEST,
        copied_from(TEST, VALIDATION),
        "of the source is in data/split/validation.parquet as well",
    ),
    ("train", X_VALIDATION, with_rows_of(X_TRAIN), "is in data/encoded/train.npz as well"),
    ("train", X_VALIDATION, changed("X", lambda X: X[:, :64]), "its side is 8, but that of"),
    ("evaluate", X_TEST, with_rows_of(X_TRAIN), "is in data/encoded/train.npz as well"),
    ("evaluate", X_TEST, changed("pixel_scale", lambda _: 1.0), "its pixel_scale is 1.0"),
    ("plot", PREDICTIONS, in_parquet(moved), "its rows are not those of data/encoded/test.npz"),
    ("plot", PREDICTIONS, in_parquet(lambda it: it.slice(1)), "its rows are not those of"),
    ("plot", PREDICTIONS, in_parquet(relabelled), "its labels are not those of"),
]


@pytest.mark.parametrize(("stage", "path", "spoil", "says"), AT_ODDS)
def test_inputs_at_odds(
    stage: str,
    path: str,
    spoil: Callable[[Path], None],
    says: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(project / path)
    message = refusal(stage, capsys)
    assert f"cannot use {path}: " in message
    assert says in message
    assert f"'{MAKERS[path]}' makes it" in message


@pytest.mark.parametrize("stage", INPUTS)
def test_sound_inputs_are_taken(
    stage: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project)
    code, lines = run_here(stage, capsys)
    assert code == 0
    # A network of three epochs has not learned, which is told.
    assert all(line.startswith("evaluate: warning: ") for line in lines)
    assert {path: before[path] for path in before if ".cache" not in path.parts} == {
        path: content for path, content in contents(project).items() if ".cache" not in path.parts
    }
