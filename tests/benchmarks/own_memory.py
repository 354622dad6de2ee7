"""Run the stages before training on a source, and tell the memory that each takes of its own.

Linux tells it. They run in a folder of their own under data/many/, which is left there for the next
stages; split takes nine rows of ten to train. The source's name says how many rows it has.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.memory import number_in
from tests.faults.stages import write_params
from tests.scratch import ROOT

STAGES = ("ingest", "split", "encode")
FOLDER = ROOT / "data" / "many" / "project"
_BETWEEN = 0.01  # seconds between two looks


class Taken(NamedTuple):
    """What a stage took: the most memory of its own, in bytes, and time, in seconds."""

    memory: int
    seconds: float


def taken(stage: str, folder: Path) -> Taken:
    """Run a stage in a folder, which must end well, and return what it took."""
    start, most = time.monotonic(), 0
    with subprocess.Popen([sys.executable, "-m", f"stages.{stage}"], cwd=folder) as process:
        while process.poll() is None:
            # Between its end and our asking, a process has no memory to be told.
            with contextlib.suppress(ValueError, FileNotFoundError, ProcessLookupError):
                most = max(most, number_in(f"/proc/{process.pid}/status", "RssAnon:") * 1024)
            time.sleep(_BETWEEN)
    if process.returncode:
        raise SystemExit(f"{stage} failed: {process.returncode}")
    return Taken(most, time.monotonic() - start)


def main() -> None:
    """Run the stages and tell what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="what make many has made")
    parser.add_argument("stages", nargs="*", default=STAGES, help="those to run, of all three")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = int("".join(filter(str.isdecimal, Path(asked.source).name.partition(".")[0])))
    write_params(
        FOLDER,
        ingest__source=os.path.relpath(asked.source, FOLDER),
        split__train_rows=rows * 9 // 10,
        split__max_shared_images=1,
    )
    for stage in asked.stages:
        found = taken(stage, FOLDER)
        print(f"{stage}: {found.memory / 2**20:.0f} MiB, {found.seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
