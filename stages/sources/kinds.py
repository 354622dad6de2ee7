"""What a file is, by its first bytes."""

from stages.common.errors import DigitsError
from stages.sources import idx_folder, numpy_file, parquet_footer

START = 512  # bytes that tell

# Files that are known and not read, by their first bytes.
_OTHERS = {
    b"ARRO": "an Arrow or Feather file",
    b"\xff\xff\xff\xff": "an Arrow stream",
    b"ORC": "an ORC file",
    b"PARE": "an encrypted Parquet file",
    b"\x89HDF": "an HDF5 file",
    b"\x80\x02": "a Python pickle, which is never read",
    b"\x80\x03": "a Python pickle, which is never read",
    b"\x80\x04": "a Python pickle, which is never read",
    b"\x80\x05": "a Python pickle, which is never read",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "one picture",
    b"\xff\xd8\xff": "one picture",
    b"%PDF": "a PDF file",
    b"SQLite": "an SQLite database",
    b"@rela": "an ARFF file",
    b"@RELA": "an ARFF file",
}


def kind_of(start: bytes) -> str:
    """Return a file's kind: parquet, zip, tar, npy, idx, other or text."""
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if start[257:262] == b"ustar":
        return "tar"
    if start.startswith(parquet_footer.MAGIC):
        return "parquet"
    if start.startswith(numpy_file.MAGIC):
        return "npy"
    if idx_folder.is_idx(start):
        return "idx"
    return "other" if any(start.startswith(magic) for magic in _OTHERS) else "text"


def refuse_other(name: str, start: bytes) -> None:
    """Raise DigitsError for a file that is known but not read, or not what its name promises."""
    expected = (
        "expected CSV, Parquet, NPZ or MNIST's IDX files, packed or not, or a folder or archive "
        "of them"
    )
    for magic, kind in _OTHERS.items():
        if start.startswith(magic):
            raise DigitsError(f"{name} is {kind}; {expected}")
    if name.endswith((".parquet", ".npz", ".npy", ".zip", ".tar")) and start:
        ending = name.rpartition(".")[2]
        kinds = {"parquet": parquet_footer.MAGIC, "npy": numpy_file.MAGIC, "tar": b"ustar"}
        kind = "Parquet" if ending == "parquet" else ending.upper()
        raise DigitsError(
            f"{name} is no {kind} file: it starts with {start[:4]!r}; "
            f"expected {kinds.get(ending, b'PK')!r}"
        )
