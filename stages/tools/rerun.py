"""Run the whole pipeline of a folder with this Python, and end it with us."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from stages.common import environment

# --force alone reads no cache, but for that of runs.
_REPRO = ("-m", "dvc", "repro", "--force", "--no-run-cache")
_STAGE = re.compile(r"Running stage '(.+)':$")
_NOISE = ("ERROR: failed to reproduce", ">", "Running stage", "Generating lock", "Updating lock")
_GRACE = 10  # seconds that a pipeline has to end when it is told to


def reproduce(project: Path, tell: Callable[[str], object]) -> str:
    """Run every stage of the pipeline in a folder, and `tell` the name of each as it begins.

    Returns "", or where a stage failed all that it said; what follows it is not run.
    """
    said: list[str] = []

    def hear(line: str) -> None:
        begun = _STAGE.match(line)
        if begun:
            said.clear()
            tell(begun[1])
        elif line and not line.startswith(_NOISE):
            said.append(line)

    failed = _run_until_done(project, hear)
    return (" ".join(said) or "it said nothing") if failed else ""


def _environment(project: Path) -> dict[str, str]:
    """Return the environment of a pipeline: this Python first, nothing of the caller's Git.

    In a safe path Python would find the code of the working copy instead of the folder's.
    """
    inherited = {k: v for k, v in environment.own().items() if k != "PYTHONSAFEPATH"}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return inherited | {"PATH": path, "DVC_SITE_CACHE_DIR": str(project.parent / "site")}


def _run_until_done(project: Path, hear: Callable[[str], object]) -> int:
    """Return DVC's exit status, and `hear` each line that it or a stage says.

    It has a process group of its own. What interrupts the wait ends the whole group first: DVC
    alone would leave its stage running.
    """
    with subprocess.Popen(
        [sys.executable, *_REPRO],
        cwd=project,
        env=_environment(project),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():  # never None with PIPE; the types do not say so
                hear(line.rstrip())
            return process.wait()
        except BaseException:
            _end_group(process)
            raise


def _end_group(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(_GRACE)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
