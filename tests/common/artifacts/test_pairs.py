"""The parts belong together, and no row is in two of them."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts import encoded
from tests.common.artifacts.made import KINDS, LABEL, ONE_HOT, PIXELS, ROW, assert_same, read_split
from tests.common.shared import message_of

pytestmark = pytest.mark.usefixtures("project")

OTHER_ROWS = np.array([9, 1, 7], np.int32)
LAST_ROWS = np.array([3, 8, 4], np.int32)
NAMES = ("train", "validation", "test")


def put(name: str, **changes: Any) -> Any:
    """Write the artifact of a kind with other values and return it."""
    kind = KINDS[name]
    changed = replace(kind.artifact, **changes)
    kind.module.write(kind.path, changed)
    return changed


def put_all(kind: str) -> list[Any]:
    """Write the three parts of a kind, which share no row, and return them."""
    rows = (ROW, OTHER_ROWS, LAST_ROWS)
    return [put(f"{kind} {name}", row=row) for name, row in zip(NAMES, rows, strict=True)]


def test_digits_that_share_no_row() -> None:
    made_parts = put_all("split")
    for found, made in zip(read_split(), made_parts, strict=True):
        assert_same(found, made)


def test_encoded_digits_that_share_no_row() -> None:
    made_parts = put_all("encoded")
    for found, made in zip(encoded.read_parts(encoded.PARTS), made_parts, strict=True):
        assert_same(found, made)


def test_parts_are_read_in_the_order_asked_for() -> None:
    train, _, test = put_all("encoded")
    found = encoded.read_parts([encoded.TEST, encoded.TRAIN])
    for one, made in zip(found, [test, train], strict=True):
        assert_same(one, made)


@pytest.mark.parametrize(("one", "two"), list(combinations(NAMES, 2)))
@pytest.mark.parametrize("kind", ["split", "encoded"])
def test_a_row_that_is_in_two_is_refused(kind: str, one: str, two: str) -> None:
    held = dict(zip(NAMES, put_all(kind), strict=True))
    shared = held[one].row[1]
    put(f"{kind} {two}", row=np.array([19, shared, 17], np.int32))
    message = message_of(read_all(kind))
    paths = [str(KINDS[f"{kind} {name}"].path) for name in (two, one)]
    stage = KINDS[f"{kind} {one}"].stage
    assert f"cannot use {paths[0]}: row {shared} of the source is in {paths[1]} as well" in message
    assert f"'{stage}'" in message


def read_all(kind: str) -> Callable[[], object]:
    """Return the reader of the three parts of a kind."""
    return read_split if kind == "split" else lambda: encoded.read_parts(encoded.PARTS)


SMALL = np.zeros((3, 256), np.uint8)


@pytest.mark.parametrize("part", ["validation", "test"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pixel_scale": 1.0}, "its pixel_scale is 1.0, but that of data/encoded/train.npz 255.0"),
        ({"X": SMALL}, "its side is 16, but that of data/encoded/train.npz 28"),
    ],
)
def test_parts_of_two_runs_are_refused(part: str, changes: dict[str, Any], words: str) -> None:
    put_all("encoded")
    put(f"encoded {part}", row=np.array([19, 18, 17], np.int32), **changes)
    message = message_of(read_all("encoded"))
    assert f"cannot use data/encoded/{part}.npz: {words}" in message
    assert "'encode'" in message


def test_only_the_rows_that_validate_may_be_none() -> None:
    for kind, none in (("split", {"label": LABEL[:0], "pixels": PIXELS[:0]}),
                       ("encoded", {"X": SMALL[:0], "Y": ONE_HOT[:0]})):  # fmt: skip
        for name in NAMES:
            made = put(f"{kind} {name}", row=ROW[:0], **none)
            if name == "validation":
                assert_same(KINDS[f"{kind} {name}"].read(), made)
            else:
                assert "it holds no row" in message_of(KINDS[f"{kind} {name}"].read)


def test_a_part_without_a_row_still_has_its_side_and_scale() -> None:
    put_all("encoded")
    put("encoded validation", row=ROW[:0], X=SMALL[:0], Y=ONE_HOT[:0])
    assert "its side is 16, but that of" in message_of(read_all("encoded"))
    put("encoded validation", row=ROW[:0], X=PIXELS[:0], Y=ONE_HOT[:0])
    assert [len(part.row) for part in encoded.read_parts(encoded.PARTS)] == [3, 0, 3]
