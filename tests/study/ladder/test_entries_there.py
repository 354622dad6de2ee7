"""Entries as tasks of a cluster give what they give here."""

import json
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from stages.study.ladder import ladder_params, plan
from stages.study.ladder.entries import Maker
from stages.study.ladder.finishing import Workshop, finish
from stages.study.ladder.pools import Counts
from stages.study.ladder.shelf import FOLDER, Shelf
from tests.cluster.clusters import cluster


@pytest.mark.usefixtures("ladder")
def test_a_pupil_and_its_teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = ladder_params.load()
    chosen = json.loads((plan.FOLDER / "chosen.json").read_text(encoding="utf-8"))
    counts = Counts(**content["rows"])
    entry = Maker(counts, plan.settings(content), chosen).of(plan.named(content, "taught"), 0)
    there = Shelf(tmp_path / "there")
    with threadpool_limits(1, "blas"), cluster(2) as address:
        monkeypatch.setenv("DIGITS_CLUSTER", address)
        assert finish([entry], Workshop(counts, there, 1), ()) == {}
    ours, theirs = Shelf(FOLDER).load(entry), there.load(entry)
    assert ours is not None
    assert theirs is not None
    for (W, b), (V, c) in zip(ours.parameters, theirs.parameters, strict=True):
        assert np.array_equal(W, V)
        assert np.array_equal(b, c)
    assert np.array_equal(ours.curves, theirs.curves, equal_nan=True)
