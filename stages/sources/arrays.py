"""Arrays of images and of labels, whatever file they stand in: which belong together, and rows."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.digits import PIXELS
from stages.common.errors import DigitsError
from stages.common.pieces import spans
from stages.sources import columns, names, scale, table
from stages.sources.columns import HIGHEST_LABEL, HIGHEST_PIXEL, Bytes, Fault, Part, told
from stages.sources.names import plain
from stages.sources.splits import in_order, split_of, without_split
from stages.sources.unpacked import Input, read_exactly, reading, seekable

_LABELS = ((), (1,), (10,))
_QMNIST_LABELS = (8,)  # eight facts of each image, the first of them its digit
_ROWS = 2048  # read at once, if they are no more bytes than ...
_BYTES = 16 << 20

Numbers = npt.NDArray[Any]


class Array(NamedTuple):
    """An array in a file: what it is called there and in messages, and where its values start.

    by_column: whether the first index runs fastest, as in Fortran.
    """

    key: str
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    source: Input
    offset: int
    by_column: bool = False

    @property
    def size(self) -> int:
        """How many bytes its values take."""
        return int(np.prod(self.shape, dtype=object)) * self.dtype.itemsize


class Pair(NamedTuple):
    """An array of images and that of their labels."""

    images: Array
    labels: Array


def read(name: str, arrays: Sequence[Array], highest: float | None) -> Iterator[Part]:
    """Yield the digits of arrays, train before test, each array of images with its labels.

    Raises DigitsError, naming `name` and the array, where they do not pair up, or hold
    anything but digits.
    """
    pairs, notes = paired(name, arrays)
    yield told(notes, sum(pair.images.shape[0] for pair in pairs))
    for pair in pairs:
        yield from _read_pair(pair, highest)


def images_alone(arrays: Sequence[Array]) -> Array | None:
    """Return the one array of images among some, or None where there is another array too."""
    if len(arrays) != 1 or arrays[0].shape[1:] not in columns.IMAGE_SHAPES:
        return None
    return arrays[0]


def read_images(array: Array, highest: float | None) -> Iterator[Part]:
    """Yield the images in an array, labelled 0; raises DigitsError as `read`."""
    _refuse_kind(array)
    start = 0
    for rows in _blocks(array):
        no_labels = np.zeros(len(rows), np.uint8)
        yield table.part(no_labels, _pixels(rows, highest), _row_in(array, start))
        start += len(rows)


def paired(name: str, arrays: Sequence[Array]) -> tuple[list[Pair], list[str]]:
    """Return which arrays belong together, train first, and what is to be said of the others."""
    for array in arrays:
        _refuse_kind(array)
    images = [array for array in arrays if array.shape[1:] in columns.IMAGE_SHAPES]
    if not images:
        raise DigitsError(
            f"{name}: no array in it holds images: {_shapes(arrays)}; "
            f"expected n x 28 x 28 or n x 784"
        )
    splits = {split_of(array.key) for array in images}
    pairs = _by_length(arrays, images) or [
        _pair(name, [array for array in arrays if split_of(array.key) == split], images)
        for split in sorted(splits, key=in_order)
    ]
    used = {array.key for pair in pairs for array in pair}
    said = ", then ".join(f"{pair.images.key!r} with {pair.labels.key!r}" for pair in pairs)
    left = [array.key for array in arrays if array.key not in used]
    notes = [f"images and labels are read from {said}"]
    return pairs, [*notes, *([f"{names.listed(left)} left out"] if left else [])]


def _by_length(arrays: Sequence[Array], images: Sequence[Array]) -> list[Pair]:
    """Return pairs of arrays without names, as np.savez makes them, if their lengths tell.

    In the order of the images; none where one array of images is there, or two are as long.
    """
    labels = {array.shape[0]: array for array in arrays if _may_be_labels(array)}
    lengths = [array.shape[0] for array in images]
    nameless = all(re.fullmatch(r"arr_[0-9]+", array.key) for array in arrays)
    if not nameless or len(set(lengths)) < len(images) or 2 * len(images) != len(arrays):
        return []
    told = len(images) > 1 and set(labels) == set(lengths)
    return [Pair(array, labels[array.shape[0]]) for array in images] if told else []


def _pair(name: str, arrays: Sequence[Array], images: Sequence[Array]) -> Pair:
    """Return the one array of images among some, and that of its labels."""
    pictures = [array for array in arrays if array in images]
    numbers = [array for array in arrays if _may_be_labels(array)]
    labels = [array for array in numbers if _says_labels(array.key)] or numbers
    if len(pictures) > 1 or len(labels) > 1:
        several = pictures if len(pictures) > 1 else labels
        raise DigitsError(
            f"{name}: {'images' if several is pictures else 'labels'} could be read from "
            f"{_shapes(several)}; expected one of them"
        )
    if not labels:
        raise DigitsError(
            f"{name}: no labels beside {_shapes(pictures)}; expected an array of as many labels "
            f"too, such as y beside x, in one file or folder"
        )
    pair = Pair(pictures[0], labels[0])
    if pair.images.shape[0] != pair.labels.shape[0]:
        raise DigitsError(
            f"{pair.labels.name} holds {pair.labels.shape[0]} labels, but {pair.images.name} "
            f"{pair.images.shape[0]} images"
        )
    return pair


def _may_be_labels(array: Array) -> bool:
    """Tell whether an array has the shape of labels."""
    wide = array.shape[1:] == _QMNIST_LABELS and _says_labels(array.key)
    return len(array.shape) > 0 and (array.shape[1:] in _LABELS or wide)


def _says_labels(key: str) -> bool:
    """Tell whether an array's name says that it holds labels."""
    words = re.split(r"[^a-z]+", without_split(key).casefold())
    return any(names.is_label(word) for word in [*words, plain(without_split(key))])


