"""Read digits from the official MNIST files, by any of their names in use, packed or not.

Format: the IDX file format of http://yann.lecun.com/exdb/mnist/: a big-endian magic number
(two zero bytes, 8 for unsigned bytes, the number of dimensions), the size of each dimension,
and the values. QMNIST's labels are eight 32-bit numbers for each image, the first its digit.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.common.pieces import MOST_ROWS, PIECE_ROWS, spans
from stages.sources.columns import (
    HIGHEST_LABEL,
    LABEL,
    LABELS_HOLD,
    Bytes,
    Labelled,
    Part,
    joined,
    told,
)
from stages.sources.listing import files_in
from stages.sources.splits import in_order, split_of, without_split
from stages.sources.unpacked import (
    PIECE,
    Input,
    bare_name,
    head,
    pieces,
    read_exactly,
    reading,
    unpacked,
)

_ROLES = ("image", "label")
_MARKS = "-._ "
_NUMBERED = re.compile(r" ?\([0-9]+\)")  # as a browser names what it downloads again

Numbers = npt.NDArray[np.integer]

# Of each part, its name and the files of each role.
Parts = dict[str, dict[str, list[Input]]]


class _Format(NamedTuple):
    """What a file begins with, the sizes of its dimensions but the first, and its values."""

    magic: bytes
    sizes: tuple[int, ...]
    values: str

    @property
    def header(self) -> int:
        """How many bytes come before the values."""
        return 4 + 4 * self.magic[3]


_IMAGES = _Format(b"\0\0\x08\3", (28, 28), "u1")
_LABELS = _Format(b"\0\0\x08\1", (), "u1")
_QMNIST_LABELS = _Format(b"\0\0\x0c\2", (8,), ">i4")


def read(folder: Path) -> Labelled:
    """Return the digits of the train files in a folder and, after them, those of the t10k files.

    Raises DigitsError with the file, the value found and what was expected.
    """
    files = files_in(folder)
    wanted = {name: file for name, file in files.items() if is_named(name)}
    return joined([*read_files(str(folder), wanted)])


def is_named(name: str) -> bool:
    """Tell whether a file's name is one of those in use for IDX files of images or labels."""
    return re.search(r"(image|label).*idx", name.casefold()) is not None


def is_idx(start: bytes) -> bool:
    """Tell whether a file's first bytes are those of IDX bytes, or of QMNIST's labels."""
    return start[:3] in (b"\0\0\x08", b"\0\0\x0c") and start[3:4] in (b"\1", b"\2", b"\3")


def read_files(where: str, files: Mapping[str, Input]) -> Iterator[Part]:
    """Yield the digits of IDX files, train first, and before them what else there is to say."""
    parts, notes = _parts(where, files)
    pairs = [_pair(where, parts[key]) for key in sorted(parts, key=in_order)]
    yield told(notes, sum(_rows_said(images, _IMAGES) for images, _ in pairs))
    for images, labels in pairs:
        yield from _read_pair(images, labels)


def _parts(where: str, files: Mapping[str, Input]) -> tuple[Parts, list[str]]:
    """Return the files of each part by their roles, and notes; raises DigitsError for two sets."""
    parts: Parts = {}
    for name, file in files.items():
        base = _NUMBERED.sub("", bare_name(Path(name).name).casefold())
        role = next((role for role in _ROLES if role in base), None)
        if role is not None:
            parts.setdefault(_part_of(name, base), {}).setdefault(role, []).append(file)
    if not parts:
        raise _missing(where, "train-images-idx3-ubyte")
    sets = {re.sub(r"[^a-z0-9]", "", without_split(key)) for key in parts}
    if len(sets) > 1 or len({split_of(key) for key in parts}) < len(parts):
        raise _several_sets(where, ", ".join(repr(key) for key in sorted(parts)[:6]))
    (first, *others) = parts
    notes = [] if others or not split_of(first) else [f"only {first} files are there"]
    return parts, [*notes, *_keep_one(where, parts)]


def _part_of(name: str, base: str) -> str:
    """Return which part of which set a file is of, by its name without what it holds."""
    part = re.sub(r"(image|label)s?|[-._ ]?idx[0-9]?([-._ ]?(ubyte|int))?", "", base).strip(_MARKS)
    # Where the file's own name does not tell it, its folder's may.
    return part if split_of(part) else f"{Path(name).parent.name.casefold()} {part}".strip()


def _keep_one(where: str, parts: Parts) -> list[str]:
    """Leave one file of each role in `parts`, a plain one if there is one; return the notes.

    Raises DigitsError where files of several names or folders are more than copies.
    """
    notes = []
    for roles in parts.values():
        for several in roles.values():
            several.sort(key=lambda file: (not file.seekable, bare_name(file.name) != file.name))
            apart = len({bare_name(file.name) for file in several}) > 1  # not only by packing
            if apart and len({_digest(file) for file in several}) > 1:
                names = ", ".join(repr(file.name) for file in several[:4])
                raise _several_sets(where, f"{names} differ")
            kept = Path(several[0].name).name
            notes += [f"{it.name} is left out, for {kept} is there as well" for it in several[1:]]
            del several[1:]
    return notes


def _digest(packed: Input) -> bytes:
    """Return what tells files apart that differ once unpacked."""
    digest = hashlib.sha256()
    for piece in pieces(unpacked(packed)):
        digest.update(piece)
    return digest.digest()


def _several_sets(where: str, which: str) -> DigitsError:
    """Return the error for files of more than one data set."""
    return DigitsError(f"{where} holds several sets of IDX files: {which}; expected one of them")


def _missing(where: str, name: str) -> DigitsError:
    """Return the error for a file that is not there."""
    return DigitsError(
        f"{where} has no file {name} or {name}.gz; expected a folder with the four MNIST files"
    )


