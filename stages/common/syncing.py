"""Bring a large file to the disk while it is written."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import IO

_BYTES = 1 << 26  # that are worth a thread's look


class Syncing(AbstractContextManager["Syncing"]):
    """A thread that syncs what was written so far, so that little is left to wait for at the end.

    What the disk refused is raised as an OSError by `wrote`, or when the block ends.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Take the file that is written."""
        self._file, self._helper = file, ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._bytes = 0

    def wrote(self, count: int) -> None:
        """Take note of bytes that were written."""
        self._bytes += count
        if self._bytes >= _BYTES and (self._running is None or self._running.done()):
            self._end()
            self._running, self._bytes = self._helper.submit(os.fsync, self._file.fileno()), 0

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for the thread."""
        self._helper.shutdown()
        if kind is None:
            self._end()

    def _end(self) -> None:
        """Raise what a sync that ran has met: the system tells an error of the disk only once."""
        if self._running:
            self._running.result()
