"""Run the pipeline on emulated processors, and hold what comes out against what is recorded.

aarch64: every stage of the last commit with the locked wheels, in a fresh clone. s390x, which is
big-endian, has no wheels: there Debian's NumPy runs the network's functions and writes NPZ files.
"""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.emulation import wheels
from tests.emulation.machine import AARCH64, FOLDER, S390X, Machine
from tests.pipeline.declared import STAGES, read_yaml
from tests.scratch import ROOT


def stages() -> bool:
    """Run each stage on aarch64; return whether all that it leaves is as recorded."""
    machine = Machine(AARCH64)
    site = wheels.install(machine.python.name.removeprefix("python"), AARCH64.name)
    clone = _clone()
    for stage in STAGES:
        started = time.monotonic()
        done = machine.run(["-m", f"stages.{stage}"], clone, PYTHONPATH=str(site))
        if done.returncode:
            print(f"{stage} failed: {done.stderr[-2000:]}")
            return False
        print(f"{AARCH64.name} {stage} {time.monotonic() - started:.0f} s", flush=True)
    different = sorted({*_changed_outs(clone), *_changed_files(clone)})
    print("\n".join(f"differs: {path}" for path in different) or "all as dvc.lock and Git record")
    return not different


def answers() -> bool:
    """Compute some known things here and on s390x; return whether they are the same bytes."""
    machine, module = Machine(S390X), ["-m", "tests.emulation.answers"]
    here = subprocess.run([sys.executable, *module], capture_output=True, text=True, check=True)
    there = machine.run(module, ROOT)
    if there.returncode:
        print(f"{S390X.name} failed: {there.stderr[-2000:]}")
        return False
    for ours, theirs in zip(here.stdout.splitlines(), there.stdout.splitlines(), strict=True):
        print(f"{S390X.name} {theirs}" if ours == theirs else f"differs: {theirs}; here: {ours}")
    return here.stdout == there.stdout


def _clone() -> Path:
    """Return a fresh clone of the last commit."""
    clone = FOLDER / "project"
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    return clone


def _changed_outs(clone: Path) -> Iterator[str]:
    """Yield the outs that are not those of dvc.lock; of folders Git tells."""
    for stage in read_yaml(clone / "dvc.lock")["stages"].values():
        for out in stage["outs"]:
            path = clone / out["path"]
            if not path.is_dir() and _md5(path) != out["md5"]:
                yield out["path"]


def _md5(path: Path) -> str:
    """Return a file's MD5, as DVC records it."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _changed_files(clone: Path) -> list[str]:
    """Return the files that are not those of the commit."""
    command = ["git", "status", "--porcelain"]
    status = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=True)
    return [line[3:] for line in status.stdout.splitlines()]


if __name__ == "__main__":
    sys.exit(0 if all([stages(), answers()]) else 1)
