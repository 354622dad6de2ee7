"""Runs of the study on a cluster are kept as those of here are, and are the same."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from stages.common.artifacts.digits import Digits
from stages.study import run, store
from stages.study.runs import Outcome, Recipe, Run
from tests.cluster.clusters import Training, cluster

RECIPE = Recipe([784, 5, 10], 2, "reproducible")
RUNS = [Run("scaled", 255.0, 0.8, seed) for seed in range(3)]


def carried_out() -> list[Outcome]:
    """Return what all runs gave, on a few images."""
    rows = Training({}).encoded
    some = Digits(rows.row, rows.Y.argmax(axis=1).astype(np.uint8), rows.X)
    return run.carry_out_all(RUNS, RECIPE, (some, some), 1)


def assert_same(found: Sequence[Outcome], expected: Sequence[Outcome], *apart: str) -> None:
    """All but the fields `apart` are equal."""
    for one, other in zip(found, expected, strict=True):
        for name in {*Outcome._fields} - {*apart}:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_runs_on_a_cluster_are_those_of_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with threadpool_limits(1, "blas"), cluster(2) as address:
        monkeypatch.setenv("DIGITS_CLUSTER", address)
        there = carried_out()
        kept = sorted(store.FOLDER.iterdir())
    assert len(kept) == len(RUNS)
    assert_same(carried_out(), there)  # the cluster is gone: nothing is asked of it
    monkeypatch.delenv("DIGITS_CLUSTER")
    shutil.rmtree(store.FOLDER)
    with threadpool_limits(1, "blas"):
        assert_same(carried_out(), there, "seconds")
    assert sorted(store.FOLDER.iterdir()) == kept
