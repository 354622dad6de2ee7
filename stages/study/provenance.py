"""Of which code a study was, and how long it took: all that differs from one time to the next."""

import subprocess
from collections.abc import Sequence
from typing import Any

import numpy as np

from stages.common import environment
from stages.study.agreement import Agreement
from stages.study.runs import Outcome, Run

# What decides any study's results and is in Git; what a study itself writes does not.
_DECIDING = ("stages", "data/raw/mnist.sha256", "requirements.lock")


def commit(deciding: Sequence[str]) -> dict[str, Any]:
    """Return the commit checked out, and whether what decides the results is as in it.

    deciding: paths, beside the code, the digits' hashes and the lock, that decide them too.
    """
    head = _git("rev-parse", "HEAD")
    if head is None:
        return {"commit": None, "as_committed": False}
    changed = _git("status", "--porcelain", "--", *_DECIDING, *deciding)
    return {"commit": head, "as_committed": changed == ""}


def speed(
    results: Sequence[tuple[Run, Outcome]], agreed: Sequence[Agreement], threads: int
) -> dict[str, Any]:
    """Return how long a run takes, and what the loop over single images would take for it.

    Seconds of training alone: ours the median run; the loop's from its quickest epoch.
    """
    epochs = len(results[0][1].cost)
    ours = float(np.median([outcome.seconds for _, outcome in results]))
    one_epoch = min(agreement.seconds for agreement in agreed)
    return {
        "threads": threads,
        "ours_seconds": round(ours, 2),
        "loop_seconds_an_epoch": round(one_epoch, 3),
        "loop_seconds": round(one_epoch * epochs, 1),
        "times_faster": round(one_epoch * epochs / ours, 1),
    }


def _git(*arguments: str) -> str | None:
    """Return what a Git command prints, or None where there is no Git or no repository."""
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            ["git", *arguments],  # noqa: S607 - whichever Git the user has
            capture_output=True,
            text=True,
            env=environment.own(),
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
