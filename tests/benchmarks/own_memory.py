"""What a stage takes: time, and memory of its own at its peak, as Linux tells it."""

import contextlib
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.memory import number_in

_BETWEEN = 0.02  # seconds between two looks


class Taken(NamedTuple):
    """What a stage took: the most memory of its own, in bytes, and time and work, in seconds.

    The work of a core that other processes have as well takes more time.
    """

    memory: int
    seconds: float
    work: float


def taken(stage: str, folder: Path) -> Taken:
    """Run a stage in a folder, which must end well, and return what it took."""
    start, before, most = time.monotonic(), _work(), 0
    command = [sys.executable, "-m", f"stages.{stage}"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            most = max(most, sum(map(_own, _with_children(process.pid))))
            time.sleep(_BETWEEN)
        said = process.stderr.read() if process.stderr else ""  # warnings, but if it failed
    if process.returncode:
        raise SystemExit(said)
    return Taken(most, time.monotonic() - start, _work() - before)


def _work() -> float:
    """Return how long processors have worked for the processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _with_children(pid: int) -> list[int]:
    """Return a process and those that it has started, and so on."""
    below: list[int] = []
    with contextlib.suppress(OSError):  # it may just have ended
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
        below = [one for child in text.split() for one in _with_children(int(child))]
    return [pid, *below]


def _own(pid: int) -> int:
    """Return the memory of a process that no file backs, in bytes; 0 of one that has ended."""
    # Between its end and our asking, a process has no memory to be told.
    with contextlib.suppress(ValueError, OSError):
        return number_in(f"/proc/{pid}/status", "RssAnon:") * 1024
    return 0
