import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.refused import Ingest
from tests.faults.sources import good_lines, joined, with_cell, write_files
from tests.faults.stages import STAGES, Outcome, run_here, run_main, write_params
from tests.scratch import ROOT


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every user may enter and read; pytest's own are private."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def made_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the artifacts of all stages on 60 rows; a test must not change it."""
    folder = tmp_path_factory.mktemp("made")
    lines = list(good_lines(60))
    for number in range(60):
        with_cell(lines, number + 1, 0, b"%d" % (number % 10))  # so that each part shows each digit
        with_cell(lines, number + 1, 1, b"%d" % number)  # else images that test would also train
    (folder / "digits.csv").write_bytes(joined(lines))
    rows = {"split__train_rows": 40, "split__validation_rows": 10, "split__shuffle": False}
    write_params(folder, ingest__source="digits.csv", train__epochs=3, **rows)
    shutil.copytree(ROOT / "data/reference", folder / "data/reference")
    (folder / "data/teacher").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for stage in STAGES:
            run_main(stage)
    return folder


@pytest.fixture
def project(made_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the made project, which is the current folder."""
    folder = tmp_path / "project"
    shutil.copytree(made_project, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ingest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ingest:
    """Return what runs the stage on a source in an empty project with an earlier artifact."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path / "data", {"digits.parquet": b"the earlier one"})

    def run(source: str) -> Outcome:
        write_params(tmp_path, ingest__source=source)
        return run_here("ingest", capsys)

    return run
