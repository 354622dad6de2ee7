"""Folders of IDX files: those refused, and those taken."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.faults.refused import MANY, Ingest, assert_good_rows, assert_refused, many_too, read_back
from tests.faults.sources import idx, idx_files, quick_gzip, write_files
from tests.faults.stages import Outcome

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


def stated(*sizes: int) -> bytes:
    """Return the header of an IDX file of these sizes."""
    return bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)


def images(n: int, side: int = 28) -> bytes:
    """Return an IDX file of n blank images."""
    return stated(n, side, side) + bytes(n * side * side)


def zeros(n: int) -> bytes:
    """Return an IDX file of n labels."""
    return stated(n) + bytes(n)


Spoiled = tuple[str, bytes | None, list[str]]  # the file, what it holds, what the message says

# Each from the number of rows that a good file would have.
BAD_IDX: dict[str, Callable[[int], Spoiled]] = {
    "a file missing": lambda _: (TEST_LABELS, None, ["has no file", "four MNIST files"]),
    "an empty file": lambda _: (
        TRAIN_IMAGES,
        b"",
        ["magic number is missing", "expected 00000803"],
    ),
    "one byte": lambda _: (TRAIN_LABELS, b"\0", ["magic number is 00", "expected 00000801"]),
    "wrong magic": lambda n: (
        TRAIN_IMAGES,
        b"\0\0\x0c\3" + images(n)[4:],
        ["is 00000c03", "expected 00000803"],
    ),
    "labels for images": lambda n: (TRAIN_IMAGES, zeros(n), ["is 00000801", "expected 00000803"]),
    "images for labels": lambda n: (TRAIN_LABELS, images(n), ["is 00000803", "expected 00000801"]),
    "gzipped inside": lambda _: (TRAIN_LABELS + ".gz", b"none", ["not as gzip does"]),
    "a header cut": lambda n: (TRAIN_IMAGES, images(n)[:9], ["within its header"]),
    "a count too high": lambda n: (
        TRAIN_IMAGES,
        stated(n + 1, 28, 28) + bytes(784 * n),
        [f"{784 * n + 784} bytes", f"{784 * n} follow"],
    ),
    "a count too low": lambda n: (
        TRAIN_IMAGES,
        stated(n - 1, 28, 28) + bytes(784 * n),
        [f"{784 * n - 784} bytes", f"{784 * n} follow"],
    ),
    "a count of zero": lambda _: (TRAIN_IMAGES, stated(0, 28, 28), ["no image or label"]),
    "a huge count": lambda n: (
        TRAIN_IMAGES,
        stated(2**32 - 1, 28, 28) + bytes(784 * n),
        ["4,294,967,295", "at most 2,147,483,647"],
    ),
    "a short body": lambda n: (
        TEST_IMAGES,
        images(n)[:-1],
        [f"{784 * n} bytes", f"{784 * n - 1} follow"],
    ),
    "no body": lambda n: (TEST_LABELS, stated(n), [f"{n} bytes", "0 follow"]),
    "a long body": lambda n: (TEST_LABELS, zeros(n) + b"\0", [f"{n} bytes", f"{n + 1} follow"]),
    "another image size": lambda n: (TRAIN_IMAGES, images(n, side=20), ["20 x 20", "28 x 28"]),
    "sizes that overflow": lambda n: (
        TRAIN_IMAGES,
        stated(n, 2**31, 2**31),
        ["expected 28 x 28"],
    ),
    "fewer labels": lambda n: (TRAIN_LABELS, zeros(n - 1), [f"{n - 1} labels", f"{n} images"]),
    "more labels": lambda n: (TEST_LABELS, zeros(n + 1), [f"{n + 1} labels", f"{n} images"]),
    "a label of 10": lambda n: (
        TRAIN_LABELS,
        zeros(n)[:-1] + b"\n",
        [f"row {n}", "column label", "10", "0 to 9"],
    ),
}


@pytest.mark.parametrize("fault", BAD_IDX)
@many_too
def test_a_wrong_idx_file(fault: str, rows: int, ingest: Ingest) -> None:
    name, content, says = BAD_IDX[fault](rows)
    files = idx_files(rows)
    del files[name.removesuffix(".gz")]
    write_files(Path("mnist"), files if content is None else files | {name: content})
    assert_refused(ingest("mnist"), "mnist", [name, *says])


@pytest.mark.parametrize("body", [10**6, 40 * 10**6])
def test_an_idx_bomb_is_unpacked_no_further_than_its_header_says(body: int, ingest: Ingest) -> None:
    packed = quick_gzip(stated(10, 28, 28) + bytes(body))
    files = idx_files(10)
    del files[TRAIN_IMAGES]
    write_files(Path("mnist"), files | {f"{TRAIN_IMAGES}.gz": packed})
    assert_refused(ingest("mnist"), "mnist", [TRAIN_IMAGES, "7840 bytes", "follow"])


@pytest.mark.parametrize("rows", [20, MANY])
def test_a_late_fault_in_many_idx_rows(rows: int, ingest: Ingest) -> None:
    files = idx_files(rows)
    labels = bytearray(files[TEST_LABELS])
    labels[-3] = 12
    write_files(Path("mnist"), files | {TEST_LABELS: bytes(labels)})
    assert_refused(ingest("mnist"), "mnist", [f"row {rows - 2}", "column label", "12"])


def test_both_forms_of_an_idx_file_are_told(ingest: Ingest) -> None:
    wrong = gzip.compress(idx(np.full(10, 7, np.uint8)))
    write_files(Path("mnist"), idx_files(10) | {f"{TEST_LABELS}.gz": wrong})
    code, (note,) = ingest("mnist")
    assert code == 0
    assert f"{TEST_LABELS}.gz is left out" in note
    assert_good_rows(20)


@pytest.mark.parametrize("packed", [False, True])
def test_idx_files_are_accepted_train_first(packed: bool, ingest: Ingest) -> None:
    files = idx_files(10) | {TEST_LABELS: idx(np.full(10, 7, np.uint8))}
    if packed:
        files = {f"{name}.gz": gzip.compress(content) for name, content in files.items()}
    write_files(Path("mnist"), files)
    assert ingest("mnist") == Outcome(0, [])
    labels, _ = read_back()
    assert labels == [*range(10), *[7] * 10]
