"""A training is closed by who watches it, where a second Ctrl-C is heard."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from stages.common import watching
from stages.common.artifacts.checkpoint import Keeper, Progress

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
