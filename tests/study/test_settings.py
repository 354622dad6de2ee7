"""The study's params are typed and bounded as the pipeline's."""

import copy
from pathlib import Path
from typing import Any

import pytest

from stages.common.errors import DigitsError
from stages.study import settings
from tests.scratch import ROOT
from tests.study.small import REPORTS, SETTINGS, write_params


@pytest.fixture(autouse=True)
def in_an_empty_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / REPORTS).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)


def load(content: dict[str, Any]) -> dict[str, Any]:
    write_params(settings.PARAMS_FILE, content)
    return settings.load()


def test_the_file_of_the_repository_is_the_specified_study(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    params = settings.load()
    assert params["ingest"] == {"source": "data/raw/mnist"}
    assert params["split"] == {"train_rows": 30000, "test_rows": 12000, "seed": 0}
    assert params["initialize"] == {"layers": [784, 16, 16, 10]}
    assert params["train"] == {"epochs": 500, "learning_rate": 0.8, "precision": "reproducible"}
    assert params["study"] == {"seeds": 20, "raw": 1.0, "scaled": 255.0}


def test_right_ones_are_taken() -> None:
    assert load(SETTINGS) == SETTINGS


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("study.seeds", 1, "a whole number at least 2 and at most 10000"),
        ("study.seeds", 20.0, "a whole number at least 2"),
        ("study.raw", 0, "a finite number above 0"),
        ("study.scaled", "255", "a finite number above 0"),
        ("why.learning_rates", [], "a list of 1 or more, each a finite number above 0"),
        ("why.learning_rates", 0.4, "a list of 1 or more, each a finite number above 0"),
        ("why.seeds", 0, "a whole number at least 1"),
        ("loop.epochs", 101, "a whole number at least 1 and at most 100"),
        ("train.learning_rate", -1, "a finite number above 0"),
        ("train.precision", "float16", "reproducible or float32 or float64"),
        ("split.test_rows", 0, "a whole number at least 1 or null"),
        ("ingest.source", "", "a text that is not empty"),
    ],
)
def test_wrong_ones_are_refused(key: str, value: object, expected: str) -> None:
    section, name = key.split(".")
    content = copy.deepcopy(SETTINGS)
    content[section][name] = value
    with pytest.raises(DigitsError) as raised:
        load(content)
    message = str(raised.value)
    assert message.startswith(f"{settings.PARAMS_FILE}: ")
    assert f"{key} is {value!r}; expected {expected}" in message


def test_a_key_that_the_study_does_not_read_is_refused() -> None:
    content = copy.deepcopy(SETTINGS)
    content["split"]["shuffle"] = True
    with pytest.raises(DigitsError, match=r"unknown key split\.shuffle"):
        load(content)
