"""Read digits from the official MNIST files, by any of their names in use, packed or not.

Format: the IDX file format of http://yann.lecun.com/exdb/mnist/: a big-endian magic number
(two zero bytes, 8 for unsigned bytes, the number of dimensions), the size of each dimension,
and the values. QMNIST's labels are eight 32-bit numbers for each image, the first its digit.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_LABEL, LABEL, Labelled, Part, Reading, joined
from stages.sources.listing import files_in
from stages.sources.splits import in_order, split_of, without_split
from stages.sources.unpacked import Input, bare_name, head, pieces, refuse_too_many, unpacked

PARTS = ("train", "t10k")
IMAGES = "images-idx3-ubyte"
LABELS = "labels-idx1-ubyte"
_IMAGE_SHAPE = (28, 28)
_QMNIST_FACTS = 8
_ROLES = ("image", "label")

# Of each part, its name and the files of each role.
Parts = dict[str, dict[str, list[Input]]]


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
        base = bare_name(Path(name).name).casefold()
        role = next((role for role in _ROLES if role in base), None)
        if role is None:
            continue
        key = re.sub(r"(image|label)s?|[-._ ]?idx[0-9]?([-._ ]?(ubyte|int))?", "", base).strip(
            "-._ "
        )
        parts.setdefault(key, {}).setdefault(role, []).append(file)
    if not parts:
        raise _missing(where, f"{PARTS[0]}-{IMAGES}")
    sets = {re.sub(r"[^a-z0-9]", "", without_split(key)) for key in parts}
    if len(sets) > 1 or len({split_of(key) for key in parts}) < len(parts):
        names = ", ".join(repr(key) for key in sorted(parts)[:6])
        raise DigitsError(f"{where} holds several sets of IDX files: {names}; expected one of them")
    notes = [f"only {next(iter(parts))} files are there"] if len(parts) == 1 else []
    for roles in parts.values():
        for role, several in roles.items():
            several.sort(key=lambda file: (not file.seekable, bare_name(file.name) != file.name))
            notes += [
                f"{other.name} is left out, for {Path(several[0].name).name} is there as well"
                for other in several[1:]
            ]
            roles[role] = several[:1]
    return parts, notes


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
    images, labels = _read_idx(images_file, 3), _read_idx(labels_file, 1)
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
    return Part(labels.astype(np.uint8), images.reshape(len(images), -1))


def _read_idx(packed: Input, dimensions: int) -> npt.NDArray[np.uint8]:
    """Return the array in an IDX file of images, or of labels, of one dimension."""
    source = unpacked(packed)
    qmnist = dimensions == 1 and head(source, 4) == b"\0\0\x0c\2"
    start = 4 + 4 * (2 if qmnist else dimensions)
    content = bytearray()
    for piece in pieces(source):
        content += piece
        if len(content) >= start:
            # Of a bomb, no more is unpacked than its header promises and a piece.
            _refuse_header(source.name, content[:start], len(content) - start, dimensions, qmnist)
    _refuse_header(source.name, content[:start], 0, dimensions, qmnist)
    shape, width = _shape(content[:start]), 4 if qmnist else 1
    stated, found = _size(shape) * width, len(content) - start
    if stated != found:
        raise DigitsError(
            f"{source.name}: its header says {_product(shape)} bytes, but {found} follow"
        )
    values = np.frombuffer(content, ">i4" if qmnist else np.uint8, offset=start).reshape(shape)
    return values[:, 0] if qmnist else values


def _refuse_header(
    name: str, header: bytearray, follow: int, dimensions: int, qmnist: bool
) -> None:
    """Raise DigitsError for a header that is wrong, or followed by more than it says."""
    magic = bytes([0, 0, 12, 2]) if qmnist else bytes([0, 0, 8, dimensions])
    if header[:4] != magic:
        found = header[:4].hex() or "missing"
        raise DigitsError(f"{name}: its magic number is {found}; expected {magic.hex()}")
    if len(header) < 4 + 4 * magic[3]:
        raise DigitsError(f"{name}: it ends within its header of {4 + 4 * magic[3]} bytes")
    shape = _shape(header)
    if not shape[0]:
        raise DigitsError(f"{name}: it holds no image or label; expected digits")
    expected = (_QMNIST_FACTS,) if qmnist else ((), (), (), _IMAGE_SHAPE)[dimensions]
    if shape[1:] != expected:
        size = " x ".join(map(str, shape[1:]))
        what = "labels are of 8 facts" if qmnist else "images are of 28 x 28"
        raise DigitsError(
            f"{name}: its {what.split()[0]} are of {size} {'facts' if qmnist else 'pixels'}; "
            f"expected {'8' if qmnist else '28 x 28'}"
        )
    refuse_too_many(name, shape[0])
    if follow > _size(shape) * (4 if qmnist else 1):
        raise DigitsError(
            f"{name}: its header says {_product(shape)} bytes, but at least {follow} follow"
        )


def _shape(header: bytearray) -> tuple[int, ...]:
    """Return the size of each dimension."""
    return tuple(np.frombuffer(header, ">u4")[1:].tolist())


def _size(shape: tuple[int, ...]) -> int:
    """Return how many values an array of this shape has."""
    return int(np.prod(shape, dtype=object))


def _product(shape: tuple[int, ...]) -> str:
    """Return the shape and the size as text."""
    return f"{' x '.join(map(str, shape))} = {_size(shape)}"
