"""Digits in the four official MNIST files: what is read, and what is said of the rest."""

import gzip
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.sources import idx_folder
from stages.sources.columns import Labelled
from tests.common.shared import REPOSITORY, message_of, share
from tests.sources.made import assert_same, idx, idx_files, put_files, random_digits

TRAIN, TEST = random_digits(3, seed=3), random_digits(2, seed=4)
FILES = idx_files(TRAIN, TEST)
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def joined(first: Labelled, second: Labelled) -> Labelled:
    return Labelled(
        np.concatenate([first.label, second.label]), np.concatenate([first.pixels, second.pixels])
    )


@share(0.2)
@given(train=st.integers(1, 20), test=st.integers(1, 20), packed=st.booleans())
def test_train_comes_before_t10k(
    train: int, test: int, packed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first, second = random_digits(train, seed=train), random_digits(test, seed=100 + test)
    folder = put_files(tmp_path_factory.mktemp("idx"), idx_files(first, second), packed)
    assert_same(idx_folder.read(folder), joined(first, second))


def test_packed_and_plain_files_may_be_mixed(tmp_path: Path) -> None:
    names = sorted(FILES)
    put_files(tmp_path, {name: FILES[name] for name in names[:2]}, packed=True)
    put_files(tmp_path, {name: FILES[name] for name in names[2:]})
    assert_same(idx_folder.read(tmp_path), joined(TRAIN, TEST))


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    put_files(tmp_path, FILES | {IMAGES: gzip.compress(FILES[IMAGES])})
    assert_same(idx_folder.read(tmp_path), joined(TRAIN, TEST))


def test_other_files_in_the_folder_do_no_harm(tmp_path: Path) -> None:
    put_files(tmp_path, FILES | {"README": b"hello"})
    assert_same(idx_folder.read(tmp_path), joined(TRAIN, TEST))


def test_folders_may_tell_train_from_test(tmp_path: Path) -> None:
    there = {
        name.replace("t10k-", "test/").replace("train-", "train/"): FILES[name] for name in FILES
    }
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
    assert_same(idx_folder.read(put_files(tmp_path, there)), joined(TRAIN, TEST))


def test_a_second_copy_does_no_harm_but_another_set_does(tmp_path: Path) -> None:
    copy = f"{IMAGES} (1)"
    put_files(tmp_path, FILES | {copy: FILES[IMAGES]})
    assert_same(idx_folder.read(tmp_path), joined(TRAIN, TEST))
    other = idx_files(random_digits(3, seed=5), TEST)[IMAGES]
    assert "several sets of IDX files" in refusal(tmp_path, copy, other)


def refusal(folder: Path, name: str, content: bytes, packed: bool = False) -> str:
    message = message_of(
        lambda: idx_folder.read(put_files(folder, FILES | {name: content}, packed))
    )
    assert str(folder / name) in message
    return message


def with_header(name: str, *numbers: int) -> bytes:
    """Return the content of a file under another header of 32-bit numbers."""
    start = 16 if "images" in name else 8
    return struct.pack(f">{len(numbers)}I", *numbers) + FILES[name][start:]


FAULTS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "magic of labels": (IMAGES, lambda: with_header(IMAGES, 0x801, 3, 28, 28), "00000801"),
    "magic of images": (LABELS, lambda: with_header(LABELS, 0x803, 3), "00000803"),
    "magic of floats": (IMAGES, lambda: with_header(IMAGES, 0xD03, 3, 28, 28), "00000d03"),
    "the wrong end first": (IMAGES, lambda: with_header(IMAGES, 0x3080000, 3, 28, 28), "03080000"),
    "nothing": (IMAGES, lambda: b"", "missing"),
    "half a magic number": (IMAGES, lambda: b"\0\0", "0000"),
    "half a header": (IMAGES, lambda: FILES[IMAGES][:10], "header"),
    "more images": (IMAGES, lambda: with_header(IMAGES, 0x803, 4, 28, 28), "3136 bytes, but 2352"),
    "fewer images": (IMAGES, lambda: with_header(IMAGES, 0x803, 2, 28, 28), "= 1568 bytes, but"),
    "far more images": (
        IMAGES,
        lambda: with_header(IMAGES, 0x803, 2**32 - 1, 28, 28),
        "4,294,967,295 rows",
    ),
    "short body": (IMAGES, lambda: FILES[IMAGES][:-1], "2352 bytes, but 2351"),
    "long body": (IMAGES, lambda: FILES[IMAGES] + b"\0", "= 2352 bytes, but"),
    "short labels": (LABELS, lambda: FILES[LABELS][:-1], "3 bytes, but 2"),
    "other size": (IMAGES, lambda: with_header(IMAGES, 0x803, 3, 14, 56), "14 x 56"),
    "images of nothing": (IMAGES, lambda: idx(np.zeros((3, 0, 28), np.uint8)), "0 x 28"),
    "no image": (IMAGES, lambda: idx(np.zeros((0, 28, 28), np.uint8)), "no image"),
    "no label": (LABELS, lambda: idx(np.zeros(0, np.uint8)), "no image or label"),
    "fewer labels": (LABELS, lambda: idx(np.zeros(2, np.uint8)), "2 labels"),
    "more labels": (LABELS, lambda: idx(np.zeros(4, np.uint8)), "4 labels"),
    "label 10": (
        LABELS,
        lambda: idx(np.array([1, 10, 11], np.uint8)),
        "row 2, column label: 10; expected a whole number from 0 to 9",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_not_as_stated(case: str, packed: bool, tmp_path: Path) -> None:
    name, content, words = FAULTS[case]
    assert words in refusal(tmp_path, name, content(), packed)


def test_both_numbers_of_unequal_lengths_are_told(tmp_path: Path) -> None:
    message = refusal(tmp_path, LABELS, idx(np.zeros(2, np.uint8)))
    assert "2 labels" in message
    assert "3 images" in message
    assert IMAGES in message


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    kept = {other: content for other, content in FILES.items() if other != name}
    message = message_of(lambda: idx_folder.read(put_files(tmp_path, kept)))
    assert str(tmp_path) in message
    assert f"no file {name} or {name}.gz" in message


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "four MNIST files" in message_of(lambda: idx_folder.read(tmp_path))


def test_a_gzip_cut_short_anywhere(tmp_path: Path) -> None:
    whole = gzip.compress(FILES[IMAGES])
    put_files(tmp_path, {name: FILES[name] for name in FILES if name != IMAGES})
    path = tmp_path / f"{IMAGES}.gz"
    for size in {*range(0, len(whole), len(whole) // 30), *range(len(whole) - 12, len(whole))}:
        path.write_bytes(whole[:size])
        assert str(path) in message_of(lambda: idx_folder.read(tmp_path))


@pytest.mark.parametrize(
    "content", [b"not gzip", gzip.compress(b"") + b"more"], ids=["text", "something behind"]
)
def test_a_gzip_that_is_none(content: bytes, tmp_path: Path) -> None:
    put_files(tmp_path, {name: FILES[name] for name in FILES if name != IMAGES})
    (tmp_path / f"{IMAGES}.gz").write_bytes(content)
    assert f"{IMAGES}.gz" in message_of(lambda: idx_folder.read(tmp_path))


@pytest.fixture(scope="module")
def mnist() -> Labelled:
    data = Path(os.environ.get("DIGITS_DATA") or REPOSITORY.parent / "shared" / "data")
    folder = data / "mnist"
    if not folder.is_dir():
        pytest.skip(
            f"the official MNIST files are not in {folder}: set DIGITS_DATA to their parent"
        )
    return idx_folder.read(folder)


# Facts about MNIST that are published with it or follow from it.
TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_official_files_hold_70_000_digits(mnist: Labelled) -> None:
    assert mnist.label.shape == (70_000,)
    assert mnist.pixels.shape == (70_000, 784)


def test_the_official_labels(mnist: Labelled) -> None:
    assert np.bincount(mnist.label[:60_000]).tolist() == TRAIN_COUNTS
    assert np.bincount(mnist.label[60_000:]).tolist() == TEST_COUNTS
    assert mnist.label[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.label[60_000:60_005].tolist() == [7, 2, 1, 0, 4]


def test_the_official_pixels(mnist: Labelled) -> None:
    # The mean and deviation that everybody normalises MNIST with.
    counts = np.bincount(mnist.pixels[:60_000].ravel(), minlength=256) / (60_000 * 784)
    grey = np.arange(256) / 255
    mean = counts @ grey
    assert mean == pytest.approx(0.1307, abs=5e-5)
    assert np.sqrt(counts @ (grey - mean) ** 2) == pytest.approx(0.3081, abs=5e-5)
