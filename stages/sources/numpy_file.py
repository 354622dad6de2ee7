"""The arrays in NumPy's files: one in an NPY file, several in an NPZ file; never a pickle."""

import io
import tokenize

import numpy as np
from numpy.lib import format as npy

from stages.common.errors import DigitsError
from stages.sources.arrays import Array
from stages.sources.unpacked import Input, head

MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 1 << 16
# What NumPy raises on a header that is none, beside a ValueError.
_UNREADABLE = (ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, RecursionError,
               MemoryError, UnicodeDecodeError, EOFError, tokenize.TokenError)  # fmt: skip


def array_in(key: str, source: Input) -> Array:
    """Return the array that an NPY file holds; raises DigitsError for a header that is none."""
    start = io.BytesIO(head(source, _LONGEST_HEADER))
    try:
        version = npy.read_magic(start)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, by_column, dtype = read(start)
    except _UNREADABLE as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise DigitsError(
            f"cannot read {source.name}: {reason}; expected an array as NumPy writes it"
        ) from error
    if any(size < 0 for size in shape) or not isinstance(dtype, np.dtype):
        raise DigitsError(f"cannot read {source.name}: its shape is {shape}")
    return Array(key, source.name, shape, dtype, source, start.tell(), by_column)