def _shapes(arrays: Sequence[Array]) -> str:
    """Return the names and shapes of a few arrays."""
    shown = [f"{array.key[:40]!r} ({' x '.join(map(str, array.shape))})" for array in arrays[:4]]
    return ", ".join(shown or ["nothing"]) + (" and more" if len(arrays) > 4 else "")


def _refuse_kind(array: Array) -> None:
    """Raise DigitsError for an array of anything but numbers or texts, or a huge one."""
    if array.dtype.kind == "O":
        raise DigitsError(
            f"{array.name} holds Python objects, pickled, which are never read; expected numbers"
        )
    if array.dtype.kind not in "biufUS" or array.dtype.itemsize > 8 * 40:
        raise DigitsError(f"{array.name} is of type {str(array.dtype)[:40]}; expected numbers")


def _read_pair(pair: Pair, highest: float | None) -> Iterator[Part]:
    """Yield the digits of images and their labels, some rows at a time."""
    labels = _read_labels(pair.labels)
    start = 0
    for rows in _blocks(pair.images):
        block = labels[start : start + len(rows)]
        yield table.part(block, _pixels(rows, highest), _row_in(pair.images, start))
        start += len(rows)


def _row_in(array: Array, above: int) -> Any:
    """Return what says where a row stands that follows others."""
    return lambda row: f"{array.name}: row {above + row + 1}"


def _read_labels(array: Array) -> Bytes:
    """Return the labels in an array as (n,) uint8; raises DigitsError for one that is none."""
    found = [np.empty(0, np.uint8)]
    above = 0
    for rows in _blocks(array):
        found.append(_labels(array, above, rows))
        above += len(rows)
    return np.concatenate(found)


