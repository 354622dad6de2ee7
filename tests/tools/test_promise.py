"""Equal bytes from equal code, params, data and packages: what breaks that is not compared."""

from typing import Any

import numpy as np
import pytest

from stages.common.artifacts.committed import Predicted
from stages.common.errors import DigitsError
from stages.tools.compare.promise import refuse_broken
from stages.tools.compare.results import Results
from stages.tools.recorded import Record

NONE = np.array([], np.int64)


def side(
    outs: str,
    *,
    deps: str = "a",
    epochs: int = 1,
    precision: str = "reproducible",
    numpy: Any = b"1",
) -> Results:
    """Return a side whose stage train left a file of a hash."""
    train = {
        "cmd": "python -m stages.train",
        "deps": [{"path": "stages/train.py", "md5": deps}],
        "params": {"params.yaml": {"train.epochs": epochs}},
        "outs": [{"path": "data/weights/trained.npz", "md5": outs}],
    }
    record = Record({}, {"train": train}, {"train.precision": precision})
    return Results(f"side {outs}", record, numpy, {}, Predicted(NONE, NONE, NONE), 0, {})


def test_other_results_of_the_same_work_cannot_be() -> None:
    with pytest.raises(DigitsError) as refused:
        refuse_broken(side("x"), side("y"))
    assert str(refused.value).startswith(
        "that cannot be: the stage train had the same code, params"
    )
    assert "in side x and in side y" in str(refused.value)
    assert "`digits verify REV` tells which" in str(refused.value)


@pytest.mark.parametrize(
    "after",
    [
        side("x"),
        side("y", deps="b"),
        side("y", epochs=2),
        side("y", precision="float32"),
        side("y", numpy=b"2"),
    ],
)
def test_what_may_differ(after: Results) -> None:
    refuse_broken(side("x"), after)
    refuse_broken(after, side("x"))


def test_without_a_lock_of_packages_nothing_is_promised() -> None:
    refuse_broken(side("x", numpy=None), side("y", numpy=None))
