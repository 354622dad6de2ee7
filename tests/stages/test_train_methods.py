"""Training by other methods than the post's: killed, extended, stopped by patience."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from stages.common.artifacts import history, trained
from stages.network.batches import Batch
from stages.network.workers import Workers
from tests.stages import resumable
from tests.stages.resumable import (
    EPOCHS,
    METHODS,
    Killed,
    fresh,
    outputs,
    put_project,
    set_params,
    train,
)

STEPS = 5


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder, the current one, with rows that validate."""
    monkeypatch.chdir(tmp_path)
    put_project(tmp_path, validated=True)
    set_params(tmp_path, **METHODS)
    return tmp_path


def kill_at_step(step: int) -> None:
    """Run the stage until it is to compute a step, counted from 0 in this run."""
    met, found = 0, Workers.found

    def counted(self: Workers, *rest: Any) -> Any:
        nonlocal met
        met += 1
        if met > step:
            raise Killed
        return found(self, *rest)

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        patch.setattr(Workers, "found", counted)
        train()


@pytest.mark.parametrize("steps", [[3], [STEPS + 1, 1, 4 * STEPS + 4]], ids=str)
def test_a_run_killed_inside_an_epoch_ends_in_the_same_bytes(
    project: Path, steps: list[int]
) -> None:
    expected = fresh(project)
    (project / trained.TRAINED).unlink()
    for step in steps:
        kill_at_step(step)
        assert not (project / trained.TRAINED).exists()
    computed = train()
    assert computed[0] == sum(step // STEPS for step in steps) + 1
    assert outputs(project) == expected


def test_threads_change_no_byte(project: Path) -> None:
    expected = fresh(project)
    train(threads=3)
    assert outputs(project) == expected


@pytest.mark.parametrize("averaging", ["ema", pytest.param("none", marks=pytest.mark.whole)])
def test_more_epochs_pay_only_for_the_new_ones_where_the_end_decides_nothing(
    project: Path, averaging: str
) -> None:
    how = METHODS | {"schedule": "step", "averaging": averaging, "patience": None}
    set_params(project, **how, epochs=EPOCHS + 3)
    expected = fresh(project)
    set_params(project, **how)
    train()
    set_params(project, **how, epochs=EPOCHS + 3)
    assert train() == list(range(EPOCHS + 1, EPOCHS + 4))
    assert outputs(project) == expected


@pytest.mark.parametrize(
    "change",
    [
        {},
        pytest.param({"schedule": "one-cycle"}, marks=pytest.mark.whole),  # needs it as cosine does
        {"schedule": "constant", "averaging": "swa"},
    ],
    ids=str,
)
def test_more_epochs_start_anew_where_the_end_decides(
    project: Path, change: dict[str, Any]
) -> None:
    how = METHODS | change | {"patience": None}
    set_params(project, **how)
    train()
    set_params(project, **how, epochs=EPOCHS + 1)
    assert train() == list(range(1, EPOCHS + 2))
    assert outputs(project) == fresh(project)


# Its steps fit noise, so that validation soon gets worse.
HASTY = METHODS | {"schedule": "constant", "warmup_epochs": 0, "averaging": "none", "patience": 2}


def hasty(project: Path) -> history.History:
    """Run a training that patience ends, and return its course."""
    set_params(project, **HASTY, epochs=40)
    train()
    return history.read(history.HISTORY)


def test_patience_ends_training_and_keeps_the_best_weights(project: Path) -> None:
    course = hasty(project)
    assert course.validation_cost is not None
    best = int(course.validation_cost.argmin()) + 1
    assert 1 < best == len(course.cost) - 2 < 38
    kept = outputs(project)[0]
    set_params(project, **HASTY | {"patience": None}, epochs=best)
    train()
    assert outputs(project)[0] == kept


def test_a_training_that_patience_ended_does_not_go_on(project: Path) -> None:
    ran = len(hasty(project).cost)
    ended = outputs(project)
    set_params(project, **HASTY, epochs=60)
    assert train() == []
    assert outputs(project) == ended
    resumable.forget(project)
    assert train() == list(range(1, ran + 1))
    assert outputs(project) == ended


def test_the_history_has_what_there_is_to_tell(project: Path) -> None:
    train()
    assert set(history.read(history.HISTORY).columns) == {
        *("epoch", "cost", "accuracy", "validation_cost", "validation_accuracy", "learning_rate")
    }
    set_params(project, **METHODS | {"schedule": "constant", "warmup_epochs": 0})
    train()
    assert "learning_rate" not in history.read(history.HISTORY).columns


@pytest.mark.usefixtures("project")
def test_an_epoch_of_many_batches_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(batches: Iterator[Batch], what: str, rows: int, size: Any) -> Iterator[Batch]:
        for batch in batches:
            yield batch
            seen.append((what, rows, size(batch)))

    seen = list[tuple[str, int, int]]()
    monkeypatch.setattr("stages.train.shown", told)
    train()
    rows = seen[-1][1]
    met = [(what, size) for what, total, size in seen if what.startswith("epoch") and total == rows]
    assert sum(size for what, size in met if what == "epoch 1") == rows
    assert len({what for what, _ in met}) > 1
