"""Read a source of digits in any form: find out what it is, and what of it is meant."""

import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from stages.common.artifacts.digits import PIXELS
from stages.common.errors import DigitsError
from stages.sources import arrays, csv_file, idx_folder, listing, numpy_file, parquet_file, scale
from stages.sources.columns import Labelled, Part, told
from stages.sources.csv_head import read_head
from stages.sources.kinds import START, kind_of, refuse_other
from stages.sources.listing import Files
from stages.sources.names import listed
from stages.sources.splits import in_order
from stages.sources.unpacked import (
    Input,
    bare_name,
    head,
    on_disk,
    unpacked,
)

_SHARD = re.compile(r"[0-9]+-of-[0-9]+|(part|shard|chunk|split|file)[-_. ]?[0-9]+|[-_. ][0-9]+$")
_TABLES = (".csv", ".tsv", ".tab")


def read(path: Path, highest: float | None) -> tuple[Labelled, list[str]]:
    """Return the digits of a source, all in memory, and notes on what was understood.

    Raises DigitsError as `parts`, and where it is not plain what the largest number means.
    """
    found = [*parts(path, highest)]
    digits, said = scale.settle(str(path), found, highest)
    return digits, [*notes_of(found), *said]


def notes_of(found: Iterable[Part]) -> list[str]:
    """Return the notes of some parts, each once."""
    return [*dict.fromkeys(note for part in found for note in part.notes)]


def parts(path: Path, highest: float | None) -> Iterator[Part]:
    """Yield the digits of a source, some at a time, with notes on what was understood.

    highest: the number that is full ink, or None where the pixels are to tell. Raises
    DigitsError for a source that is missing, cannot be read, could be meant in two ways, or
    holds anything but digits.
    """
    rows = 0
    for part in _read_path(path, highest):
        rows += len(part.label)
        yield part
    if not rows:
        raise DigitsError(f"{path}: it holds no row; expected digits")


def _read_path(path: Path, highest: float | None) -> Iterator[Part]:
    """Yield what a file or folder holds."""
    try:
        mode = path.stat().st_mode
        # A pipe would wait for ever, and /dev/zero never end.
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise DigitsError(f"ingest.source {path} is neither a file nor a folder")
        if stat.S_ISREG(mode):
            path.open("rb").close()
    except FileNotFoundError as error:
        raise DigitsError(
            f"ingest.source {path} does not exist; expected a file or folder of digits"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DigitsError(f"cannot read ingest.source {path}: {reason}") from error
    if stat.S_ISDIR(mode):
        return _read_files(str(path), listing.files_in(path), highest, in_archive=False)
    return _read_file(on_disk(path), highest, in_archive=False)


def _read_file(packed: Input, highest: float | None, in_archive: bool) -> Iterator[Part]:
    """Yield what one file holds; in an archive, it may be no archive itself."""
    source = unpacked(packed)
    start = head(source, START)
    kind = kind_of(start)
    if kind in ("zip", "tar"):
        yield from _read_archive(source, kind, highest, in_archive)
    elif kind == "parquet":
        yield from parquet_file.read(source, highest)
    elif kind == "npy":
        key = PurePosixPath(source.name).name
        yield from arrays.read(source.name, [numpy_file.array_in(key, source)], highest)
    elif kind == "idx":
        raise DigitsError(
            f"{source.name} is one IDX file; expected the folder that has its labels or images too"
        )
    else:
        refuse_other(source.name, start)
        yield from csv_file.read(source, highest)


def _read_archive(
    source: Input, kind: str, highest: float | None, in_archive: bool
) -> Iterator[Part]:
    """Yield what a ZIP or tar archive holds, or the arrays in an NPZ file."""
    with (listing.in_zip if kind == "zip" else listing.in_tar)(source) as files:
        if files and all(name.endswith(".npy") for name in files) and kind == "zip":
            members = files.items()
            inside = [numpy_file.array_in(name.removesuffix(".npy"), it) for name, it in members]
            yield from arrays.read(source.name, inside, highest)
            return
        if "[Content_Types].xml" in files:
            raise DigitsError(f"{source.name} is an Excel workbook; expected it saved as CSV")
        if in_archive:
            raise DigitsError(f"{source.name} is an archive in an archive; expected it unpacked")
        yield from _read_files(source.name, files, highest, in_archive=True)


def _read_files(
    where: str, files: Files, highest: float | None, in_archive: bool
) -> Iterator[Part]:
    """Return what the files of a folder or an archive hold, if they are one source."""
    kinds = {name: _kind_among(name, file) for name, file in files.items()}
    texts = [name for name, kind in kinds.items() if kind == "text"]
    found = {kind: [name for name in kinds if kinds[name] == kind] for kind in _ORDER}
    there = [kind for kind in _ORDER if found[kind]]
    if not there and len(texts) == 1:
        there, found = ["table"], {"table": texts}
    if not there:
        raise _nothing(where, [*files])
    names = sorted((name for kind in there for name in found[kind]), key=in_order)
    if len(there) > 1:
        raise _several(where, names)
    chosen = {name: files[name] for name in names}
    if there == ["idx"]:
        return idx_folder.read_files(where, chosen)
    if there == ["npy"]:
        found_arrays = [
            numpy_file.array_in(bare_name(name).removesuffix(".npy"), unpacked(file))
            for name, file in chosen.items()
        ]
        return arrays.read(where, found_arrays, highest)
    return _read_shards(where, chosen, highest, in_archive)


_ORDER = ("idx", "npy", "table", "parquet", "npz", "archive")


def _kind_among(name: str, packed: Input) -> str:
    """Return what a file is among others: one of _ORDER, text, or other."""
    if idx_folder.is_named(name):
        return "idx"
    kind = kind_of(head(unpacked(packed), START))
    bare = bare_name(name).casefold()
    if kind == "text" and bare.endswith(_TABLES):
        return "table"
    if kind in ("zip", "tar"):
        return "npz" if bare.endswith(".npz") else "archive"
    return kind


def _nothing(where: str, names: Sequence[str]) -> DigitsError:
    """Return the error for files of which none is a source."""
    inside = f"only {listed(names)}" if names else "nothing"
    return DigitsError(
        f"{where} holds no digits: {inside}; expected MNIST's IDX files, CSV, Parquet or NPZ"
    )


def _several(where: str, names: Sequence[str]) -> DigitsError:
    """Return the error for files that are more than one source."""
    shown = ", ".join(repr(name[-60:]) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return DigitsError(
        f"{where} holds several files that could be meant: {shown}{more}; expected one source: "
        f"unpack or move the one that is, and name it in ingest.source"
    )


def _read_shards(
    where: str, files: Files, highest: float | None, in_archive: bool
) -> Iterator[Part]:
    """Yield what one file holds, or several that are shards of one source, in their order."""
    names = list(files)
    if len(names) > 1:
        apart = in_archive and any(
            "/" not in name and not _SHARD.search(PurePosixPath(bare_name(name)).stem)
            for name in names
        )
        if apart or len({_form(file) for file in files.values()}) > 1:
            raise _several(where, names)
    if in_archive or len(names) > 1:
        yield told([f"it is read from {listed(names)}"])
    for file in files.values():
        yield from _read_file(file, highest, in_archive)


def _form(packed: Input) -> tuple[str, ...]:
    """Return the names of a file's columns, by which shards of one source are alike."""
    source = unpacked(packed)
    kind = kind_of(head(source, START))
    if kind == "parquet":
        with parquet_file.opened(source) as file:
            return tuple(file.schema.names)
    return tuple(read_head(source, len(PIXELS) + 1).names) if kind == "text" else ()
