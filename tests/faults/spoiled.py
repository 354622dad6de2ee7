"""Artifacts in every bad form: what spoils a file, by the name of the fault."""

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Arrays = dict[str, npt.NDArray[Any]]

DIGITS = "data/digits.parquet"
TRAIN, VALIDATION, TEST = (f"data/split/{part}.parquet" for part in ("train", "validation", "test"))
X_TRAIN, X_VALIDATION, X_TEST = (
    f"data/encoded/{part}.npz" for part in ("train", "validation", "test")
)
INITIAL, TRAINED = "data/weights/initial.npz", "data/weights/trained.npz"
SNAPSHOTS = "data/weights/snapshots.npz"
HISTORY, PREDICTIONS = "data/history.parquet", "data/predictions.parquet"
POST_COSTS = "data/reference/post-cost-curve.csv"


def instead(path: Path) -> Path:
    """Delete a file, and return its path."""
    path.unlink()
    return path


ANY_FILE: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "cut to its first byte": lambda path: path.write_bytes(path.read_bytes()[:1]),
    "cut to a half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "without its last byte": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "random bytes": lambda path: path.write_bytes(np.random.default_rng(3).bytes(5000)),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "text": lambda path: path.write_text("label,pixel0\n1,2\n"),
    "a folder": lambda path: instead(path).mkdir(),
    "a link to nowhere": lambda path: instead(path).symlink_to("nowhere"),
    "a pickle": lambda path: path.write_bytes(pickle.dumps(Trap())),
}


class Trap:
    """An object that writes a file when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return open, ("SPRUNG", "w")


def saved(save: Callable[..., object], array: npt.NDArray[Any]) -> bytes:
    """Return the bytes of a file that NumPy saves an array in."""
    buffer = io.BytesIO()
    save(buffer, array)
    return buffer.getvalue()


def in_parquet(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    """Return what changes the table of a Parquet file."""

    def spoil(path: Path) -> None:
        pq.write_table(change(pq.read_table(path, partitioning=None)), path)

    return spoil


def versioned(version: str | None) -> Callable[[pa.Table], pa.Table]:
    """Return what gives a table another format version."""
    metadata = None if version is None else {"digits.format_version": version}
    return lambda table: table.replace_schema_metadata(metadata)


def recast(table: pa.Table, index: int, kind: pa.DataType) -> pa.Table:
    """Return a table with one column of another type."""
    column = table.column(index).cast(kind)
    return table.set_column(index, table.column_names[index], column)


def with_null(table: pa.Table) -> pa.Table:
    """Return a table whose last column begins with an empty cell."""
    last = table.num_columns - 1
    values = [None, *table.column(last).to_pylist()[1:]]
    column = pa.array(values, table.schema.field(last).type)
    return table.set_column(last, table.column_names[last], column)


def turned(table: pa.Table) -> pa.Table:
    """Return a table with its columns in the opposite order."""
    return table.select(table.column_names[::-1])


ANY_PARQUET: dict[str, Callable[[Path], object]] = {
    "version 11": in_parquet(versioned("11")),
    "no version": in_parquet(versioned(None)),
    "version one": in_parquet(versioned("one")),
    "first column missing": in_parquet(lambda it: it.drop_columns(it.column_names[:1])),
    "last column missing": in_parquet(lambda it: it.drop_columns(it.column_names[-1:])),
    "column too many": in_parquet(lambda it: it.append_column("more", it.column(0))),
    "column twice": in_parquet(lambda it: it.append_column(it.column_names[0], it.column(0))),
    "columns in another order": in_parquet(turned),
    "first column wider": in_parquet(lambda it: recast(it, 0, pa.int64())),
    "second column as text": in_parquet(lambda it: recast(it, 1, pa.string())),
    "an empty cell": in_parquet(with_null),
    "no rows": in_parquet(lambda it: it.slice(0, 0)),
    "a row twice": in_parquet(lambda it: pa.concat_tables([it, it.slice(0, 1)])),
    "an array archive": lambda path: path.write_bytes(saved(np.savez, np.zeros(3))),
}


def put(path: Path, arrays: Arrays) -> None:
    """Write arrays as they are into a file."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=True, **arrays)