def _pair(where: str, roles: Mapping[str, list[Input]]) -> tuple[Input, Input]:
    """Return the file of images and that of their labels."""
    for role, other in (_ROLES, _ROLES[::-1]):
        if role not in roles:
            there = bare_name(re.split(r"[/:] ?", roles[other][0].name)[-1])
            swapped = there.replace(other, role).replace("idx2-int", "idx3-ubyte")
            idx = {"image": ("idx1", "idx3"), "label": ("idx3", "idx1")}[role]
            raise _missing(where, swapped.replace(*idx))
    (images,), (labels,) = roles["image"], roles["label"]
    return images, labels


def _read_pair(images: Input, labels: Input) -> Iterator[Part]:
    """Yield the digits of one pair of files, some at a time."""
    form = _QMNIST_LABELS if head(unpacked(labels), 4) == _QMNIST_LABELS.magic else _LABELS
    counts = _rows_said(images, _IMAGES), _rows_said(labels, form)
    if counts[0] != counts[1]:
        for _ in chain(_blocks(images, _IMAGES), _blocks(labels, form)):
            pass  # a file that is not as its header says is told first
        raise DigitsError(
            f"{labels.name} holds {counts[1]} labels, but {images.name} {counts[0]} images"
        )
    row = 0
    for pixels, values in zip(_blocks(images, _IMAGES), _blocks(labels, form), strict=True):
        label = _labels(labels.name, row, values.reshape(len(values), -1)[:, 0])
        yield Part(label, pixels.reshape(len(label), -1).view(np.uint8))
        row += len(label)


def _labels(name: str, above: int, values: Numbers) -> Bytes:
    """Return labels that follow `above` others; raises DigitsError for one that is none."""
    wrong = (values > HIGHEST_LABEL) | (values < 0)
    if wrong.any():
        row = int(wrong.argmax())
        raise DigitsError(
            f"{name}: row {above + row + 1}, column {LABEL}: {values[row]}; expected {LABELS_HOLD}"
        )
    return values.astype(np.uint8)


def read_images(file: Input) -> Iterator[Part]:
    """Yield the images in one file, labelled 0; raises DigitsError for another."""
    for pixels in _blocks(file, _IMAGES):
        yield Part(np.zeros(len(pixels), np.uint8), pixels.reshape(len(pixels), -1).view(np.uint8))


def _rows_said(packed: Input, form: _Format) -> int:
    """Return how many rows a file's header announces; raises DigitsError for a wrong header."""
    source = unpacked(packed)
    header = head(source, form.header)
    _refuse_header(source.name, header, form)
    shape = _shape(header)
    if source.seekable:  # of another, only unpacking all of it tells
        with reading(source.name), source.open() as file:
            found = file.seek(0, 2) - form.header
        _refuse_length(source.name, shape, np.dtype(form.values), found, shape[0])
    return shape[0]


def _blocks(packed: Input, form: _Format) -> Iterator[Numbers]:
    """Yield the array in an IDX file, PIECE_ROWS at a time, and of a bomb no more than it says."""
    source, values = unpacked(packed), np.dtype(form.values)
    with reading(source.name), source.open() as file:
        header = file.read(form.header)
        _refuse_header(source.name, header, form)
        shape = _shape(header)
        wide = _size(shape[1:]) * values.itemsize
        for span in spans(shape[0], PIECE_ROWS):
            content = read_exactly(file, (span.stop - span.start) * wide)
            _refuse_length(source.name, shape, values, span.start * wide + len(content), span.stop)
            yield np.frombuffer(content, values).reshape(-1, *shape[1:])
        if more := file.read(PIECE):
            _refuse_length(source.name, shape, values, shape[0] * wide + len(more), shape[0])


def _refuse_length(
    name: str, shape: tuple[int, ...], values: np.dtype[Any], found: int, rows: int
) -> None:
    """Raise DigitsError where other bytes follow a header than so many of its rows have."""
    size = _size(shape) * values.itemsize
    if found != size // shape[0] * rows:
        many = f"at least {found}" if found > size else str(found)
        raise DigitsError(f"{name}: its header says {_product(shape, values)}, but {many} follow")


def _refuse_header(name: str, header: bytes, form: _Format) -> None:
    """Raise DigitsError for a header that is wrong."""
    if header[:4] != form.magic:
        found = header[:4].hex() or "missing"
        raise DigitsError(f"{name}: its magic number is {found}; expected {form.magic.hex()}")
    if len(header) < form.header:
        raise DigitsError(f"{name}: it ends within its header of {form.header} bytes")
    shape = _shape(header)
    if not shape[0]:
        raise DigitsError(f"{name}: it holds no image or label; expected digits")
    if shape[0] > MOST_ROWS:
        raise DigitsError(f"{name}: it holds {shape[0]:,} rows; expected at most {MOST_ROWS:,}")
    if shape[1:] != form.sizes:
        found, wanted = (" x ".join(map(str, sizes)) for sizes in (shape[1:], form.sizes))
        raise DigitsError(f"{name}: its rows are of {found} values; expected {wanted}")


def _shape(header: bytes) -> tuple[int, ...]:
    """Return the size of each dimension."""
    return tuple(np.frombuffer(header, ">u4")[1:].tolist())


def _size(shape: tuple[int, ...]) -> int:
    """Return how many values an array of this shape has."""
    return int(np.prod(shape, dtype=object))


def _product(shape: tuple[int, ...], values: np.dtype[Any]) -> str:
    """Return the shape and the size in bytes as text."""
    sizes = " x ".join(map(str, [*shape, *([values.itemsize] if values.itemsize > 1 else [])]))
    return f"{sizes} = {_size(shape) * values.itemsize} bytes"
