"""The committed hashes of files that Git does not keep."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common import checksums
from stages.common.errors import DigitsError

NAMES = ("one", "two")
HASHES = {name: hashlib.sha256(name.encode()).hexdigest() for name in NAMES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder with the right files."""
    for name in NAMES:
        (tmp_path / name).write_text(name)
    return tmp_path


def test_the_right_files_are_taken(folder: Path) -> None:
    checksums.refuse_other_files(folder, HASHES, "some advice")


SPOILT: dict[str, Callable[[Path], object]] = {
    "two is another file, by its SHA-256: some advice": lambda f: (f / "two").write_text("twO"),
    "two is not there: some advice": lambda f: (f / "two").unlink(),
    "more does not belong there": lambda f: (f / "more").touch(),
}


@pytest.mark.parametrize("reason", SPOILT)
def test_others_are_refused(reason: str, folder: Path) -> None:
    SPOILT[reason](folder)
    with pytest.raises(DigitsError, match=reason):
        checksums.refuse_other_files(folder, HASHES, "some advice")


def test_a_list_is_read_as_sha256sum_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("".join(f"{HASHES[name]}  {name}\n" for name in NAMES))
    assert checksums.read(path) == HASHES


@pytest.mark.parametrize(
    "text", ["", "one\n", f"{HASHES['one']} one\n", f"{HASHES['one'][1:]}  a\n"]
)
def test_a_list_of_another_form_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text)
    with pytest.raises(DigitsError, match="expected lines of a SHA-256 and a name"):
        checksums.read(tmp_path / "list")
    with pytest.raises(DigitsError, match="cannot read"):
        checksums.read(tmp_path / "none")
