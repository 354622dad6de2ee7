"""The same bytes as in one process: any workers, any pieces, any recipe."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from tests.cluster.clusters import Training, at, cluster, end

MINI = {"batch_rows": 37, "dropout": 0.25, "shift": 2.0, "elastic": 1.0, "update": "adamw"}
RECIPES = {
    "the post's": Training({}),
    "mini-batches": Training({"batch_rows": 37}),
    "all at once": Training(MINI),
    "one step, masked": Training({"dropout": 0.25, "rotate": 20.0}),
    "a teacher": Training({"label_smoothing": 0.1}, taught=True),
}


# Of more than eight, some ask others.
@pytest.fixture(scope="module", params=[1, 2, 3, 7, 11])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    with threadpool_limits(1, "blas"), cluster(request.param) as there:
        yield there


@pytest.mark.parametrize("name", RECIPES)
def test_they_are_those_of_one_process(name: str, address: str, tmp_path: Path) -> None:
    training = RECIPES[name]
    rows = int(np.random.default_rng().integers(30, 401))
    print(f"pieces of {rows} rows")
    assert end(training.run(training.place(at(address, tmp_path, rows)))) == end(training.run())
    assert not [*tmp_path.iterdir()]
