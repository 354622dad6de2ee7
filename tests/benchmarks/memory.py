"""The memory of a process and of its copies, as Linux tells it."""

import contextlib
import os
import resource
from pathlib import Path


def peak_bytes() -> int:
    """Return the most memory that this process has held, and what its copies hold beside it."""
    if Path("/proc/self/status").exists():  # Linux's ru_maxrss counts what the parent held
        return number_in("/proc/self/status", "VmHWM:") * 1024 + sum(map(own_bytes, copies()))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def copies() -> list[Path]:
    """Return the folders of the processes that this one has made, in /proc."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            if number_in(status, "PPid:") == os.getpid():
                found.append(status.parent)
    return found


def own_bytes(process: Path) -> int:
    """Return the memory that a process shares with no other."""
    names = ("Private_Clean:", "Private_Dirty:")
    return sum(number_in(process / "smaps_rollup", name) for name in names) * 1024


def number_in(path: Path | str, name: str) -> int:
    """Return the number that a file of /proc gives after a name."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    (line,) = (text for text in lines if text.startswith(name))
    return int(line.split()[1])
