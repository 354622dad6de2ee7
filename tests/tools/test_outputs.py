"""What `digits predict` reads and writes to, where files are no plain files."""

import csv
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from stages.tools import main
from tests.prepare.pictures import inked, some_digits, taken, written
from tests.tools.reading import Said, put_network

IMAGES, _ = some_digits(1)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """Return a picture, beside which is a network."""
    put_network(tmp_path / "it.npz", 28, 255.0)
    Image.fromarray(taken(written(inked(IMAGES[0], 4)))).save(tmp_path / "one.png")
    return tmp_path / "one.png"


def test_what_is_read_is_not_written_over(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network, new = one.with_name("it.npz"), one.with_name("new.csv")
    one.with_name("link.csv").symlink_to(one)
    for words, why in (
        ((one, "--csv", one), "is read"),
        ((one, "--csv", one.with_name("link.csv")), "is read"),
        ((one, "--kaggle", network), "is read"),
        ((one, "--csv", new, "--kaggle", new), "twice"),
    ):
        before = one.read_bytes()
        said = Said(capsys, *words, "--weights", network)
        assert said.code == main.FAULT
        assert why in said.errors[0]
        assert one.read_bytes() == before
        assert not new.exists()


def test_nothing_is_written_to_a_folder(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one.with_name("folder.png").mkdir()
    for option in ("--csv", "--explain"):
        words = (one, option, one.with_name("folder.png"), "--weights", one.with_name("it.npz"))
        said = Said(capsys, *words)
        assert said.code == main.FAULT
        assert said.errors[0].startswith("digits predict: cannot write ")
        assert said.lines == []


def test_a_table_is_not_explained(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = one.with_name("it.csv")
    table.write_text(f"{','.join(map(str, IMAGES[0].ravel()))}\n")
    words = (table, "--explain", one.with_name("why.png"), "--weights", one.with_name("it.npz"))
    said = Said(capsys, *words)
    assert said.code == main.FAULT
    assert "is a table of images" in said.errors[0]


def test_a_network_without_a_name_is_none(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, one, "--network", "")
    assert said.code == main.FAULT
    assert "there is no network ''" in said.errors[0]


def test_names_of_any_bytes(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, weights = one.with_name("out.csv"), one.with_name("it.npz")
    for raw in (b"two\nlines.png", b"odd\xff.png"):
        path = one.with_name(os.fsdecode(raw))
        one.rename(path)
        said = Said(capsys, path, "--weights", weights, "--csv", out)
        assert len(said.lines) == 1
        assert said.errors == []
        (row,) = csv.DictReader(out.read_text(errors="surrogateescape").splitlines(keepends=True))
        assert row["file"] == str(path)
        found = json.loads(Said(capsys, path, "--weights", weights, "--json").out)
        assert found["files"][0]["file"] == str(path)
        path.rename(one)


def test_a_pipe_is_no_network(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(one.with_name("pipe.npz"))
    said = Said(capsys, one, "--weights", one.with_name("pipe.npz"))
    assert said.code == main.FAULT
    assert "it is no file" in said.errors[0]
