"""Processes that tests start: each is bounded, and none outlives its test."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LIMIT = 300.0  # seconds: many times what any takes, on a busy machine as well


@contextmanager
def started(command: Sequence[str | Path], **keywords: Any) -> Iterator["subprocess.Popen[str]"]:
    """Yield a process that leads a group of its own; when the block ends, the whole group does."""
    keywords = {"stdin": subprocess.DEVNULL, "text": True} | keywords
    with subprocess.Popen(command, start_new_session=True, **keywords) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError, PermissionError):  # it has ended, and all of its own
                os.killpg(process.pid, signal.SIGKILL)


def run(
    command: Sequence[str | Path],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    **keywords: Any,
) -> subprocess.CompletedProcess[str]:
    """Return how a command ended, whatever its exit status, and what it said."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, cwd=cwd, env=env, **pipes | keywords) as process:
        out, err = process.communicate(timeout=LIMIT)
    return subprocess.CompletedProcess(command, process.returncode, out, err)
