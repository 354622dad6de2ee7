"""Memory that a worker frees, kept for its next step."""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's <malloc.h>
_LARGE, _FREE = 32 << 20, 64 << 20  # bytes; glibc takes no more for the first


def keep_memory() -> None:
    """Have glibc keep memory that is freed, to 64 MiB.

    `network.workers.keep_memory` has it find out so by itself. That does not do here: Dask starts
    its workers with MALLOC_TRIM_THRESHOLD_ in their environment, whereupon glibc finds nothing out,
    and each array of more than 128 kB comes from the system, page by page.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _FREE)
