"""A training is closed by who watches it, where a second Ctrl-C is heard."""

import signal
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from stages.common import interrupts, watching
from stages.common.artifacts.checkpoint import Keeper, Progress
from stages.common.errors import DigitsError

NOTHING = np.empty((1, 0), np.float32)


def test_a_ctrl_c_while_it_is_closed_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def course() -> Generator[Progress, None, None]:
        try:
            yield Progress({}, {"cost": [1.0]}, NOTHING)
        finally:
            raise KeyboardInterrupt("in the closing")

    def failing(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Keeper, "keep", failing)
    with pytest.raises(KeyboardInterrupt, match="in the closing"):
        watching.watch(course(), Progress({}, {"cost": []}, NOTHING), 2, Keeper("key"))


def test_an_error_that_a_stop_is_the_reason_of_is_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def course() -> Generator[Progress, None, None]:
        yield Progress({}, {"cost": [1.0]}, NOTHING)
        signal.raise_signal(signal.SIGTERM)
        assert interrupts.noted_by_now()
        raise DigitsError("no worker is left")

    keeper = Keeper("key")
    with interrupts.terminable(), pytest.raises(interrupts.Terminated, match="after epoch 1 of 2;"):
        watching.watch(course(), Progress({}, {"cost": []}, NOTHING), 2, keeper)
    assert keeper.path.exists()
