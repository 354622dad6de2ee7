"""Read images that nobody has labelled, as Kaggle's test.csv; of labelled ones, the images."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa

from stages.common.artifacts.digits import PIXELS
from stages.common.errors import DigitsError
from stages.common.pieces import PIECE_ROWS, spans
from stages.common.scratch import refuse_no_room, scratch_file
from stages.sources import (
    arrays,
    columns,
    idx_folder,
    listing,
    names,
    numpy_file,
    parquet_file,
    source,
)
from stages.sources import table as tables
from stages.sources.arrays import Array
from stages.sources.columns import Bytes, Part
from stages.sources.csv_file import Block, bare, blocks, cells_in, line_of
from stages.sources.csv_head import Head, read_head
from stages.sources.kinds import START, kind_of, refuse_other
from stages.sources.listing import Files
from stages.sources.settling import Settling
from stages.sources.unpacked import Input, head, on_disk, unpacked

Reader = Callable[[Input], Iterator[Part] | None]

_MOST_ROWS = 500_000  # of each, an answer is held in memory


def read(path: Path) -> Iterator[Bytes]:
    """Yield the images (n, 784) in a file, some at a time: CSV, Parquet, IDX, NPY or NPZ.

    The file may be packed. Raises DigitsError, before it yields any, where it cannot be read, or
    holds anything but such images.
    """
    # Among the system's temporary files: where the file is, nothing may be written.
    beside = Path(tempfile.gettempdir()) / path.name
    settling = Settling(str(path), None, partial(_refuse_many, str(path), beside))
    with scratch_file(beside) as file:
        for some in settling.digits(_parts(path), beside):
            file.write(np.ascontiguousarray(some.pixels).data)
        if not settling.shown.rows:
            raise DigitsError(f"{path}: it holds no row; expected images")
        file.seek(0)
        for span in spans(settling.shown.rows, PIECE_ROWS):
            content = file.read((span.stop - span.start) * len(PIXELS))
            yield np.frombuffer(content, np.uint8).reshape(-1, len(PIXELS))


def _parts(path: Path) -> Iterator[Part]:
    """Return the images in a file as they stand there."""
    parts = _in_file(on_disk(path), _READERS)
    return source.parts(path, None) if parts is None else parts  # else labels are with them


def _in_file(packed: Input, readers: Mapping[str, Reader]) -> Iterator[Part] | None:
    """Return the images in a file of a kind that has a reader, None for any other."""
    file = unpacked(packed)
    start = head(file, START)
    kind = kind_of(start)
    if kind == "text":
        refuse_other(file.name, start)
    if kind not in readers:
        return None
    return readers[kind](packed if kind == "idx" else file)  # that one unpacks by itself


def _refuse_many(name: str, beside: Path, rows: int, done: int) -> None:
    """Raise DigitsError where there are more images than there is room for, or for answers."""
    if rows > _MOST_ROWS:
        raise DigitsError(f"{name}: it holds more than {_MOST_ROWS:,} images; expected fewer")
    refuse_no_room(beside, (rows - done) * len(PIXELS))


def _in_csv(packed: Input) -> Iterator[Part] | None:
    """Return the images in a CSV file without labels, None for any other."""
    first = read_head(packed, len(PIXELS), len(PIXELS) + 1)
    places: Sequence[int] | None = names.pixels_alone(first.names)
    if not first.header:
        places = range(len(PIXELS)) if len(first.names) == len(PIXELS) else None
    if places is None:
        return None
    texts = (block for block in blocks(packed, first.header) if block.text.strip())
    return (_rows(packed.name, block, first, list(places)) for block in texts)


def _rows(name: str, block: Block, first: Head, places: list[int]) -> Part:
    """Return the images in some lines."""
    text = bare(block.text, first.separator)
    for pixel_type in (pa.uint8(), pa.float64(), pa.string()):
        try:
            cells = cells_in(text, first, places, [pixel_type] * len(places))
            break
        except pa.ArrowException as error:
            reason = " ".join(str(error).split())
    else:
        raise DigitsError(f"{name}: from line {block.number} on: {reason}; expected numbers")
    return _part(cells, [first.names[place] for place in places], lambda row: (
        f"{name}: line {line_of(block, row)}"
    ))  # fmt: skip


def _part(cells: pa.Table, called: list[str], where: Callable[[int], str]) -> Part:
    """Return the images in columns of pixels."""
    pixels = tables.of_columns(called, [*map(columns.plain, cells.columns)], None)
    return tables.part(np.zeros(len(cells), np.uint8), pixels, where)


def _in_parquet(packed: Input) -> Iterator[Part] | None:
    """Return the images in a Parquet file without labels, None for any other."""
    with parquet_file.opened(packed) as file:
        schema = file.schema
        places = names.pixels_alone(schema.names)
        if places is None:
            return None
        wanted = [schema.names[place] for place in places]
        for column in wanted:
            columns.refuse_type(packed.name, column, schema.field(column).type)
    return _batches(packed, wanted)


def _batches(packed: Input, wanted: list[str]) -> Iterator[Part]:
    """Yield the images in some columns of a Parquet file, some rows at a time."""
    above = 0
    with parquet_file.opened(packed) as file:
        for batch in file.batches(wanted):
            cells = pa.Table.from_batches([batch]).select(wanted)
            yield _part(cells, wanted, partial(_stands, packed.name, above))
            above += len(batch)


def _stands(name: str, above: int, row: int) -> str:
    """Say where a row stands that follows `above` others."""
    return f"{name}: row {above + row + 1}"


def _in_npy(packed: Input) -> Iterator[Part] | None:
    """Return the images in an array; raises DigitsError for another array."""
    array = numpy_file.array_in(PurePosixPath(packed.name).name, packed)
    if arrays.images_alone([array]) is None:
        shape = " x ".join(map(str, array.shape)) or "one value"
        raise DigitsError(f"{packed.name} is {shape}; expected n x 28 x 28 or n x 784")
    return arrays.read_images(array, None)


def _in_zip(packed: Input) -> Iterator[Part] | None:
    """Return the images in an NPZ file, or in the one file in a ZIP archive; None for any other."""
    with listing.in_zip(packed) as files:
        if len(files) == 1:  # as Kaggle's test.csv.zip
            return None if _in_only(files) is None else _only(packed)
        if not all(name.endswith(".npy") for name in files):
            return None
        if arrays.images_alone(_arrays(files)) is None:
            return None
    return _members(packed)


def _in_only(files: Files) -> Iterator[Part] | None:
    """Return the images in the one file in an archive, None where labels are with them."""
    (file,) = files.values()
    return _in_file(file, _INSIDE)


def _only(packed: Input) -> Iterator[Part]:
    """Yield the images in a ZIP archive of one file."""
    with listing.in_zip(packed) as files:
        yield from _in_only(files) or ()


def _members(packed: Input) -> Iterator[Part]:
    """Yield the images in an NPZ file that holds nothing else."""
    with listing.in_zip(packed) as files:
        (array,) = _arrays(files)
        yield from arrays.read_images(array, None)


def _arrays(files: Files) -> list[Array]:
    """Return what is known of the arrays of an NPZ file."""
    return [numpy_file.array_in(name.removesuffix(".npy"), it) for name, it in files.items()]


_INSIDE: dict[str, Reader] = {
    "text": _in_csv,
    "parquet": _in_parquet,
    "npy": _in_npy,
    "idx": idx_folder.read_images,
}
_READERS = {**_INSIDE, "zip": _in_zip}
