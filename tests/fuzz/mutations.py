"""Strategies that spoil good files a little, so that many get past a reader's first check."""

import gzip
import io
import zipfile
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from stages.common.artifacts.digits import PIXELS
from tests.faults.sources import HEADER, idx_files, table_of


@st.composite
def edited(draw: st.DrawFn, base: bytes, start: int = 0, most: int = 3) -> bytes:
    """Return bytes with up to `most` edits at or after `start`: changes, gaps, copies, cuts."""
    content = bytearray(base)
    for _ in range(draw(st.integers(0, most))):
        place = draw(st.integers(start, max(start, len(content))))
        size = draw(st.sampled_from([1, 1, 1, 2, 8, 100]))
        kind = draw(st.sampled_from(["change", "change", "flip", "drop", "insert", "copy", "cut"]))
        if kind == "change":
            content[place : place + size] = draw(st.binary(min_size=size, max_size=size))
        elif kind == "flip" and place < len(content):
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "drop":
            del content[place : place + size]
        elif kind == "insert":
            content[place:place] = draw(st.binary(max_size=size))
        elif kind == "copy":
            content[place:place] = content[start : start + size]
        elif kind == "cut" and draw(st.integers(0, 3)) == 0:
            del content[place:]
    return bytes(content)


CELLS = st.one_of(
    st.integers(0, 9).map(str),
    st.integers(0, 9).map(lambda value: f"{value}.0"),
    st.integers(-10, 300).map(str),
    st.floats().map(str),
    st.sampled_from(["", " ", "NaN", "null", "+5", "0x1", '"5"', "1e2", "1e999", "5\r", "\0", "é"]),
    st.text(max_size=6),
)


@st.composite
def csv_file(draw: st.DrawFn) -> bytes:
    """Return a CSV file of a few rows: cells, lines, ends, or any bytes changed; maybe gzipped."""
    rows = [["5", *["0"] * 784] for _ in range(draw(st.integers(0, 4)))]
    lines = [HEADER.decode().split(","), *rows]
    for _ in range(draw(st.integers(0, 3))):
        # Mostly among the rows: a wrong header ends it at once.
        at = draw(st.integers(min(1, len(rows)), len(rows)))
        lines[at][draw(st.integers(0, 784))] = draw(CELLS)
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\n\n", "\r"]))
    content = end.join([",".join(line) for line in lines]).encode("utf-8", "surrogatepass")
    content = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + content
    if draw(st.booleans()):
        content = draw(edited(content, start=draw(st.sampled_from([0, len(HEADER)])), most=2))
    packing = draw(st.sampled_from(["none", "none", "good", "edited"]))
    if packing == "none":
        return content
    packed = gzip.compress(content, 1)
    return packed if packing == "good" else draw(edited(packed, most=1))


@st.composite
def idx_folder(draw: st.DrawFn) -> dict[str, bytes]:
    """Return the four files of a folder, one or two of them changed; maybe gzipped."""
    files = idx_files(2)
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(sorted(files)))
        # Behind the magic number: a wrong one ends it at once.
        files[name] = draw(edited(files[name], start=draw(st.sampled_from([0, 4, 16])), most=2))
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(sorted(files)))
        files[f"{name}.gz"] = draw(edited(gzip.compress(files.pop(name), 1), most=1))
    return files


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "uint8": st.integers(0, 9),
    "int64": st.integers(-1, 11),
    "double": st.one_of(st.integers(0, 9).map(float), st.floats()),
    "float": st.floats(width=32),
    "string": st.text(max_size=3),
    "bool": st.booleans(),
    "binary": st.binary(max_size=3),
    "date32": st.integers(0, 9),
    "null": st.none(),
}


@st.composite
def parquet_table(draw: st.DrawFn) -> pa.Table:
    """Return a table with a few columns of other types, names or values."""
    table = table_of(2)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, table.num_columns - 1))
        kind = draw(st.sampled_from(sorted(VALUES)))
        cell = VALUES[kind] if draw(st.integers(0, 3)) else st.none()
        column = pa.array(draw(st.lists(cell, min_size=2, max_size=2)), pa.type_for_alias(kind))
        name = table.column_names[at]
        if draw(st.integers(0, 5)) == 0:
            name = draw(st.one_of(st.sampled_from([*PIXELS[:3], "__index_level_0__"]), st.text()))
        table = table.set_column(at, name, column)
    return table


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as a Parquet file, in the way that is quickest to write."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, use_dictionary=False, compression="none", write_statistics=False)
    return buffer.getvalue()


@st.composite
def parquet_file(draw: st.DrawFn) -> bytes:
    """Return a Parquet file of such a table, or a good one with some bytes changed."""
    if draw(st.booleans()):
        return draw(edited(GOOD_PARQUET, start=4, most=2))
    return parquet_bytes(draw(parquet_table()))


GOOD_PARQUET = parquet_bytes(table_of(2))