def _labels(array: Array, above: int, values: Numbers) -> Bytes:
    """Return some labels, which follow `above` others, as `_read_labels` does."""
    if array.shape[1:] == _QMNIST_LABELS:
        values = values[:, :1]
    if values.dtype.kind in "US":
        texts = [cell.decode("ascii", "replace") if isinstance(cell, bytes) else str(cell)
                 for cell in values.ravel().tolist()]  # fmt: skip
        numbers = [float(text) if columns.is_number(text) else np.nan for text in texts]
        values = np.array(numbers).reshape(values.shape)
    if values.shape[1] == 10:
        return _from_one_hot(array, above, values)
    label = values[:, 0].astype(np.float64)
    wrong = ~((label >= 0) & (label <= HIGHEST_LABEL) & (label == np.floor(label)))
    if wrong.any():
        row = int(wrong.argmax())
        raise DigitsError(
            f"{_row_in(array, above)(row)}, column {columns.LABEL}: {values[row, 0]}; "
            f"expected {columns.LABELS_HOLD}"
        )
    return label.astype(np.uint8)


def _from_one_hot(array: Array, above: int, values: Numbers) -> Bytes:
    """Return the labels in one-hot rows (n, 10); raises DigitsError for a row that is not."""
    wrong = ((values != 0) & (values != 1)).any(axis=1) | (np.count_nonzero(values, axis=1) != 1)
    if wrong.any():
        row = int(wrong.argmax())
        raise DigitsError(
            f"{_row_in(array, above)(row)}: {values[row].tolist()}; "
            f"expected one-hot: a 1 and nine 0"
        )
    label: Bytes = values.argmax(axis=1).astype(np.uint8)
    return label


def _pixels(rows: Numbers, highest: float | None) -> table.Pixels | Fault:
    """Return the pixels of some images (n, 784) of any type of number."""
    if rows.dtype.kind in "US":
        return Fault(0, PIXELS[0], repr(rows[0, 0])[:40], "numbers")
    if rows.dtype.kind != "f" and rows.min() >= 0 and rows.max() <= HIGHEST_PIXEL:
        quick = scale.whole(rows.astype(np.uint8), highest)
        if quick is not None:
            return table.Pixels(quick, None)
    values = rows.astype(np.float64)
    return table.of_numbers(values, highest, PIXELS, lambda row, place: str(rows[row, place]))


def _blocks(array: Array) -> Iterator[Numbers]:
    """Yield an array (n, …) as (some rows, the rest), in the machine's byte order."""
    if array.by_column and len(array.shape) > 1:
        yield from _blocks_by_column(array)
        return
    wide = array.size // max(array.shape[0], 1)
    with reading(array.name), array.source.open() as file:
        read_exactly(file, array.offset)
        for span in spans(array.shape[0], max(1, min(_ROWS, _BYTES // max(wide, 1)))):
            content = read_exactly(file, (span.stop - span.start) * wide)
            if len(content) < (span.stop - span.start) * wide:
                _refuse_length(array, span.start * wide + len(content))
            yield _native(np.frombuffer(content, array.dtype).reshape(-1, *array.shape[1:]))
        if file.read(1):
            _refuse_length(array, array.size + 1)


def _blocks_by_column(array: Array) -> Iterator[Numbers]:
    """Yield what _blocks does of an array that stands column by column, as pandas has them."""
    rows, rest, item = array.shape[0], array.shape[1:], array.dtype.itemsize
    with seekable(array.source) as file:
        _refuse_length(array, file.seek(0, 2) - array.offset)
        for span in spans(rows, _ROWS):
            size, parts = span.stop - span.start, []
            for column in range(array.size // (rows * item)):
                file.seek(array.offset + (column * rows + span.start) * item)
                parts.append(np.frombuffer(read_exactly(file, size * item), array.dtype))
            yield _native(np.stack(parts).reshape(*rest[::-1], size).transpose())


def _native(rows: Numbers) -> Numbers:
    """Return rows as a matrix in the machine's byte order."""
    return rows.reshape(len(rows), -1).astype(rows.dtype.newbyteorder("="), copy=False)


def _refuse_length(array: Array, found: int) -> None:
    """Raise DigitsError where not as many bytes follow as a header says."""
    if found != array.size:
        shape = " x ".join(map(str, array.shape))
        many = f"at least {found}" if found > array.size else str(found)
        raise DigitsError(
            f"{array.name}: its header says {shape} = {array.size} bytes, but {many} follow"
        )
