"""Whether training is to run elsewhere, and what is said where Dask is not there."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.common import far
from stages.study import run, store
from stages.study.ladder import entries_there
from stages.study.runs import Recipe, Run
from tests.common.shared import message_of

RECIPE = Recipe([784, 10], 1, "reproducible")


@pytest.mark.parametrize(("value", "asked"), [(None, False), ("", False), ("local:2", True)])
def test_a_variable_that_says_something_asks_for_it(
    value: str | None, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("DIGITS_CLUSTER", value)
    assert far.is_asked_for() == asked


def reproduction() -> None:
    """Carry out a run that is not kept; its rows are not needed to find that Dask is missing."""
    rows: Any = None
    run._finish_there([Run("raw", 1.0, 0.8, 0)], [Path("nowhere.npz")], RECIPE, rows)


@pytest.mark.parametrize("study", [reproduction, lambda: [*entries_there.carry_out([])]])
def test_a_study_names_what_is_missing(
    study: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "stages.cluster.tasks", None)
    missing = "DIGITS_CLUSTER is set, and stages.cluster.tasks is not installed: make cluster"
    assert message_of(study) == missing


def test_a_study_without_a_run_left_needs_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stages.cluster.tasks", None)
    monkeypatch.setattr(store, "load", lambda *_: "what it gave")
    reproduction()
