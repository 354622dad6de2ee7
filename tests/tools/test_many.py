"""The source of many rows, made from a few digits."""

from pathlib import Path

import numpy as np
import pytest

from stages.ingest import read_source
from stages.sources.columns import Labelled
from stages.tools import many
from tests.common.shared import message_of
from tests.scratch import ROOT
from tests.sources.made import assert_same, random_digits

BASE = random_digits(3, seed=2)


def test_row_i_is_a_variant_of_digit_i() -> None:
    found = many.variants(BASE, slice(0, 3 * 1625))
    assert found.label.tolist() == [*BASE.label.tolist()] * 1625
    for place in range(3):
        assert len(np.unique(found.pixels[place::3], axis=0)) == 1625
    again = many.variants(BASE, slice(100, 140))
    assert_same(again, Labelled(found.label[100:140], found.pixels[100:140]))


def test_an_image_that_is_neither_turned_nor_moved_stays() -> None:
    still = np.full(3, 32)
    assert np.array_equal(many.turned(BASE.pixels, still), BASE.pixels)
    assert np.array_equal(many.moved(BASE.pixels, np.full(3, 12)), BASE.pixels)


def test_a_turn_is_about_the_middle_and_a_shift_brings_paper() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 13:15, 13:15] = 200
    image[0, 13:15, 24:26] = 100
    turned = many.turned(image.reshape(1, 784), np.array([64])).reshape(28, 28).astype(int)
    down, across = np.mgrid[:28, 16:28]
    part = turned[:, 16:]
    place = [(axis * part).sum() / part.sum() - 13.5 for axis in (down, across)]
    assert np.allclose(
        place, [11 * np.sin(np.pi * 8 / 180), 11 * np.cos(np.pi * 8 / 180)], atol=0.1
    )
    assert abs(turned[:, :16].sum() - 800) < 8
    full = np.full((1, 784), 255, np.uint8)
    moved = many.moved(full, np.array([0])).reshape(28, 28)
    assert moved[2:, 2:].min() == 255
    assert moved[:2].max() == moved[:, :2].max() == 0


@pytest.mark.parametrize("form", many.FORMS)
def test_every_form_holds_the_same_digits(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROWS", "30")
    monkeypatch.setenv("FORM", form)
    many.main()
    path, rows = capsys.readouterr().out.split(": ")
    assert rows == "30 rows\n"
    assert_same(read_source(Path(path)), many.variants(read_source(many.BASE), slice(0, 30)))


@pytest.mark.parametrize(
    ("rows", "form"), [("", "idx"), ("0", "idx"), ("-5", "csv"), ("9" * 30, "csv"), ("9", "xml")]
)
def test_what_cannot_be_made_is_told(rows: str, form: str) -> None:
    message = message_of(lambda: many.wanted({"ROWS": rows, "FORM": form}))
    assert message.startswith(f"ROWS is {rows!r} and FORM {form!r}; expected a whole number from 1")