def in_npz(change: Callable[[Arrays], Arrays]) -> Callable[[Path], None]:
    """Return what changes the arrays of an NPZ file."""

    def spoil(path: Path) -> None:
        with np.load(path) as file:
            arrays = dict(file)
        put(path, change(arrays))

    return spoil


def changed(name: str, change: Callable[[npt.NDArray[Any]], Any]) -> Callable[[Path], None]:
    """Return what changes one array of an NPZ file."""
    return in_npz(lambda arrays: arrays | {name: np.asarray(change(arrays[name]))})


def without(name: str) -> Callable[[Path], None]:
    """Return what takes one array out of an NPZ file."""
    return in_npz(lambda arrays: {key: arrays[key] for key in arrays if key != name})


def with_first(value: float) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
    """Return what changes an array's first number."""

    def change(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        flat = array.copy().reshape(-1)
        flat[0] = value
        return flat.reshape(array.shape)

    return change


def trapped(path: Path) -> None:
    """Put an object that must not be unpickled among the arrays."""
    in_npz(lambda arrays: {"trap": np.array([Trap()], object), **arrays})(path)


def trapped_everywhere(path: Path) -> None:
    """Make every array an object that must not be unpickled."""
    in_npz(lambda arrays: {name: np.array(Trap(), object) for name in arrays})(path)


def with_flipped_byte(path: Path) -> None:
    """Change a byte among the numbers: the archive's check sum is then wrong."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def with_huge_shape(path: Path) -> None:
    """Let an array's header promise more than any memory holds."""
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776, 784), }"
    array = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("X.npy", array)


ANY_NPZ: dict[str, Callable[[Path], object]] = {
    "version 11": changed("format_version", lambda _: 11),
    "version of text": changed("format_version", lambda _: "1"),
    "versions": changed("format_version", lambda _: [1, 1]),
    "no version": without("format_version"),
    "an array too many": in_npz(lambda arrays: arrays | {"more": np.zeros(3)}),
    "two arrays too many": in_npz(lambda arrays: arrays | {"m": np.zeros(3), "n": np.zeros(3)}),
    "no arrays": in_npz(lambda arrays: {"format_version": arrays["format_version"]}),
    "an object in it": trapped,
    "objects alone": trapped_everywhere,
    "a lone array": lambda path: path.write_bytes(saved(np.save, np.zeros(3))),
    "a flipped byte": with_flipped_byte,
    "a huge shape": with_huge_shape,
    "an empty archive": lambda path: zipfile.ZipFile(path, "w").close(),
}

ENCODED: dict[str, Callable[[Path], object]] = {
    **{f"without {name}": without(name) for name in ("X", "Y", "row", "pixel_scale")},
    "X of 783 pixels": changed("X", lambda X: X[:, 1:]),
    "X flat": changed("X", np.ravel),
    "X of floats": changed("X", lambda X: X.astype(np.float32)),
    "fewer X": changed("X", lambda X: X[1:]),
    "fewer Y": changed("Y", lambda Y: Y[1:]),
    "Y of nine": changed("Y", lambda Y: Y[:, 1:]),
    "Y of floats": changed("Y", lambda Y: Y.astype(np.float64)),
    "Y not one-hot": changed("Y", np.zeros_like),
    "Y of two": changed("Y", lambda Y: Y * 2),
    "fewer row": changed("row", lambda row: row[1:]),
    "row of int64": changed("row", lambda row: row.astype(np.int64)),
    "a row twice": changed("row", np.zeros_like),
    "no rows": in_npz(lambda it: it | {name: it[name][:0] for name in ("X", "Y", "row")}),
    "scale 0": changed("pixel_scale", lambda _: 0.0),
    "scale NaN": changed("pixel_scale", lambda _: np.nan),
    "scale infinite": changed("pixel_scale", lambda _: np.inf),
    "scale whole": changed("pixel_scale", lambda _: 255),
    "scales": changed("pixel_scale", lambda _: [255.0]),
}

