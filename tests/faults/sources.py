"""Sources of digits, right and wrong, of any number of rows."""

import gzip
import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

HEADER = ",".join(["label", *(f"pixel{i}" for i in range(784))]).encode()
GRID = ",".join(["label", *(f"{r}x{c}" for r in range(1, 29) for c in range(1, 29))]).encode()

Lines = list[bytes]


@cache
def pixels() -> npt.NDArray[np.uint8]:
    """Return ten images, mostly paper: (10, 784)."""
    rng = np.random.default_rng(5)
    ink = rng.integers(0, 256, (10, 784), dtype=np.uint8)
    return ink * (rng.random((10, 784)) < 0.2)


@cache
def good_lines(rows: int) -> tuple[bytes, ...]:
    """Return the lines of a good file: a header, and rows whose labels go round."""
    ten = [",".join(map(str, (label, *pixels()[label]))).encode() for label in range(10)]
    return (HEADER, *(ten[row % 10] for row in range(rows)))


def with_cell(lines: Lines, line: int, column: int, text: bytes) -> None:
    """Put `text` into a cell: `line` as in the list, label is column 0; changes `lines`."""
    cells = lines[line].split(b",")
    cells[column] = text
    lines[line] = b",".join(cells)


class Bad(NamedTuple):
    """A way to spoil a file: makes its bytes from good lines; what the message must say."""

    name: str
    make: Callable[[Lines], bytes]
    says: Sequence[str]
    file: str = "digits.csv"


def joined(lines: Sequence[bytes]) -> bytes:
    """Return a file of these lines."""
    return b"\n".join(lines) + b"\n"


def header(name: str, line: bytes, *says: str) -> Bad:
    """Return the case of a wrong first line."""
    return Bad(name, lambda lines: joined([line, *lines[1:]]), says)


def cell(name: str, text: bytes, *says: str, column: int = 41) -> Bad:
    """Return the case of a wrong cell in the last row but two."""

    def make(lines: Lines) -> bytes:
        with_cell(lines, -3, column, text)
        return joined(lines)

    where = "label" if column == 0 else f"pixel{column - 1}"
    return Bad(name, make, ("LINE", f"column {where}", *says))


def last_but_two(name: str, change: Callable[[bytes], bytes], *says: str) -> Bad:
    """Return the case of a wrong last line but two."""

    def make(lines: Lines) -> bytes:
        return joined([*lines[:-3], change(lines[-3]), *lines[-2:]])

    return Bad(name, make, ("LINE", *says))


def whole(name: str, change: Callable[[bytes], bytes], *says: str, file: str = "digits.csv") -> Bad:
    """Return the case of a file whose bytes are changed."""
    return Bad(name, lambda lines: change(joined(lines)), says, file)


def quick_gzip(content: bytes) -> bytes:
    """Return the bytes gzipped with little effort."""
    return gzip.compress(content, 1)


@cache
def table_of(rows: int, cell_type: pa.DataType | None = None) -> pa.Table:
    """Return a good table, all columns of one type."""
    labels = np.arange(rows) % 10
    images = pixels()[labels]
    columns = [pa.array(labels.astype(np.uint8)), *map(pa.array, images.T.copy())]
    wanted = cell_type or pa.uint8()
    arrays = [column.cast(wanted) for column in columns]
    return pa.table(dict(zip(HEADER.decode().split(","), arrays, strict=True)))


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, use_dictionary=False, write_statistics=False)
    return buffer.getvalue()


def idx(array: npt.NDArray[np.uint8], magic: bytes | None = None) -> bytes:
    """Return the bytes of an IDX file."""
    start = magic or bytes([0, 0, 8, array.ndim])
    return start + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def idx_files(rows: int) -> dict[str, bytes]:
    """Return the content of the four official files by their names, of `rows` rows each."""
    labels = (np.arange(rows) % 10).astype(np.uint8)
    images = pixels()[labels].reshape(-1, 28, 28)
    return {
        f"{part}-{kind}": idx(array)
        for part in ("train", "t10k")
        for kind, array in (("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels))
    }


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
