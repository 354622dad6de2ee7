"""A column that holds a whole image in each cell: a list of pixels, or an encoded picture."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stages.sources import columns, decoding, names, scale, table
from stages.sources.columns import Bytes, Fault
from stages.sources.names import Layout

_PLACES = [f"pixel {place}" for place in range(784)]
_NAMES = ("image", "images", "img", "pixels", "pixelvalues", "features", "x", "data")


def layout(where: str, schema: pa.Schema) -> Layout | None:
    """Return the layout of a table with a column of images, or None where it has none.

    Raises DigitsError, naming `where`, where it has two of them, or no label.
    """
    if len(schema) >= len(_PLACES):  # a column a pixel
        return None
    images = [
        place
        for place, field in enumerate(schema)
        if _holds_images(field.type) and not names.is_label(field.name)
    ]
    usual = [place for place in images if names.plain(schema.names[place]) in _NAMES]
    if not images:
        return None
    if len(images) > 1 and len(usual) != 1:
        raise names.two_readings(where, schema.names, images, "images")
    (image,) = images if len(images) == 1 else usual
    others = [place for place in range(len(schema)) if place not in images]
    label = names.label_among(where, schema.names, others)
    left = [place for place in range(len(schema)) if place not in (image, label)]
    said = f"labels are read from {schema.names[label]!r}, images from {schema.names[image]!r}"
    return Layout(label, [image], [said, *names.left_out(schema.names, left)])


def _holds_images(cell_type: pa.DataType) -> bool:
    """Tell whether cells of a type can be images."""
    if pa.types.is_struct(cell_type):
        return any(field.name == "bytes" and _is_binary(field.type) for field in cell_type)
    return _is_list(cell_type) or _is_binary(cell_type)


def _is_list(cell_type: pa.DataType) -> bool:
    """Tell whether cells of a type are lists."""
    return bool(
        pa.types.is_list(cell_type)
        or pa.types.is_large_list(cell_type)
        or pa.types.is_fixed_size_list(cell_type)
    )


def _is_binary(cell_type: pa.DataType) -> bool:
    """Tell whether cells of a type are bytes."""
    return bool(
        pa.types.is_binary(cell_type)
        or pa.types.is_large_binary(cell_type)
        or pa.types.is_fixed_size_binary(cell_type)
        or pa.types.is_binary_view(cell_type)
    )


def pixels(name: str, column: pa.ChunkedArray, highest: float | None) -> table.Pixels | Fault:
    """Return the pixels of a column of images, or the first cell that is none."""
    cells = column.combine_chunks()
    if isinstance(cells, pa.ExtensionArray):
        cells = cells.storage
    if _is_list(cells.type):
        return _of_lists(name, cells, highest)
    decoded = _of_pictures(name, cells)
    if isinstance(decoded, Fault):
        return decoded
    found = scale.whole(decoded, highest)
    if found is not None:
        return table.Pixels(found, None)
    values = decoded.astype(np.float64)
    return table.of_numbers(values, highest, _PLACES, lambda row, place: str(decoded[row, place]))


def _of_lists(name: str, cells: pa.Array, highest: float | None) -> table.Pixels | Fault:
    """Return the pixels of lists of numbers, or of lists of lists."""
    flat = _flattened(name, cells)
    if isinstance(flat, Fault):
        return flat
    rows = len(cells)
    whole = columns.whole(flat, columns.HIGHEST_PIXEL)
    quick = None if whole is None else scale.whole(whole.reshape(rows, 784), highest)
    if quick is not None:
        return table.Pixels(quick, None)
    return table.of_numbers(
        columns.floats(flat).reshape(rows, 784),
        highest,
        [f"{name}, {place}" for place in _PLACES],
        lambda row, place: columns.shown(flat[784 * row + place].as_py()),
    )


def _flattened(name: str, cells: pa.Array) -> pa.ChunkedArray | Fault:
    """Return the numbers in lists of 784, row by row, or the first cell that is no such list."""
    shape: tuple[int, ...] = ()
    while _is_list(cells.type):
        lengths = pc.list_value_length(cells).fill_null(-1)
        first = lengths[0].as_py() if len(lengths) else 0
        unlike = cells.is_null() if cells.null_count else pc.not_equal(lengths, first)
        if pc.any(unlike).as_py():
            at = pc.index(unlike, True).as_py()
            row = at // max(1, int(np.prod(shape)))
            return Fault(row, name, _size_of(lengths[at].as_py()), _expected())
        cells, shape = cells.flatten(), (*shape, first)
    if shape not in columns.IMAGE_SHAPES:
        return Fault(0, name, " x ".join(map(str, shape)) + " numbers", _expected())
    if not columns.holds_numbers(cells.type):
        return Fault(0, name, f"a list of {str(cells.type)[:40]}", _expected())
    return columns.plain(pa.chunked_array([cells]))


def _size_of(length: int) -> str:
    """Say what a list is by its length, -1 where there is none."""
    return "an empty cell" if length < 0 else f"a list of {length}"


def _expected() -> str:
    """Say what a cell with an image holds."""
    return "784 pixels, or 28 x 28, in each cell alike"


def _of_pictures(name: str, cells: pa.Array) -> Bytes | Fault:
    """Return the pixels (n, 784) of encoded pictures, or the first cell that is none."""
    if pa.types.is_struct(cells.type):
        cells = pc.struct_field(cells, "bytes")
    found = np.empty((len(cells), 784), np.uint8)
    for row, cell in enumerate(cells):
        content = cell.as_py()
        if content is None:
            return Fault(row, name, "a cell without bytes", "an image within the file")
        try:
            found[row] = decoding.decode(content)
        except ValueError as error:
            return Fault(row, name, str(error), "a picture of 28 x 28, such as PNG or JPEG")
    return found