WEIGHTS: dict[str, Callable[[Path], object]] = {
    **{f"without {letter}{n}": without(f"{letter}{n}") for letter in "Wb" for n in (1, 2, 3)},
    "NaN in W1": changed("W1", with_first(np.nan)),
    "infinity in W2": changed("W2", with_first(np.inf)),
    "NaN in b3": changed("b3", with_first(np.nan)),
    "W1 turned": changed("W1", np.transpose),
    "W2 too narrow": changed("W2", lambda W: W[:, 1:]),
    "b1 too short": changed("b1", lambda b: b[1:]),
    "b2 a column": changed("b2", lambda b: b[:, None]),
    "W3 of nine": in_npz(lambda it: it | {"W3": it["W3"][1:], "b3": it["b3"][1:]}),
    "W1 whole": changed("W1", lambda W: W.astype(np.int64)),
    "W2 of another precision": changed("W2", lambda W: W.astype(np.float16)),
    "b3 of text": changed("b3", lambda b: b.astype(str)),
    "W2 complex": changed("W2", lambda W: W.astype(complex)),
}


def cells(name: str, value: float) -> Callable[[Path], None]:
    """Return what changes the first cell of a column of a Parquet file."""

    def change(table: pa.Table) -> pa.Table:
        index = table.column_names.index(name)
        kind = table.schema.field(index).type
        column = pa.array([value, *table.column(index).to_pylist()[1:]], kind)
        return table.set_column(index, name, column)

    return in_parquet(change)


TABLES: dict[str, dict[str, Callable[[Path], object]]] = {
    "digits": {"a label of 10": cells("label", 10)},
    HISTORY: {
        "NaN cost": cells("cost", np.nan),
        "infinite cost": cells("cost", np.inf),
        "negative cost": cells("cost", -1),
        "accuracy of 2": cells("accuracy", 2),
        "epoch 0": cells("epoch", 0),
        "an epoch missing": in_parquet(lambda it: it.slice(1)),
    },
    PREDICTIONS: {
        "a label of 10": cells("label", 10),
        "a prediction of 10": cells("predicted", 10),
        "NaN": cells("p3", np.nan),
        "a probability above 1": cells("p3", 1.5),
        "a probability below 0": cells("p3", -0.5),
    },
    POST_COSTS: {
        "a row missing": lambda path: path.write_text(path.read_text().rpartition("\n2")[0]),
        "NaN": lambda path: path.write_text(path.read_text().replace("\n2,", "\n2,nan#", 1)),
        "a NaN": lambda path: path.write_text("epoch,cost\n" + "1,nan\n" * 500),
        "a header alone": lambda path: path.write_text("epoch,cost\n"),
        "a third column": lambda path: path.write_text("epoch,cost,x\n" + "1,2,3\n" * 500),
        "not UTF-8": lambda path: path.write_bytes(b"\xff" + path.read_bytes()),
    },
}


def faults_of(path: str) -> dict[str, Callable[[Path], object]]:
    """Return every fault that a file can have, by name."""
    if path in (VALIDATION, X_VALIDATION):
        faults = faults_of(path.replace("validation", "train"))
        return {name: fault for name, fault in faults.items() if name != "no rows"}
    if path.endswith(".npz"):
        return ANY_FILE | ANY_NPZ | (WEIGHTS if "weights" in path else ENCODED)
    if path == POST_COSTS:
        return ANY_FILE | TABLES[path]
    return ANY_FILE | ANY_PARQUET | TABLES.get(path, TABLES["digits"])
