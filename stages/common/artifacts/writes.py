"""How far the writing of a group of rows is, by the writes that pyarrow makes: it tells nothing."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

import pyarrow as pa
from tqdm import tqdm
from tqdm.utils import CallbackIOWrapper

from stages.common.progress import bar

_PAGE_ROWS = 20_000  # of a column, as pyarrow cuts it
_WRITES = 2  # of a page: its head and its content


class Writes:
    """Shows how much of each group is in a file, where that takes longer than a moment."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        """Take the file, and what its bars are called; pyarrow is to write to `file`."""
        self.file = cast("IO[bytes]", CallbackIOWrapper(self._wrote, file, "write"))
        self._name, self._share = name, 0.0
        self._bar: tqdm[Any] | None = None

    @contextmanager
    def of(self, group: pa.Table) -> Iterator[None]:
        """Show the writes of the block, in which a group goes to `file`."""
        pages = 1 + math.ceil(group.num_rows / _PAGE_ROWS)  # with that of the dictionary
        self._share = group.num_rows / (pages * _WRITES * group.num_columns)
        with bar(self._name, group.num_rows) as self._bar:
            yield
        self._bar = None

    def _wrote(self, _: Any) -> None:
        """Take note of a write."""
        if self._bar is not None:
            left = (self._bar.total or 0) - self._bar.n  # their number is a guess
            self._bar.update(min(self._share, left))
