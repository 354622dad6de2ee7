"""Read digits from a folder with the four official MNIST files, gzipped or not.

Format: the IDX file format of http://yann.lecun.com/exdb/mnist/: a big-endian magic number
(two zero bytes, 8 for unsigned bytes, the number of dimensions), the size of each dimension,
and the values.
"""

import gzip
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources.columns import HIGHEST_LABEL, LABEL, Labelled

PARTS = ("train", "t10k")
IMAGES = "images-idx3-ubyte"
LABELS = "labels-idx1-ubyte"
_IMAGE_SHAPE = (28, 28)


def read(folder: Path) -> Labelled:
    """Return the digits of the train files and, after them, those of the t10k files.

    Raises DigitsError with the file, the value found and what was expected.
    """
    parts = [_read_part(folder, part) for part in PARTS]
    return Labelled(
        label=np.concatenate([part.label for part in parts]),
        pixels=np.concatenate([part.pixels for part in parts]),
    )


def _read_part(folder: Path, part: str) -> Labelled:
    """Return the digits of one pair of files."""
    images_path, labels_path = _find(folder, f"{part}-{IMAGES}"), _find(folder, f"{part}-{LABELS}")
    images, labels = _read_idx(images_path, 3), _read_idx(labels_path, 1)
    if images.shape[1:] != _IMAGE_SHAPE:
        raise DigitsError(f"{images_path}: its images are {images.shape[1:]}; expected (28, 28)")
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
    """Return the path of a file or of its gzipped form."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise DigitsError(
        f"{folder} has no file {name} or {name}.gz; expected a folder with the four MNIST files"
    )


def _read_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """Return the array in an IDX file of unsigned bytes with so many dimensions."""
    content = _unpacked(path)
    magic = bytes([0, 0, 8, dimensions])
    if content[:4] != magic:
        raise DigitsError(
            f"{path}: its magic number is {content[:4].hex() or 'missing'}; expected {magic.hex()}"
        )
    start = 4 + 4 * dimensions
    if len(content) < start:
        raise DigitsError(f"{path}: cut short in its header of {start} bytes")
    shape = tuple(int(size) for size in np.frombuffer(content[4:start], ">u4"))
    stated, found = int(np.prod(shape, dtype=object)), len(content) - start
    if stated != found:
        raise DigitsError(
            f"{path}: its header says {' x '.join(map(str, shape))} = {stated} bytes, "
            f"but {found} follow"
        )
    if not shape[0]:
        raise DigitsError(f"{path}: it holds no image or label")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _unpacked(path: Path) -> bytes:
    """Return the content of a file, unpacked if its name ends in .gz."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DigitsError(f"cannot read {path}: {error}") from error
