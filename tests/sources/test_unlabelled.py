"""Images without labels are the same from every form of table."""

import gzip
import zipfile
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


def forms(folder: Path) -> dict[str, Path]:
    """Write the images in every form; return their files by a name for each."""
    paths = {}

    def put(name: str, content: bytes) -> None:
        paths[name] = folder / name
        paths[name].write_bytes(content)

    text = "\n".join([",".join(HEADER[1:]), *LINES, ""]).encode()
    put("test.csv", text)
    put("test.csv.gz", gzip.compress(text))
    put("no-header.csv", "\n".join(LINES).encode())
    numbered = [f"{row},{line}" for row, line in enumerate(LINES)]
    put("index.csv", "\n".join([",".join(["id", *HEADER[1:]]), *numbered]).encode())
    shares = [",".join(f"{value / 255:.4f}" for value in row) for row in X.tolist()]
    put("shares.csv", "\n".join([",".join(HEADER[1:]), *shares]).encode())
    put("images-idx3-ubyte", idx(X.reshape(-1, 28, 28)))
    put("images.gz", gzip.compress(idx(X.reshape(-1, 28, 28))))
    for name, array in (("flat", X), ("square", X.reshape(-1, 28, 28)), ("wide", X / 255)):
        paths[name] = folder / f"{name}.npy"
        np.save(paths[name], array)
        paths[f"{name} of several"] = folder / f"{name}.npz"
        np.savez_compressed(paths[f"{name} of several"], array)
    columns = [pa.array(column) for column in X.T]
    paths["parquet"] = folder / "test.parquet"
    pq.write_table(pa.table(columns, names=HEADER[1:]), paths["parquet"])
    for inside in ("test.csv", "images-idx3-ubyte"):
        paths[f"{inside} in a zip"] = folder / f"{inside}.zip"
        with zipfile.ZipFile(folder / f"{inside}.zip", "w") as archive:
            archive.write(paths[inside], inside)
    labelled = [f"{label},{line}" for label, line in zip(DIGITS.label, LINES, strict=True)]
    put("labels-no-header.csv", "\n".join(labelled).encode())
    paths["labelled csv"] = put_csv(folder / "train.csv", DIGITS)
    paths["labelled parquet"] = put_parquet(folder / "train.parquet", DIGITS)
    paths["labelled npz"] = folder / "train.npz"
    np.savez(paths["labelled npz"], x=X, y=DIGITS.label)
    return paths


def test_every_form_gives_the_same_images(tmp_path: Path) -> None:
    for name, path in forms(tmp_path).items():
        found = np.concatenate([*unlabelled.read(path)])
        assert found.dtype == np.uint8, name
        assert np.array_equal(found, X), name


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