HISTORY = pa.table(
    {
        "epoch": pa.array([1, 2], pa.int32()),
        "cost": pa.array([2.5, 0.5], pa.float64()),
        "accuracy": pa.array([0.1, 0.9], pa.float64()),
        "validation_cost": pa.array([2.5, 0.75], pa.float64()),
        "validation_accuracy": pa.array([0.1, 0.8], pa.float64()),
        "learning_rate": pa.array([0.5, 0.0], pa.float64()),
    }
).replace_schema_metadata({"digits.format_version": "1"})


@st.composite
def history_file(draw: st.DrawFn) -> bytes:
    """Return a history of any numbers that training may give, with columns or bytes changed."""
    absent = draw(st.sampled_from([HISTORY.column_names[3:], ["learning_rate"], []]))
    table = HISTORY.drop_columns(absent)
    for at, name in enumerate(table.column_names[1:], start=1):
        most = 1.0 if name.endswith("accuracy") else 9.0
        values = draw(st.lists(st.floats(0, most), min_size=2, max_size=2))
        table = table.set_column(at, table.column_names[at], pa.array(values))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        at = draw(st.integers(0, table.num_columns - 1))
        kind = draw(st.sampled_from(["double", "double", "int32", *sorted(VALUES)]))
        values = draw(st.lists(VALUES.get(kind, st.integers(0, 3)), min_size=2, max_size=2))
        column = pa.array(values, pa.type_for_alias(kind))
        table = table.set_column(at, table.column_names[at], column)
    if draw(st.integers(0, 5)) == 0:
        version = draw(st.one_of(st.integers(0, 3).map(str), st.text(max_size=2)))
        table = table.replace_schema_metadata({"digits.format_version": version})
    content = parquet_bytes(table)
    return draw(edited(content, start=4, most=2)) if draw(st.booleans()) else content


def npy(descr: str, shape: str, body: bytes, order: str = "False") -> bytes:
    """Return an array file with any header."""
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + body


def saved(array: Any) -> bytes:
    """Return the array file that NumPy makes."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@st.composite
def any_header(draw: st.DrawFn, body: bytes) -> bytes:
    """Return an array file with a header that may not fit its body."""
    descr = draw(st.sampled_from(["'<f8'", "'|u1'", "'|O'", "'<i4'", "'<U9'", "1", "[]"]))
    shape = draw(st.sampled_from(["()", "(2,)", "(2, 784)", "(-1,)", "(9**12,)", "2", "("]))
    return npy(descr, shape, body, draw(st.sampled_from(["False", "True", "None"])))


@st.composite
def any_member(draw: st.DrawFn, array: Any) -> bytes:
    """Return an array file with an edit, or other values, or another header."""
    content = saved(array)
    other = st.one_of(st.floats(), st.integers(-1, 300), st.text(max_size=3)).map(np.array)
    return draw(
        st.one_of(
            edited(content, most=2),
            edited(content, start=128, most=2),  # behind the header
            any_header(content[128:]),
            other.map(saved),
            st.just(saved(np.full_like(array, 1))),
        )
    )


@st.composite
def npz_file(draw: st.DrawFn, arrays: dict[str, Any]) -> bytes:
    """Return an NPZ file with members or bytes changed; the check sums of members are right."""
    members = {name: saved(array) for name, array in arrays.items()}
    for name in draw(st.lists(st.sampled_from(sorted(arrays)), max_size=2, unique=True)):
        kind = draw(st.sampled_from(["change", "change", "change", "drop", "rename"]))
        content = members.pop(name)
        if kind == "change":
            members[name] = draw(any_member(arrays[name]))
        elif kind == "rename":
            members[draw(st.text("bWX1é/.", max_size=5))] = content
    buffer = io.BytesIO()
    method = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    content = buffer.getvalue()
    return draw(edited(content, most=1)) if draw(st.integers(0, 2)) == 0 else content


SCALARS = st.one_of(
    st.integers(-5, 2**40),
    st.floats(),
    st.booleans(),
    st.none(),
    st.text(max_size=5),
    st.lists(st.integers(-1, 1000), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@st.composite
def params_content(draw: st.DrawFn, base: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return params with a few values, keys or sections changed."""
    content: dict[str, Any] = {section: dict(keys) for section, keys in base.items()}
    for _ in range(draw(st.integers(0, 2))):
        section = draw(st.sampled_from(sorted(base)))
        if not isinstance(content.get(section), dict):
            continue
        key = draw(st.sampled_from(sorted(base[section])))
        kind = draw(st.sampled_from(["near", "near", "value", "drop", "rename", "section"]))
        if kind == "near":
            value = base[section][key]
            content[section][key] = value if isinstance(value, (str, list)) else draw(SCALARS)
        elif kind == "value":
            content[section][key] = draw(SCALARS)
        elif kind == "drop":
            content[section].pop(key, None)
        elif kind == "rename":
            content[section][draw(st.text(max_size=5))] = 1
        else:
            content[section] = draw(SCALARS)
    return content
