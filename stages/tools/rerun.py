"""Train a commit's network again on this machine, in a worktree that does not stay."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from stages.common import environment
from stages.common.artifacts.committed import flatten
from stages.common.errors import DigitsError
from stages.tools import git, yaml_text
from stages.tools.project_files import Folder

# A run cache or a shared cache may hold what another machine made; --force alone reads neither.
_REPRO = ("-m", "dvc", "repro", "--force", "--no-run-cache")
# DVC needs no Git to run stages, and finds none in the worktree of a submodule.
_CONFIG = "[core]\n    no_scm = true\n[cache]\n    dir = cache\n"
_GRACE = 10  # seconds that a pipeline has to end when it is told to


@contextmanager
def retrained(sha: str) -> Iterator[Folder]:
    """Yield the files of a commit after its pipeline ran, all of it, with this Python.

    The worktree is in a temporary folder, with a DVC cache of its own, and is removed whatever
    ends the block: an error, Ctrl-C, or a polite kill. Raises DigitsError where it cannot run.
    """
    short = sha[:7]
    _terminate_as_interrupt()
    git.output("worktree", "prune")
    with tempfile.TemporaryDirectory(prefix="digits-baseline-", ignore_cleanup_errors=True) as kept:
        worktree = Path(kept) / "worktree"
        try:
            _add_worktree(worktree, sha)
            project = worktree / git.output("rev-parse", "--show-prefix")
            _refuse_no_pipeline(project, short)
            _bring_source(project, f"params.yaml of commit {short}")
            (project / ".dvc" / "config.local").write_text(_CONFIG)
            _reproduce(project, Path(kept), short)
            yield Folder(project, f"commit {short}, trained again")
        finally:
            git.attempt("worktree", "remove", "--force", str(worktree))
    git.attempt("worktree", "prune")


def _terminate_as_interrupt() -> None:
    """Let SIGTERM, which CI sends to a job that it cancels, clean up as Ctrl-C does."""

    def interrupt(_: int, __: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def _add_worktree(worktree: Path, sha: str) -> None:
    """Check a commit out beside the working copy, without the hooks that a person installed."""
    hooks = ("-c", f"core.hooksPath={os.devnull}")
    done = git.attempt(*hooks, "worktree", "add", "--quiet", "--detach", str(worktree), sha)
    if done.returncode:
        raise DigitsError(f"git worktree: {git.complaint(done)}")


def _refuse_no_pipeline(project: Path, short: str) -> None:
    """Raise DigitsError for a commit from before the pipeline."""
    for name in ("dvc.yaml", "params.yaml", ".dvc"):
        if not (project / name).exists():
            raise DigitsError(f"commit {short} has no {name}: nothing there can be run again")


def _bring_source(project: Path, where: str) -> None:
    """Copy the source of digits from the working copy, where it is a file that Git leaves out."""
    params = flatten(yaml_text.mapping((project / "params.yaml").read_bytes(), where))
    source = Path(str(params.get("ingest.source")))
    if source.is_absolute() or (project / source).exists():
        return
    if ".." in source.parts:
        raise DigitsError(f"ingest.source in {where} is {source}: --rerun needs an absolute path")
    if not source.exists():
        raise DigitsError(f"ingest.source in {where} is {source}, which is not here")
    (project / source).parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, project / source)
    else:
        shutil.copy2(source, project / source)


def _reproduce(project: Path, kept: Path, short: str) -> None:
    """Run the pipeline in `project`; raises DigitsError with what it said where it fails."""
    print(f"Training commit {short} again on this machine", file=sys.stderr, flush=True)
    log = kept / "log"
    with log.open("wb") as file:
        status = _run_until_done([sys.executable, *_REPRO], project, file.fileno(), kept)
    if status:
        raise DigitsError(f"commit {short} cannot be trained again: {_complaint(log)}")


def _environment(kept: Path) -> dict[str, str]:
    """Return the environment of the pipeline: this Python first, nothing of the caller's Git."""
    inherited = environment.own()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return inherited | {"PATH": path, "DVC_SITE_CACHE_DIR": str(kept / "site")}


def _run_until_done(command: list[str], project: Path, log: int, kept: Path) -> int:
    """Return the exit status of a command that has a process group of its own.

    What interrupts the wait ends the whole group first: DVC alone would leave its stage running.
    """
    with subprocess.Popen(
        command,
        cwd=project,
        env=_environment(kept),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    ) as process:
        try:
            return process.wait()
        except BaseException:
            _end_group(process)
            raise


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(_GRACE)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _complaint(log: Path) -> str:
    """Return what the stage that failed said, and DVC after it, as one line."""
    said = log.read_text(errors="replace").rpartition("Running stage")[2]
    lines = [line.strip() for line in said.splitlines()]
    # Before these DVC tells the stage's name and its command.
    told = [line for line in lines if line and not line.startswith((">", "'"))]
    return " ".join(told) or "it said nothing"
