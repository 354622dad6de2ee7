"""Read the runs of the study back from its tables."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stages.common.artifacts import parquet
from stages.common.errors import DigitsError
from stages.study import tables
from stages.study.runs import Outcome, Run
from stages.study.saturation import FirstLayer

_SCORES = ("train_accuracy", "train_cost", "test_accuracy", "test_cost")

Key = tuple[str, float, int]
Rows = dict[Key, list[dict[str, Any]]]


def read(folder: Path, runs: Sequence[Run]) -> dict[Run, Outcome]:
    """Return what each run gave; raises DigitsError for one that is not recorded.

    How long a run took is no part of its record: the seconds are NaN.
    """
    ends = _by_run(folder / "runs.parquet", tables.RUNS)
    ends |= _by_run(folder / "learning_rates.parquet", tables.RUNS)
    curves = _by_run(folder / "curves.parquet", tables.CURVES)
    looks = _by_run(folder / "first_layer.parquet", tables.FIRST_LAYER)
    keys = {run: (run.pixels, run.learning_rate, run.seed) for run in runs}
    for run, key in keys.items():
        if not (key in ends and key in curves and key in looks):
            raise DigitsError(f"{folder} has no record of {run}: `make study` makes it")
    return {run: _outcome(ends[key], curves[key], looks[key]) for run, key in keys.items()}


def _by_run(path: Path, schema: pa.Schema) -> Rows:
    """Return the rows of a table, run by run."""
    rows: Rows = defaultdict(list)
    for row in parquet.read(path, schema, tables.VERSION, "reproduction").to_pylist():
        rows[row["pixels"], row["learning_rate"], row["seed"]].append(row)
    return dict(rows)


def _outcome(
    ends: list[dict[str, Any]], curve: list[dict[str, Any]], looks: list[dict[str, Any]]
) -> Outcome:
    """Return what a run gave, from its rows of each table."""
    return Outcome(
        cost=np.array([row["cost"] for row in curve]),
        accuracy=np.array([row["accuracy"] for row in curve]),
        scores=np.array([ends[0][name] for name in _SCORES]),
        moments=np.array([float(row["epoch"]) for row in looks]),
        first_layer=np.array([[row[name] for name in FirstLayer._fields] for row in looks]),
        seconds=np.array(np.nan),
    )
