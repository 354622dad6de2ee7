"""Read digits from a folder with the four official MNIST files, gzipped or not.

Format: the IDX file format of http://yann.lecun.com/exdb/mnist/: a big-endian magic number
(two zero bytes, 8 for unsigned bytes, the number of dimensions), the size of each dimension,
and the values.
"""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_LABEL, LABEL, Labelled, joined
from stages.sources.unpacked import pieces, refuse_too_many

PARTS = ("train", "t10k")
IMAGES = "images-idx3-ubyte"
LABELS = "labels-idx1-ubyte"
_IMAGE_SHAPE = (28, 28)


def read(folder: Path) -> Labelled:
    """Return the digits of the train files and, after them, those of the t10k files.

    Raises DigitsError with the file, the value found and what was expected.
    """
    return joined([_read_part(folder, part) for part in PARTS])


def _read_part(folder: Path, part: str) -> Labelled:
    """Return the digits of one pair of files."""
    images_path, labels_path = _find(folder, f"{part}-{IMAGES}"), _find(folder, f"{part}-{LABELS}")
    images, labels = _read_idx(images_path, 3), _read_idx(labels_path, 1)
    if len(images) != len(labels):
        raise DigitsError(
            f"{labels_path} holds {len(labels)} labels, but {images_path} {len(images)} images"
        )
    wrong = labels > HIGHEST_LABEL
    if wrong.any():
        row = int(wrong.argmax())
        raise DigitsError(
            f"{labels_path}: row {row + 1}, column {LABEL}: {labels[row]}; "
            f"expected a whole number from 0 to {HIGHEST_LABEL}"
        )
    return Labelled(labels, images.reshape(len(images), -1))


def _find(folder: Path, name: str) -> Path:
    """Return the path of a file or of its gzipped form; the file itself where both are there."""
    found = [path for path in (folder / name, folder / f"{name}.gz") if path.is_file()]
    if not found:
        raise DigitsError(
            f"{folder} has no file {name} or {name}.gz; expected a folder with the four MNIST files"
        )
    for other in found[1:]:
        print(f"note: {other} is left out, for {found[0].name} is there as well", file=sys.stderr)
    return found[0]


def _read_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """Return the array in an IDX file of unsigned bytes with so many dimensions."""
    start = 4 + 4 * dimensions
    content = bytearray()
    for piece in pieces(path):
        content += piece
        if len(content) >= start:
            # Of a bomb, no more is unpacked than its header promises and a piece.
            _refuse_header(path, content[:start], len(content) - start)
    _refuse_header(path, content[:start], 0)
    shape = _shape(content[:start])
    stated, found = _size(shape), len(content) - start
    if stated != found:
        raise DigitsError(f"{path}: its header says {_product(shape)} bytes, but {found} follow")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _refuse_header(path: Path, header: bytearray, follow: int) -> None:
    """Raise DigitsError for a header that is wrong, or followed by more than it says."""
    dimensions = 1 if LABELS in path.name else 3
    magic = bytes([0, 0, 8, dimensions])
    if header[:4] != magic:
        found = header[:4].hex() or "missing"
        raise DigitsError(f"{path}: its magic number is {found}; expected {magic.hex()}")
    if len(header) < 4 + 4 * dimensions:
        raise DigitsError(f"{path}: it ends within its header of {4 + 4 * dimensions} bytes")
    shape = _shape(header)
    if not shape[0]:
        raise DigitsError(f"{path}: it holds no image or label; expected digits")
    if shape[1:] not in ((), _IMAGE_SHAPE):
        size = " x ".join(map(str, shape[1:]))
        raise DigitsError(f"{path}: its images are of {size} pixels; expected 28 x 28")
    refuse_too_many(path, shape[0])
    if follow > _size(shape):
        raise DigitsError(
            f"{path}: its header says {_product(shape)} bytes, but at least {follow} follow"
        )


def _shape(header: bytearray) -> tuple[int, ...]:
    """Return the size of each dimension."""
    return tuple(np.frombuffer(header, ">u4")[1:].tolist())


def _size(shape: tuple[int, ...]) -> int:
    """Return how many bytes an array of this shape has."""
    return int(np.prod(shape, dtype=object))


def _product(shape: tuple[int, ...]) -> str:
    """Return the shape and the size as text."""
    return f"{' x '.join(map(str, shape))} = {_size(shape)}"
