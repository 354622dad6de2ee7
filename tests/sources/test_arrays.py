"""NPZ and NPY files: which arrays belong together, and what is said of the rest."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.sources import source
from stages.sources.columns import Labelled
from tests.common.shared import message_of
from tests.sources.made import assert_same, random_digits

DIGITS = random_digits(7, seed=8)
X, Y = DIGITS.pixels, DIGITS.label
IMAGES = X.reshape(-1, 28, 28)
HOT = np.eye(10)[Y]

FORMS: dict[str, dict[str, Any]] = {
    "Keras": {"x_test": IMAGES[4:], "x_train": IMAGES[:4], "y_train": Y[:4], "y_test": Y[4:]},
    "three parts": {
        "test_images": IMAGES[5:],
        "val_images": IMAGES[3:5],
        "train_images": IMAGES[:3],
        "train_labels": Y[:3, None],
        "val_labels": Y[3:5, None],
        "test_labels": Y[5:, None],
    },
    "no test rows": {"x_train": X, "y_train": Y, "x_test": X[:0], "y_test": Y[:0]},
    "positions": {"arr_0": IMAGES, "arr_1": Y},
    "positions of two parts": {
        "arr_0": IMAGES[:4],
        "arr_1": IMAGES[4:],
        "arr_2": Y[:4],
        "arr_3": Y[4:],
    },
    "channel last, one-hot": {"images": IMAGES[..., None], "labels": HOT},
    "channel first, one-hot bools": {"data": IMAGES[:, None], "target": HOT.astype(bool)},
    "fractions": {"X": X.astype(np.float32) / 255, "y": Y.astype(np.int64)},
    "halves": {"X": (X / 255).astype(np.float16), "y": Y.astype(np.float64)},
    "big end first": {"X": X.astype(">f8"), "y": Y.astype(">i4")},
    "as Fortran orders": {"X": np.asfortranarray(IMAGES), "y": Y},
    "text labels": {"X": X.astype(np.uint16), "y": Y.astype(str)},
    "byte labels": {"X": X, "y": Y.astype("S1")},
    "other arrays": {"X": X, "y": Y, "index": np.arange(7), "mean": np.array(0.13)},
}


def put(folder: Path, arrays: dict[str, Any], packed: bool = False) -> Path:
    path = folder / "digits.npz"
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    return path


@pytest.mark.parametrize("case", FORMS)
def test_images_and_labels_of_any_names_and_types(case: str, tmp_path: Path) -> None:
    found, notes = source.read(put(tmp_path, FORMS[case], packed=len(case) % 2 == 0), None)
    assert_same(found, DIGITS)
    assert "images and labels are read from" in notes[0]


def test_npy_files_in_a_folder(tmp_path: Path) -> None:
    for name, array in FORMS["Keras"].items():
        np.save(tmp_path / f"{name}.npy", array)
    assert_same(source.read(tmp_path, None)[0], DIGITS)


def test_bools_are_paper_and_ink(tmp_path: Path) -> None:
    found, notes = source.read(put(tmp_path, {"X": IMAGES > 99, "y": Y}), None)
    assert_same(found, Labelled(Y, (X > 99) * np.uint8(255)))
    assert "0 and 1" in notes[-1]


def test_rows_are_read_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stages.sources.arrays._ROWS", 2)
    for case in ("Keras", "as Fortran orders", "one-hot"):
        arrays = FORMS.get(case, {"X": X, "y": HOT})
        assert_same(source.read(put(tmp_path, arrays), None)[0], DIGITS)
    wrong = X.astype(np.int16)
    wrong[5, 9] = 256
    message = message_of(lambda: source.read(put(tmp_path, {"X": wrong, "y": Y}), None))
    assert "digits.npz: X.npy: row 6, column pixel9: 256; expected" in message


def changed(values: Any, at: Any, value: Any) -> Any:
    """Return a copy of an array with one value changed."""
    copy = values.copy()
    copy[at] = value
    return copy


REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no labels": ({"X": X}, ["no labels beside 'X' (7 x 784)", "such as y beside x"]),
    "no images": ({"y": Y}, ["no array in it holds images: 'y' (7)"]),
    "8 x 8 pixels": ({"X": np.zeros((7, 64)), "y": Y}, ["'X' (7 x 64)", "n x 28 x 28"]),
    "two images": ({"a": X, "b": X, "y": Y}, ["images could be read from 'a' (7 x 784), 'b'"]),
    "positions of equal lengths": (
        {"arr_0": X, "arr_1": Y, "arr_2": X, "arr_3": Y},
        ["images could be read from 'arr_0' (7 x 784), 'arr_2'"],
    ),
    "two labels": ({"X": X, "a": Y, "b": Y}, ["labels could be read from 'a' (7), 'b' (7)"]),
    "no test labels": (
        {"x_train": X, "y_train": Y, "x_test": X},
        ["no labels beside 'x_test' (7 x 784)"],
    ),
    "fewer labels": ({"X": X, "y": Y[1:]}, ["y.npy holds 6 labels", "X.npy 7 images"]),
    "a pickle": (
        {"X": X, "y": np.array(list("1234567"), object)},
        ["y.npy holds Python objects, pickled, which are never read"],
    ),
    "complex numbers": ({"X": X * 1j, "y": Y}, ["X.npy is of type complex128"]),
    "a label of 10": ({"X": X, "y": changed(Y, 2, 10)}, ["y.npy: row 3, column label: 10"]),
    "a label in words": ({"X": X, "y": np.array(["one"] * 7)}, ["row 1, column label"]),
    "no one-hot row": (
        {"X": X, "y": changed(HOT, (3, slice(None)), 0)},
        ["y.npy: row 4: [0.0, 0.0", "expected one-hot"],
    ),
    "a fraction": (
        {"X": changed(X.astype(float), (6, 783), 0.5), "y": Y},
        ["X.npy: row 7, column pixel783: 0.5; expected a whole number from 0 to 255"],
    ),
    "dim pixels": ({"X": X // 16, "y": Y}, ["its largest pixel is 15", "ingest.highest: 15"]),
    "no row": ({"X": X[:0], "y": Y[:0]}, ["it holds no row"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_arrays_that_are_not_digits(case: str, tmp_path: Path) -> None:
    arrays, says = REFUSED[case]
    path = put(tmp_path, arrays)
    message = message_of(lambda: source.read(path, None))
    assert message.startswith(str(path))
    assert [words for words in says if words not in message] == [], message


def test_a_lone_array_is_told_what_it_lacks(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    message = message_of(lambda: source.read(tmp_path / "x.npy", None))
    assert "no labels beside 'x.npy' (7 x 784)" in message


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


SPOILED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut off": (lambda it: it[:-1], "= 5488 bytes, but 5487 follow"),
    "something behind": (lambda it: it + b"1", "= 5488 bytes, but at least 5489 follow"),
    "no header": (lambda it: it[:40], "cannot read"),
    "a wrong header": (lambda it: it.replace(b"'descr'", b"'DESCR'"), "cannot read"),
    "a huge shape": (lambda it: it.replace(b"(7, 784)", b"(9**99,)"), "cannot read"),
    "many rows": (
        lambda it: it.replace(b"(7, 784), }      ", b"(9000000, 784), }"),
        "y.npy holds 7 labels, but",
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_an_array_that_is_not_as_its_header_says(case: str, tmp_path: Path) -> None:
    spoil, words = SPOILED[case]
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("X.npy", spoil(npy(X)))
        archive.writestr("y.npy", npy(Y))
    assert words in message_of(lambda: source.read(tmp_path / "a.npz", None))
