"""One tiny ladder for all tests, made as `make ladder` does; and copies of it to change."""

import io
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from stages.study.ladder import climb, crew, ladder_params, score, search, standings, worker
from stages.study.ladder.crew import News, Task, serve
from tests.scratch import ROOT
from tests.study.ladder import tiny


def here(_command: Sequence[str], tasks: Sequence[Task], _processes: int) -> Iterator[News]:
    """Do what workers do in this process: starting others takes longer than all their tasks."""
    work = worker.worker_of(ladder_params.load())
    for number, task in enumerate(tasks):
        answers = io.StringIO()
        serve([json.dumps(task)], answers, work)
        (*_, last) = map(json.loads, answers.getvalue().splitlines())
        yield News(number, 0.0, True, last["fault"])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny ladder with its record; no test may change it."""
    folder = tmp_path_factory.mktemp("ladder") / "project"
    tiny.make(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("DIGITS_THREADS", "1")
        patch.setattr(crew, "carry_out", here)
        for module in (search, climb, score, standings):
            module.main()
    return folder


@pytest.fixture
def ladder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny ladder, which is the current folder; trainings are in this process."""
    folder = tmp_path / "copy"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DIGITS_THREADS", "1")
    monkeypatch.setattr(crew, "carry_out", here)
    return folder


@pytest.fixture
def other_process(ladder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, but trainings are in a process of their own, as they are in a study."""
    monkeypatch.undo()
    monkeypatch.chdir(ladder)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return ladder
