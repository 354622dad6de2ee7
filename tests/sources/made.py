"""Sources of digits in every form, made for the tests."""

import gzip
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stages.sources.columns import Labelled

HEADER = ["label", *(f"pixel{i}" for i in range(784))]
GRID_HEADER = ["label", *(f"{row}x{column}" for row in range(1, 29) for column in range(1, 29))]

Rows = list[list[str]]


def random_digits(n: int, seed: int) -> Labelled:
    """Return n images of noise."""
    rng = np.random.default_rng(seed)
    return Labelled(
        rng.integers(0, 10, n, dtype=np.uint8), rng.integers(0, 256, (n, 784), dtype=np.uint8)
    )


def assert_same(left: Labelled, right: Labelled) -> None:
    """Assert that two sources hold the same digits as uint8."""
    for a, b in ((left.label, right.label), (left.pixels, right.pixels)):
        assert a.dtype == b.dtype == np.uint8
        assert np.array_equal(a, b)


def cells_of(digits: Labelled) -> Rows:
    """Return the cells of each row as text, the label first."""
    table = np.column_stack([digits.label, digits.pixels])
    return [list(map(str, row)) for row in table.tolist()]


def csv_bytes(rows: Rows, header: Sequence[str] = HEADER, end: str = "\n") -> bytes:
    """Return a CSV file."""
    return "".join(",".join(row) + end for row in [list(header), *rows]).encode()


def put_csv(path: Path, digits: Labelled) -> Path:
    """Write a CSV file, gzipped if its name says so."""
    content = csv_bytes(cells_of(digits))
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def table_of(digits: Labelled, cell_type: pa.DataType) -> pa.Table:
    """Return a table whose every column is of one type."""
    columns = [digits.label, *digits.pixels.T]
    return pa.table([pa.array(column.tolist(), cell_type) for column in columns], names=HEADER)


def put_parquet(path: Path, digits: Labelled) -> Path:
    """Write a Parquet file of int64, which is what pandas writes."""
    pq.write_table(table_of(digits, pa.int64()), path)
    return path


def idx(array: npt.NDArray[np.uint8]) -> bytes:
    """Return an array of bytes in the IDX format."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def idx_files(train: Labelled, test: Labelled) -> dict[str, bytes]:
    """Return the content of the four files by their official names."""
    files = {}
    for part, digits in (("train", train), ("t10k", test)):
        files[f"{part}-images-idx3-ubyte"] = idx(digits.pixels.reshape(-1, 28, 28))
        files[f"{part}-labels-idx1-ubyte"] = idx(digits.label)
    return files


def put_files(folder: Path, files: dict[str, bytes], packed: bool = False) -> Path:
    """Write files into a folder, gzipped where asked for."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder
