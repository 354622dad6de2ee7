"""Archives, packed files, folders of shards: what is one source, and what is refused."""

import bz2
import gzip
import io
import lzma
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.sources import listing, source
from stages.sources.columns import Labelled
from tests.common.shared import message_of
from tests.sources.made import (
    assert_same,
    cells_of,
    csv_bytes,
    idx,
    idx_files,
    put_files,
    random_digits,
    table_of,
)

DIGITS = random_digits(12, seed=9)
TRAIN, TEST = (Labelled(DIGITS.label[at], DIGITS.pixels[at]) for at in (slice(8), slice(8, None)))
IDX = idx_files(TRAIN, TEST)
CSV = csv_bytes(cells_of(DIGITS))
HALVES = {"train.csv": csv_bytes(cells_of(TRAIN)), "test.csv": csv_bytes(cells_of(TEST))}
APPLE = {"__MACOSX/._a.csv": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1"}

Files = dict[str, bytes]


def parquet(digits: Labelled) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table_of(digits, pa.uint8()), buffer)
    return buffer.getvalue()


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Files) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def zstd(content: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(content, asbytes=True)
    return packed


SHARDS = {
    f"mnist/{part}-0000{at}-of-00002.parquet": parquet(half)
    for part, digits in (("test", TEST), ("train", TRAIN))
    for at, half in enumerate(
        Labelled(digits.label[rows], digits.pixels[rows]) for rows in (slice(3), slice(3, None))
    )
}
EMNIST = {f"gzip/emnist-digits-{name}.gz": gzip.compress(it, 1) for name, it in IDX.items()}
FILES: dict[str, bytes] = {
    "train.csv.zip": zipped({"train.csv": CSV} | APPLE),
    "deep.zip": zipped({"a/b/digits.csv": CSV, "a/README.md": b"# Digits"}),
    "no suffix.zip": zipped({"digits": CSV}),
    "gz.zip": zipped({"digits.csv.gz": gzip.compress(CSV)}),
    "digits.tar": tarred({"digits.csv": CSV}),
    "parquet.zip": zipped({"digits.parquet": parquet(DIGITS)}),
    "shards.zip": zipped(SHARDS),
    "idx.tar.gz": gzip.compress(tarred({f"./mnist/{name}": it for name, it in IDX.items()})),
    "idx.tar.xz": lzma.compress(tarred(IDX)),
    "emnist.zip": zipped(EMNIST | {"gzip/emnist-digits-mapping.txt": b"0 48\n"}),
    "folder.tar.bz2": bz2.compress(tarred({f"digits/{name}": it for name, it in HALVES.items()})),
    "a.csv.bz2": bz2.compress(CSV),
    "a.csv.xz": lzma.compress(CSV),
    "a.csv.zst": zstd(CSV),
    "a.parquet.gz": gzip.compress(parquet(DIGITS)),
    "a": zstd(parquet(DIGITS)),
}


@pytest.mark.parametrize("name", FILES)
def test_one_source_however_it_is_packed(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    assert_same(source.read(tmp_path / name, None)[0], DIGITS)
    assert [path.name for path in tmp_path.iterdir()] == [name]  # nothing is unpacked beside it


QMNIST = {
    f"qmnist-{part}-{kind}": content
    for part, digits in (("train", TRAIN), ("test", TEST))
    for kind, content in (
        ("images-idx3-ubyte", idx(digits.pixels.reshape(-1, 28, 28))),
        (
            "labels-idx2-int",
            b"\0\0\x0c\2" + len(digits.label).to_bytes(4, "big") + b"\0\0\0\x08"
            + b"".join(b"\0\0\0" + bytes([label]) + b"\0\0\0\x4d" * 7 for label in digits.label),
        ),
    )
}  # fmt: skip
FOLDERS: dict[str, Files] = {
    "shards of CSV": HALVES,
    "parts in the order of their numbers": {
        f"part-{at + 2}.csv": csv_bytes([row]) for at, row in enumerate(cells_of(DIGITS))
    },
    "shards of Parquet, and others": SHARDS | {"README.md": b"# MNIST", "info.json": b"{}"},
    "one file": {"any.csv": CSV},
    "one archive": {"digits.zip": zipped({"a.csv": CSV})},
    "names with a dot": {name.replace("-idx", ".idx"): it for name, it in IDX.items()},
    "other marks and capitals": {
        f"{name}.idx".replace("-", "_").upper(): it for name, it in IDX.items()
    },
    "EMNIST's names": {name.removeprefix("gzip/"): it for name, it in EMNIST.items()},
    "QMNIST's names": QMNIST,
    "packed by xz": {f"{name}.xz": lzma.compress(it) for name, it in IDX.items()},
    "as torchvision leaves it": {
        **{f"MNIST/raw/{name}": it for name, it in IDX.items()},
        **{f"MNIST/raw/{name}.gz": gzip.compress(it) for name, it in IDX.items()},
    },
}  # fmt: skip


def put(folder: Path, files: Files) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    return put_files(folder, files)


@pytest.mark.parametrize("case", FOLDERS)
def test_one_source_in_a_folder(case: str, tmp_path: Path) -> None:
    assert_same(source.read(put(tmp_path, FOLDERS[case]), None)[0], DIGITS)


def test_one_pair_of_idx_files_is_told_of(tmp_path: Path) -> None:
    found, notes = source.read(put_files(tmp_path, dict(list(IDX.items())[:2])), None)
    assert_same(found, TRAIN)
    assert notes == ["only train files are there"]


def spoiled(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


REFUSED: dict[str, tuple[bytes, list[str]]] = {
    "two.zip": (zipped(HALVES), ["several files that could be meant: 'train.csv', 'test.csv'"]),
    "kinds.zip": (zipped({"a.csv": CSV, "b.parquet": parquet(DIGITS)}), ["'a.csv', 'b.parquet'"]),
    "none.zip": (zipped({"a.md": b"#", "b.md": b"#"}), ["holds no digits: only 'a.md', 'b.md'"]),
    "empty.zip": (zipped({}), ["holds no digits: nothing"]),
    "nested.zip": (zipped({"a.zip": zipped({"a.csv": CSV})}), ["a.zip is an archive in an arch"]),
    "nested.tar": (tarred({"a.zip": zipped({"a.csv": CSV})}), ["an archive in an archive"]),
    "sets.tar": (
        tarred({f"{name}-{it}": IDX[it] for name in ("a", "b") for it in IDX}),
        ["several sets of IDX files"],
    ),
    "lacks.tar": (tarred(dict(list(IDX.items())[:3])), ["has no file t10k-labels-idx1-ubyte"]),
    "book.xlsx": (zipped({"[Content_Types].xml": b"<", "a.xml": b"<"}), ["an Excel workbook"]),
    "cut.zip": (zipped({"a.csv": CSV})[:-30], ["cannot read"]),
    "cut.csv.zst": (zstd(CSV)[:-30], ["cannot read", "runcated"]),
    "cut.csv.xz": (lzma.compress(CSV)[:-30], ["cannot read"]),
    "wrong.zip": (spoiled(zipped({"a.csv": CSV}), 300), ["cannot read", "wrong.zip: a.csv"]),
    "twice.csv.gz": (gzip.compress(bz2.compress(CSV)), ["it is packed twice"]),
    "a.csv.xz": (CSV, ["its name ends in .xz, but it starts with b'la' and not as xz does"]),
    "a.zip": (CSV, ["is no ZIP file: it starts with b'labe'"]),
    "one.idx": (IDX["train-images-idx3-ubyte"], ["is one IDX file; expected the folder"]),
    "pickle.pkl": (b"\x80\x04\x95", ["is a Python pickle, which is never read"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_source_is_refused_in_words(name: str, tmp_path: Path) -> None:
    content, says = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    message = message_of(lambda: source.read(tmp_path / name, None))
    assert name in message
    assert [words for words in says if words not in message] == [], message


def test_the_place_of_a_fault_in_an_archive(tmp_path: Path) -> None:
    content = CSV.replace(b"\n", b"\n\n", 3).replace(b"\n7,", b"\n70,")
    (tmp_path / "a.zip").write_bytes(zipped({"data/b.csv": content}))
    message = message_of(lambda: source.read(tmp_path / "a.zip", None))
    assert "a.zip: data/b.csv: line " in message
    assert "column label: '70'; expected a whole number from 0 to 9" in message


def bomb_of(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(csv_bytes([]) + b"\n" * 3_000_000)


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "a.csv.bz2": bz2.compress,
    "a.csv.xz": lzma.compress,
    "a.csv.zst": zstd,
    "a.zip": lambda it: zipped({"a.csv": it}),
    "a.tar.gz": lambda it: gzip.compress(tarred({"a.csv": it})),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_more_is_unpacked_than_could_stand_between_two_rows(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bomb_of(BOMBS[name]))
    message = message_of(lambda: source.read(tmp_path / name, None))
    assert "line 2 on, more than 1,048,576 bytes hold no row" in message


def test_nothing_is_unpacked_into_a_disk_without_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=70_000_000))
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(tarred({"a.csv": CSV})))
    assert_same(source.read(tmp_path / "a.tar.gz", None)[0], DIGITS)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=60_000_000))
    message = message_of(lambda: source.read(tmp_path / "a.tar.gz", None))
    assert "a.tar.gz: unpacked, it holds more than 0 bytes, and 60,000,000 are free" in message


@pytest.mark.parametrize("make", [zipped, tarred])
def test_too_many_files(
    make: Callable[[Files], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_FILES", 3)
    (tmp_path / "a").write_bytes(make({f"{at}.csv": b"" for at in range(5)}))
    assert "more than 3 files" in message_of(lambda: source.read(tmp_path / "a", None))


def test_links_and_paths_out_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(CSV)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        link = tarfile.TarInfo("a.csv")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.csv")
        archive.addfile(link)
    (tmp_path / "a.tar").write_bytes(buffer.getvalue())
    assert "holds no digits" in message_of(lambda: source.read(tmp_path / "a.tar", None))
    (tmp_path / "b.zip").write_bytes(zipped({"../../secret.csv": CSV}))
    assert "holds no digits" in message_of(lambda: source.read(tmp_path / "b.zip", None))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "b.zip", "secret.csv"]
