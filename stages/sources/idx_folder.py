"""Read digits from the official MNIST files, by any of their names in use, packed or not.

Format: the IDX file format of http://yann.lecun.com/exdb/mnist/: a big-endian magic number
(two zero bytes, 8 for unsigned bytes, the number of dimensions), the size of each dimension,
and the values. QMNIST's labels are eight 32-bit numbers for each image, the first its digit.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_LABEL, LABEL, Bytes, Labelled, Part, Reading, joined
from stages.sources.listing import files_in
from stages.sources.splits import in_order, split_of, without_split
from stages.sources.unpacked import Input, bare_name, head, pieces, refuse_too_many, unpacked

_ROLES = ("image", "label")
_MARKS = "-._ "
_NUMBERED = re.compile(r" ?\([0-9]+\)")  # as a browser names what it downloads again

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
    return joined(read_files(str(folder), wanted).parts)


def is_named(name: str) -> bool:
    """Tell whether a file's name is one of those in use for IDX files of images or labels."""
    return re.search(r"(image|label).*idx", name.casefold()) is not None


def is_idx(start: bytes) -> bool:
    """Tell whether a file's first bytes are those of IDX bytes, or of QMNIST's labels."""
    return start[:3] in (b"\0\0\x08", b"\0\0\x0c") and start[3:4] in (b"\1", b"\2", b"\3")


def read_files(where: str, files: Mapping[str, Input]) -> Reading:
    """Return the digits of IDX files, train first, and what else there is to say of them."""
    parts, notes = _parts(where, files)
    found = [_read_part(where, parts[key]) for key in sorted(parts, key=in_order)]
    return Reading(found, notes)


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


def _read_part(where: str, roles: Mapping[str, list[Input]]) -> Part:
    """Return the digits of one pair of files."""
    for role, other in (_ROLES, _ROLES[::-1]):
        if role not in roles:
            there = bare_name(re.split(r"[/:] ?", roles[other][0].name)[-1])
            swapped = there.replace(other, role).replace("idx2-int", "idx3-ubyte")
            idx = {"image": ("idx1", "idx3"), "label": ("idx3", "idx1")}[role]
            raise _missing(where, swapped.replace(*idx))
    (images_file,), (labels_file,) = roles["image"], roles["label"]
    images, labels = _read_idx(images_file, _IMAGES), _read_labels(labels_file)
    if len(images) != len(labels):
        raise DigitsError(
            f"{labels_file.name} holds {len(labels)} labels, but {images_file.name} "
            f"{len(images)} images"
        )
    wrong = (labels > HIGHEST_LABEL) | (labels < 0)
    if wrong.any():
        row = int(wrong.argmax())
        raise DigitsError(
            f"{labels_file.name}: row {row + 1}, column {LABEL}: {labels[row]}; "
            f"expected a whole number from 0 to {HIGHEST_LABEL}"
        )
    return Part(
        labels.astype(np.uint8), images.reshape(len(images), -1).astype(np.uint8, copy=False)
    )


def read_images(file: Input) -> Bytes:
    """Return the images (n, 784) in one file; raises DigitsError for another."""
    images = _read_idx(file, _IMAGES)
    return images.reshape(len(images), -1).astype(np.uint8, copy=False)


def _read_labels(file: Input) -> npt.NDArray[np.integer]:
    """Return the labels in a file, which may be QMNIST's."""
    if head(unpacked(file), 4) == _QMNIST_LABELS.magic:
        return _read_idx(file, _QMNIST_LABELS)[:, 0]
    return _read_idx(file, _LABELS)


def _read_idx(packed: Input, form: _Format) -> npt.NDArray[np.integer]:
    """Return the array in an IDX file."""
    source = unpacked(packed)
    content = bytearray()
    for piece in pieces(source):
        content += piece
        if len(content) >= form.header:
            # Of a bomb, no more is unpacked than its header promises and a piece.
            _refuse_header(source.name, content[: form.header], len(content) - form.header, form)
    _refuse_header(source.name, content[: form.header], 0, form)
    shape = _shape(content[: form.header])
    values = np.dtype(form.values)
    if (found := len(content) - form.header) != _size(shape) * values.itemsize:
        raise DigitsError(
            f"{source.name}: its header says {_product(shape, values)}, but {found} follow"
        )
    return np.frombuffer(content, values, offset=form.header).reshape(shape)


def _refuse_header(name: str, header: bytearray, follow: int, form: _Format) -> None:
    """Raise DigitsError for a header that is wrong, or followed by more than it says."""
    if header[:4] != form.magic:
        found = header[:4].hex() or "missing"
        raise DigitsError(f"{name}: its magic number is {found}; expected {form.magic.hex()}")
    if len(header) < form.header:
        raise DigitsError(f"{name}: it ends within its header of {form.header} bytes")
    shape, values = _shape(header), np.dtype(form.values)
    if not shape[0]:
        raise DigitsError(f"{name}: it holds no image or label; expected digits")
    if shape[1:] != form.sizes:
        found, wanted = (" x ".join(map(str, sizes)) for sizes in (shape[1:], form.sizes))
        raise DigitsError(f"{name}: its rows are of {found} values; expected {wanted}")
    refuse_too_many(name, shape[0])
    if follow > _size(shape) * values.itemsize:
        raise DigitsError(
            f"{name}: its header says {_product(shape, values)}, but at least {follow} follow"
        )


def _shape(header: bytearray) -> tuple[int, ...]:
    """Return the size of each dimension."""
    return tuple(np.frombuffer(header, ">u4")[1:].tolist())


def _size(shape: tuple[int, ...]) -> int:
    """Return how many values an array of this shape has."""
    return int(np.prod(shape, dtype=object))


def _product(shape: tuple[int, ...], values: np.dtype[Any]) -> str:
    """Return the shape and the size in bytes as text."""
    sizes = " x ".join(map(str, [*shape, *([values.itemsize] if values.itemsize > 1 else [])]))
    return f"{sizes} = {_size(shape) * values.itemsize} bytes"
