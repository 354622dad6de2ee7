"""Trainings as tasks of a cluster."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from stages.cluster.tasks import results
from stages.common.artifacts.digits import Digits
from stages.common.errors import DigitsError
from stages.study.runs import Recipe, Run, carry_out, carry_out_there
from tests.cluster.clusters import Training, cluster, scheduler, worker


def digits() -> Digits:
    rows = Training({}).encoded
    return Digits(rows.row, rows.Y.argmax(axis=1).astype(np.uint8), rows.X)


def test_a_run_of_the_study_is_what_it_is_here() -> None:
    rows, recipe = (digits(), digits()), Recipe([784, 5, 10], 2, "reproducible")
    # The last one diverges.
    runs = [Run("raw", 1.0, 0.8, 0), Run("scaled", 255.0, 0.8, 1), Run("scaled", 255.0, 1e300, 1)]
    with threadpool_limits(1, "blas"), cluster(2) as address:
        environment = {"DIGITS_CLUSTER": address}
        found = dict(results(environment, carry_out_there, (recipe, rows), runs))
        ours = [carry_out(run, recipe, rows, 1, lambda: None) for run in runs[:2]]
    assert isinstance(found[2], DigitsError)
    for number in (0, 1):
        here, there = ours[number], found[number]
        assert not isinstance(there, DigitsError)
        for name in set(here._fields) - {"seconds"}:
            assert np.array_equal(getattr(here, name), getattr(there, name)), name


def test_no_worker_comes() -> None:
    environment = {"DIGITS_CLUSTER": "", "DIGITS_CLUSTER_WAIT": "1"}
    with cluster(0) as address, pytest.raises(DigitsError, match="has 0 workers that can be used"):
        list(results(environment | {"DIGITS_CLUSTER": address}, max, 1, [2]))


def slept(seconds: float, _: int) -> None:
    """Do nothing for a while, on a worker."""
    time.sleep(seconds)


@pytest.mark.whole
def test_no_worker_is_left(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (address, _), worker(address) as only:
        environment = {"DIGITS_CLUSTER": address, "DIGITS_CLUSTER_WAIT": "1"}
        found = results(environment, slept, 60.0, [1, 2])
        threading.Timer(3, only.kill).start()
        with pytest.raises(DigitsError, match="has 0 workers that can be used after 1 s"):
            list(found)
