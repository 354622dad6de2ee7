"""Rows that train and rows that test belong together, and none is both."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts import digits, encoded
from tests.common.artifacts.made import KINDS, ROW, assert_same
from tests.common.shared import message_of

pytestmark = pytest.mark.usefixtures("project")

OTHER_ROWS = np.array([9, 1, 7], np.int32)


def put(name: str, **changes: Any) -> Any:
    """Write the artifact of a kind with other values and return it."""
    kind = KINDS[name]
    changed = replace(kind.artifact, **changes)
    kind.module.write(kind.path, changed)
    return changed


def test_digits_that_share_no_row() -> None:
    wanted = put("split train"), put("split test", row=OTHER_ROWS)
    for found, made in zip(digits.read_split(), wanted, strict=True):
        assert_same(found, made)


def test_encoded_digits_that_share_no_row() -> None:
    wanted = put("encoded train"), put("encoded test", row=OTHER_ROWS)
    for found, made in zip(encoded.read_both(), wanted, strict=True):
        assert_same(found, made)


@pytest.mark.parametrize("shared", ROW.tolist())
@pytest.mark.parametrize(
    ("names", "read", "stage"),
    [
        (("split train", "split test"), digits.read_split, "'split'"),
        (("encoded train", "encoded test"), encoded.read_both, "'encode'"),
    ],
)
def test_a_row_that_is_in_both_is_refused(
    names: tuple[str, str], read: Any, stage: str, shared: int
) -> None:
    train, test = names
    put(train)
    put(test, row=np.array([9, shared, 7], np.int32))
    message = message_of(read)
    for words in (f"row {shared} ", str(KINDS[train].path), str(KINDS[test].path), stage):
        assert words in message


def test_two_scales_are_refused() -> None:
    put("encoded train")
    put("encoded test", row=OTHER_ROWS, pixel_scale=1.0)
    message = message_of(encoded.read_both)
    for words in ("pixel_scale is 1.0", "255.0", "data/encoded/test.npz", "'encode'"):
        assert words in message
