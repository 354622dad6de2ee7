"""Each stage as a command: its help, and how it refuses wrong params."""

import shutil
from pathlib import Path

import pytest

from tests.pipeline.declared import STAGES
from tests.scratch import ROOT, Scratch

every_stage = pytest.mark.parametrize("stage", STAGES)

# A key, a wrong value, and how the message goes on after the key.
WRONG: list[tuple[str, object, str]] = [
    ("train.lerning_rate", 0.5, " (its value is 0.5); did you mean train.learning_rate?"),
    ("train.learning_rate", "abc", " is 'abc'; expected a finite number above 0"),
    ("train.learning_rate", "1e-3", " is '1e-3'; expected a finite number above 0"),
    ("train.epochs", True, " is True; expected a whole number at least 1"),
    ("train.epochs", 0, " is 0; expected a whole number at least 1"),
    ("initialize.layers", [784, 16], " is [784, 16]; expected a list of 2 or more, from 784 or"),
]


@pytest.fixture
def bare(tmp_path: Path) -> Scratch:
    """A folder with the params and no data."""
    shutil.copy2(ROOT / "params.yaml", tmp_path)
    return Scratch(tmp_path)


@every_stage
@pytest.mark.parametrize(
    ("key", "value", "complaint"), WRONG, ids=[f"{key}={value}" for key, value, _ in WRONG]
)
def test_a_wrong_value_stops_every_stage(
    stage: str, key: str, value: object, complaint: str, bare: Scratch
) -> None:
    bare.set(**{key.replace(".", "__"): value})
    done = bare.module(f"stages.{stage}", status=1)
    assert done.stderr.startswith(f"{stage}: params.yaml: ")
    assert key + complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout
    assert not bare.contents()


@every_stage
def test_help_tells_what_goes_in_and_out(stage: str, bare: Scratch) -> None:
    told = bare.module(f"stages.{stage}", "--help").stdout
    assert told.startswith(f"usage: python -m stages.{stage} ")
    assert "In: " in told
    assert "Out: " in told
