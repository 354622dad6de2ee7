"""Images without labels are the same from every form of table."""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.common.errors import DigitsError
from stages.sources import unlabelled
from tests.sources.made import HEADER, idx, put_csv, put_parquet, random_digits

DIGITS = random_digits(30, 3)
X = DIGITS.pixels
LINES = [",".join(map(str, row)) for row in X.tolist()]
INSIDE = ("test.csv", "images-idx3-ubyte")


def texts() -> dict[str, str]:
    """Return the images as CSV: with names, without, numbered, as shares of 1, and labelled."""
    shares = [",".join(f"{value / 255:.4f}" for value in row) for row in X.tolist()]
    numbered = [f"{row},{line}" for row, line in enumerate(LINES)]
    labelled = [f"{label},{line}" for label, line in zip(DIGITS.label, LINES, strict=True)]
    names = ",".join(HEADER[1:])
    lines = {
        "test.csv": [names, *LINES],
        "no-header.csv": LINES,
        "index.csv": [f"id,{names}", *numbered],
        "shares.csv": [names, *shares],
        "labels-no-header.csv": labelled,
    }
    return {name: "\n".join([*some, ""]) for name, some in lines.items()}


def put_files(folder: Path) -> Iterator[Path]:
    """Write the images as CSV and as IDX, plain and packed."""
    content = {name: text.encode() for name, text in texts().items()}
    content["images-idx3-ubyte"] = idx(X.reshape(-1, 28, 28))
    packed = {f"{name}.gz": gzip.compress(content[name]) for name in INSIDE}
    for name, some in (content | packed).items():
        (folder / name).write_bytes(some)
        yield folder / name
    for name in INSIDE:
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.write(folder / name, name)
        yield folder / f"{name}.zip"


def put_arrays(folder: Path) -> Iterator[Path]:
    """Write the images as NumPy's arrays of some shapes, alone and with labels."""
    for name, array in (("flat", X), ("square", X.reshape(-1, 28, 28)), ("wide", X / 255)):
        np.save(folder / f"{name}.npy", array)
        yield folder / f"{name}.npy"
        np.savez_compressed(folder / f"{name}.npz", array)
        yield folder / f"{name}.npz"
    np.savez(folder / "train.npz", x=X, y=DIGITS.label)
    yield folder / "train.npz"


def put_tables(folder: Path) -> Iterator[Path]:
    """Write the images as tables: in Parquet, and with labels."""
    pq.write_table(
        pa.table([pa.array(column) for column in X.T], names=HEADER[1:]), folder / "test.parquet"
    )
    yield folder / "test.parquet"
    yield put_csv(folder / "train.csv", DIGITS)
    yield put_parquet(folder / "train.parquet", DIGITS)


@pytest.mark.parametrize("put", [put_files, put_arrays, put_tables])
def test_every_form_gives_the_same_images(
    put: Callable[[Path], Iterator[Path]], tmp_path: Path
) -> None:
    for path in put(tmp_path):
        found = np.concatenate([*unlabelled.read(path)])
        assert found.dtype == np.uint8, path
        assert np.array_equal(found, X), path


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("t.csv", "\n".join([",".join(HEADER[1:]), LINES[0].replace(",", ",x", 1)]), "line 2"),
        ("t.csv", "\n".join([",".join(HEADER[1:]), LINES[0] + ",1"]), "line"),
        ("t.csv", "\n".join([",".join(HEADER[1:]), "300," + LINES[0].split(",", 1)[1]]), "line 2"),
        ("t.csv", ",".join(HEADER[1:]), "no row"),
        ("t.csv", "a,b\n1,2\n", "label"),
        ("t.npy", "x", "NPY"),
    ],
)
def test_what_holds_no_images_is_refused(tmp_path: Path, name: str, content: str, why: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DigitsError, match=why):
        next(unlabelled.read(tmp_path / name))


def test_other_arrays_and_labels_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.zeros((4, 32, 32)))
    (tmp_path / "labels").write_bytes(idx(DIGITS.label))
    for name, why in (("t.npy", "expected n x 28 x 28"), ("labels", "magic number")):
        with pytest.raises(DigitsError, match=why):
            next(unlabelled.read(tmp_path / name))
