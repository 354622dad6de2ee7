"""How many threads train."""

import os

from stages.common.errors import DigitsError


def thread_count() -> int:
    """Return how many threads train: DIGITS_THREADS, or the cores that this process may use."""
    wanted = os.environ.get("DIGITS_THREADS", "")
    if not wanted:
        affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    digits = wanted.isascii() and wanted.isdecimal() and len(wanted) <= 4
    if not (digits and 1 <= int(wanted) <= 1024):
        raise DigitsError(f"DIGITS_THREADS is {wanted!r}; expected a whole number from 1 to 1024")
    return int(wanted)
