"""Commands that tests run: as processes, bounded and ended with their test, or as calls."""

import io
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
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


def call(act: Callable[[], object], *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Return how a call ended, and what it said, as if it were the command `words`."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = act()
        except SystemExit as end:
            code = end.code
    if isinstance(code, str):  # then Python itself prints it and exits with 1
        err.write(f"{code}\n")
        code = 1
    status = code if isinstance(code, int) else 0
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())
