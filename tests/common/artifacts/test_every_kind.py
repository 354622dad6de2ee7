"""What holds of every artifact, whatever its kind."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.errors import DigitsError
from tests.common.artifacts.made import (
    ANY,
    KINDS,
    Kind,
    arrays_of,
    assert_same,
    each,
    npz_arrays,
    put_npz,
    put_parquet,
)
from tests.common.shared import message_of, share

pytestmark = pytest.mark.usefixtures("project")


# The files of rows that validate have the readers of those that train: see test_pairs.
@pytest.fixture(params=each(name for name in KINDS if "validation" not in name))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


def refusal(kind: Kind) -> str:
    message = message_of(kind.read)
    assert str(kind.path) in message
    assert f"'{kind.stage}'" in message
    return message


@pytest.mark.parametrize("name", ANY)
@share(0.2)
@given(data=st.data())
def test_written_then_read_is_the_same(name: str, data: st.DataObject, scratch: Path) -> None:
    artifact = data.draw(ANY[name])
    kind = KINDS[name]
    path = scratch / kind.path.name
    kind.module.write(path, artifact)
    assert_same(kind.module.read(path), artifact)


@pytest.mark.parametrize("name", ANY)
@share(0.1)
@given(data=st.data())
def test_writing_changes_nothing_in_memory(name: str, data: st.DataObject, scratch: Path) -> None:
    artifact = data.draw(ANY[name])
    before = [array.tobytes() for array in arrays_of(artifact)]
    KINDS[name].module.write(scratch / "same", artifact)
    assert [array.tobytes() for array in arrays_of(artifact)] == before


def test_the_same_artifact_gives_the_same_bytes(kind: Kind) -> None:
    assert kind.write() == kind.write()


def test_a_file_holds_no_time_stamp(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    now = kind.write()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert kind.write() == now


def test_reading_what_its_own_path_holds(kind: Kind) -> None:
    kind.write()
    assert_same(kind.read(), kind.artifact)


def test_missing(kind: Kind) -> None:
    assert re.search("no such file|does not exist|not found|missing", refusal(kind), re.IGNORECASE)


def test_a_folder_in_its_place(kind: Kind) -> None:
    kind.path.mkdir(parents=True)
    refusal(kind)


def test_empty(kind: Kind) -> None:
    kind.put(b"")
    refusal(kind)


@pytest.mark.parametrize("size", [1, 4, 100, 5000])
def test_random_bytes(kind: Kind, size: int) -> None:
    kind.put(np.random.default_rng(size).bytes(size))
    refusal(kind)


def test_cut_short_anywhere(kind: Kind) -> None:
    whole = kind.write()
    last = range(len(whole) - 30, len(whole))
    for size in {*range(0, len(whole), len(whole) // 30), *last}:
        kind.put(whole[:size])
        refusal(kind)


# The lowest bit turns a ")" into a "(" and sets a flag; all bits make a letter no UTF-8.
@pytest.mark.parametrize(("name", "flip"), [("history", 0xFF), ("trained", 0x01)])
def test_a_changed_byte_is_refused_or_does_no_harm(name: str, flip: int) -> None:
    kind = KINDS[name]
    whole = kind.write()
    # The ends hold the structure: names, types, sizes, offsets; between them are the numbers.
    places = {*range(min(300, len(whole))), *range(max(0, len(whole) - 1200), len(whole))}
    for place in places:
        kind.put(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
        assert str(kind.path) in _said(kind, f"byte {place} is changed by {flip:#x}")


def _said(kind: Kind, change: str) -> str:
    """Return why a file is refused, or its name where it is not."""
    try:
        kind.read()
    except DigitsError as error:
        return str(error)
    except Exception as error:
        error.add_note(change)
        raise
    return str(kind.path)


def test_the_other_format_under_its_name(kind: Kind) -> None:
    other = next(one for one in KINDS.values() if one.path.suffix != kind.path.suffix)
    kind.put(other.write())
    refusal(kind)


def test_another_kind_of_the_same_format(kind: Kind) -> None:
    others = [one for one in KINDS.values() if one.path.suffix == kind.path.suffix]
    for other in others:
        if other.module is not kind.module:
            kind.put(other.write())
            refusal(kind)


def with_version(kind: Kind, version: int | None) -> None:
    kind.write()
    if kind.path.suffix == ".npz":
        number = None if version is None else np.int64(version)
        put_npz(kind.path, npz_arrays(kind.path) | {"format_version": number})
    else:
        text = None if version is None else str(version)
        put_parquet(kind.path, pq.read_table(kind.path, partitioning=None), text)


def test_its_format_version_is_the_known_one(kind: Kind) -> None:
    with_version(kind, kind.version)
    assert_same(kind.read(), kind.artifact)


@pytest.mark.parametrize("apart", [None, -1, 1, 10])
def test_a_format_version_that_is_not_known(kind: Kind, apart: int | None) -> None:
    version = None if apart is None else kind.version + apart
    with_version(kind, version)
    message = refusal(kind)
    assert f"format version is {version}".lower() in message.lower()
    assert f"expected {kind.version}" in message


@pytest.mark.parametrize("version", [b"\xff\xfe", b"", b"one"])
@pytest.mark.parametrize("name", ["digits", "history", "predictions"])
def test_a_format_version_that_is_no_number(name: str, version: Any) -> None:
    kind = KINDS[name]
    kind.write()
    put_parquet(kind.path, pq.read_table(kind.path, partitioning=None), version)
    assert "format version" in refusal(kind)


@contextmanager
def little_room() -> Iterator[None]:
    """Let no file grow beyond 100 bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_to_write_leaves_the_old_file(kind: Kind) -> None:
    kind.put(b"old")
    with little_room():
        message = message_of(kind.write)
    assert str(kind.path) in message
    assert [path.name for path in kind.path.parent.iterdir()] == [kind.path.name]
    assert kind.path.read_bytes() == b"old"
