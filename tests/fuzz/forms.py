"""Strategies for the other forms of a source: tables by other names, images, arrays, archives."""

import gzip
import io
import tarfile
import zipfile
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from PIL import Image

from tests.faults.sources import HEADER, idx_files, pixels
from tests.fuzz.mutations import CELLS, edited, npz_file, parquet_bytes

IMAGES = pixels()[:3]
LABELS = np.arange(3, dtype=np.uint8)


@st.composite
def other_csv(draw: st.DrawFn) -> bytes:
    """Return a CSV file with another header or none, other marks, quotes, or fractions."""
    names = draw(
        st.sampled_from(
            [
                HEADER.decode().split(","),
                ["class", *(f"px{at + 1}" for at in range(784))],
                [f"V{at}" for at in range(785)],
                ["", "id", *(f"{at // 28}x{at % 28}" for at in range(784)), "y"],
                [],
            ]
        )
    )
    scale = draw(st.sampled_from([1, 1, 255, 16]))
    rows = [
        [str(label), *(f"{ink / scale:.6g}" for ink in image)]
        for label, image in zip(LABELS, IMAGES, strict=True)
    ]
    rows = [[*row, *["0"] * max(0, len(names) - 785)] for row in rows]
    for _ in range(draw(st.integers(0, 2))):
        draw(st.sampled_from(rows))[draw(st.integers(0, 784))] = draw(CELLS)
    if names and draw(st.integers(0, 3)) == 0:
        names[draw(st.integers(0, len(names) - 1))] = draw(st.text(max_size=5))
    quote = draw(st.sampled_from(["", "", '"']))
    mark = draw(st.sampled_from([",", ",", ";", "\t", " "]))
    lines = [
        mark.join(f"{quote}{cell}{quote}" for cell in row)
        for row in ([names] if names else []) + rows
    ]
    content = ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")
    return draw(edited(content, most=2)) if draw(st.booleans()) else content


def png(image: Any, mode: str = "L") -> bytes:
    """Return an image as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(image.reshape(28, 28)).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


@st.composite
def image_table(draw: st.DrawFn) -> bytes:
    """Return a Parquet file with a column of images, some of them spoiled."""
    kind = draw(st.sampled_from(["struct", "bytes", "list", "lists"]))
    values: list[Any]
    if kind in ("struct", "bytes"):
        modes = st.sampled_from(["L", "RGB", "P", "1", "RGBA"])
        values = [draw(edited(png(image, draw(modes)), most=1)) for image in IMAGES]
        values = [{"bytes": it, "path": None} for it in values] if kind == "struct" else values
    else:
        shape = (784,) if kind == "list" else (28, 28)
        values = [image.reshape(shape).tolist() for image in IMAGES]
        for _ in range(draw(st.integers(0, 1))):
            at = draw(st.integers(0, 2))
            values[at] = draw(
                st.sampled_from(
                    [None, [], values[at][:-1], [1] * 784, [None] * 784, [[0.5] * 28] * 28]
                )
            )
    try:
        images = pa.array(values)
    except pa.ArrowException:  # lists of numbers and of lists
        images = pa.array([None] * 3, pa.list_(pa.uint8()))
    table = pa.table({draw(st.sampled_from(["image", "x", "label"])): images, "label": LABELS})
    content = parquet_bytes(table)
    return draw(edited(content, start=4, most=1)) if draw(st.integers(0, 3)) == 0 else content


ARRAYS: list[dict[str, Any]] = [
    {
        "x_train": IMAGES[:2].reshape(-1, 28, 28),
        "y_train": LABELS[:2],
        "x_test": IMAGES[2:],
        "y_test": LABELS[2:],
    },
    {"X": IMAGES / 255, "y": np.eye(10)[LABELS]},
    {"images": np.asfortranarray(IMAGES), "labels": LABELS.astype(str)},
]


def arrays_file() -> st.SearchStrategy[bytes]:
    """Return NPZ files of images and labels, with members or bytes changed."""
    return st.sampled_from(ARRAYS).flatmap(npz_file)


@st.composite
def archive(draw: st.DrawFn) -> bytes:
    """Return a ZIP or tar archive of a source, packed or not, with members or bytes changed."""
    files = {
        "csv": {"train.csv": HEADER + b"\n5," + b",".join([b"7", b"200"] * 392) + b"\n"},
        "idx": {f"mnist/{name}": content for name, content in idx_files(2).items()},
    }[draw(st.sampled_from(["csv", "idx"]))]
    for name in list(files):
        if draw(st.integers(0, 3)) == 0:
            files[name] = draw(edited(files[name], most=2))
        if draw(st.integers(0, 7)) == 0:
            files[draw(st.text("ab/.-csvidx", min_size=1, max_size=6))] = files.pop(name)
    content = (zipped if draw(st.booleans()) else tarred)(files)
    if draw(st.integers(0, 2)) == 0:
        content = draw(edited(content, most=2))
    return gzip.compress(content, 1) if draw(st.integers(0, 3)) == 0 else content


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """Return a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
