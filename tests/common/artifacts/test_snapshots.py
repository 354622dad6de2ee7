"""What the reader of snapshots refuses, and what it says."""

from typing import Any

import numpy as np
import pytest

from tests.common.artifacts.made import KINDS, npz_arrays, put_npz
from tests.common.shared import message_of

pytestmark = pytest.mark.usefixtures("project")

SNAPSHOT_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no epochs": ({"epochs": None}, "no array epochs"),
    "epochs of int64": ({"epochs": np.array([0, 2])}, "epochs is int64"),
    "epochs that fall": ({"epochs": np.array([2, 0], np.int32)}, "its epochs are [2, 0]"),
    "an epoch below 0": ({"epochs": np.array([-1, 0], np.int32)}, "its epochs are [-1, 0]"),
    "no snapshot": ({"epochs": np.empty(0, np.int32)}, "it holds 0 snapshots"),
    "too many": ({"epochs": np.arange(17, dtype=np.int32)}, "it holds 17 snapshots"),
    "one more epoch": ({"epochs": np.arange(3, dtype=np.int32)}, "float32 of 3 snapshots"),
    "a number": ({"b1": np.float32(0)}, "b1 is float32 of shape ()"),
    "W1 of float64": ({"W1": np.zeros((2, 4, 784))}, "W1 is float64 of shape (2, 4, 784)"),
    "another side": ({"side": np.array(20, np.int32)}, "its side is 20, but its W1 is for 784"),
    "another layer": ({"b2": np.zeros((2, 9), np.float32)}, "b2 is float32 of shape (9,)"),
}


@pytest.mark.parametrize("fault", SNAPSHOT_FAULTS)
def test_snapshots_that_no_stage_writes(fault: str) -> None:
    changes, words = SNAPSHOT_FAULTS[fault]
    kind = KINDS["snapshots"]
    kind.write()
    put_npz(kind.path, npz_arrays(kind.path) | changes)
    message = message_of(kind.read)
    assert words in message
    assert f"cannot use {kind.path}: " in message
