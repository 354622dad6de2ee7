"""Large arrays: in memory while they are few, then in a file that is mapped.

Pages of such a file are the system's: it keeps them in memory while there is some to spare, and
takes them back to the disk when there is not.
"""

import math
import mmap
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.common.pieces import spans
from stages.common.scratch import refuse_no_room, reserve, scratch_file

CACHE_LINE = 64  # bytes, as long as that of any processor
_MOST, _LEAST = 256 << 20, 16 << 20  # bytes that the file grows by: few mappings, little unused


class Arrays:
    """Gives arrays for as long as a block runs: in memory, to `held` bytes together.

    The file has no name, so that nothing is left of it, whatever ends this process. Processes that
    are copied from this one share it.
    """

    def __init__(self, beside: Path, held: int) -> None:
        """Let the file lie on the disk of a path, which its errors name."""
        self._beside, self._left, self._expected = beside, held, 0
        self._file: IO[bytes] | None = None
        self._rest = np.empty(0, np.uint8)  # of the file, mapped and not yet given
        self._lock, self._open = Lock(), ExitStack()

    def __enter__(self) -> Self:
        """Begin without a file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; arrays that are still in use stay."""
        self._rest = np.empty(0, np.uint8)
        self._open.close()

    def expect(self, size: int) -> None:
        """Hear that arrays of about so many bytes more will be asked for.

        Raises DigitsError where neither memory nor the disk has room for them.
        """
        with self._lock:
            self._expected = max(0, size - self._left)
            refuse_no_room(self._beside, self._expected)

    def empty(self, shape: Sequence[int], numbers: npt.DTypeLike) -> npt.NDArray[Any]:
        """Return an array of any values; raises DigitsError where the disk has no room for it."""
        size = math.prod(shape) * np.dtype(numbers).itemsize
        with self._lock:
            if size <= self._left:
                self._left -= size
                return np.empty(shape, numbers)
            return self._of_file(size).view(numbers).reshape(shape)

    def soon(self, array: npt.NDArray[Any]) -> None:
        """Have the system begin to read an array, if it is in the file and not in memory."""
        whole = array
        while isinstance(whole.base, np.ndarray):
            whole = whole.base
        if isinstance(whole.base, mmap.mmap):
            start = array.ctypes.data - whole.ctypes.data
            before = start % mmap.PAGESIZE
            whole.base.madvise(mmap.MADV_WILLNEED, start - before, array.nbytes + before)

    def _of_file(self, size: int) -> npt.NDArray[np.uint8]:
        """Return so many bytes of the file."""
        taken = -(-size // CACHE_LINE) * CACHE_LINE
        if taken > len(self._rest):
            self._rest = self._more(max(taken, _LEAST, min(_MOST, self._expected)))
            self._expected = max(0, self._expected - len(self._rest))
        given, self._rest = self._rest[:size], self._rest[taken:]
        return given

    def _more(self, size: int) -> npt.NDArray[np.uint8]:
        """Let the file grow by so many bytes at least, and return them, mapped."""
        size = -(-size // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
        refuse_no_room(self._beside, size)
        try:
            if self._file is None:
                self._file = self._open.enter_context(scratch_file(self._beside))
            start = self._file.seek(0, os.SEEK_END)
            # All of it now: of a disk that is full, a mapped file could only die.
            if not reserve(self._file, start, size):
                for part in spans(size, 1 << 20):
                    self._file.write(bytes(part.stop - part.start))
                self._file.flush()
            mapping = mmap.mmap(self._file.fileno(), size, offset=start)
            return np.ndarray((size,), np.uint8, mapping)
        except OSError as error:
            raise DigitsError(
                f"cannot write {self._beside}: {error.strerror or error}: it needs {size:,} bytes "
                f"beside it"
            ) from error
