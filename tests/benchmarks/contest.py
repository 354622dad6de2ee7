"""Contestants of the benchmark, run in turn."""

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

COST_TOLERANCE = 1e-3


class Contestant:
    """A process that trains when it is told to."""

    def __init__(self, name: str, data: Path, scale: float, threads: int = 0) -> None:
        """Start it; `missing` is the package that it lacks, or None. 0 threads: one a core."""
        self.name, self.seconds = name, list[float]()
        self.costs, self.peak_bytes = list[float](), 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.contestants", name, data, str(scale)],
            env=os.environ | ({"DIGITS_THREADS": str(threads)} if threads else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.missing: str | None = self._answer().get("missing")

    def run(self, epochs: int) -> None:
        """Train `epochs` epochs and note how long one takes."""
        assert self._process.stdin
        self._process.stdin.write(f"{epochs}\n")
        self._process.stdin.flush()
        answer = self._answer()
        self.seconds.append(answer["seconds"])
        self.costs, self.peak_bytes = answer["costs"], answer["peak_bytes"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        """Return what the process says next."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"bench: {self.name} ended with code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def compare(
    names: Sequence[str], data: Path, scale: float, rounds: int, epochs: int, threads: int = 0
) -> list[Contestant]:
    """Return the contestants after `rounds` rounds of `epochs` epochs each, run in turn."""
    contestants = [Contestant(name, data, scale, threads) for name in names]
    take_turns(contestants, rounds, epochs, f"{data.stem}, scale {scale:g}")
    return contestants


def take_turns(contestants: list[Contestant], rounds: int, epochs: int, job: str) -> None:
    """Have those that are there run `rounds` rounds of `epochs` epochs each, in turn."""
    present = [contestant for contestant in contestants if not contestant.missing]
    for number in range(rounds):
        for contestant in present:
            say(f"{job}, round {number + 1} of {rounds}: {contestant.name}")
            contestant.run(epochs)
    for contestant in present:
        contestant.close()


def check_costs(contestants: list[Contestant], epochs: int | None = None) -> None:
    """Exit unless all found the same cost in every epoch, or the first, that all have trained."""
    courses = {c.name: c.costs[:epochs] for c in contestants if not c.missing}
    for epoch, costs in enumerate(zip(*courses.values(), strict=False), start=1):
        if max(costs) - min(costs) > COST_TOLERANCE or not all(map(math.isfinite, costs)):
            found = dict(zip(courses, costs, strict=True))
            sys.exit(f"bench: not the same training: in epoch {epoch} the costs were {found}")


def ratios(one: Contestant, other: Contestant) -> list[float]:
    """Return the median, least and largest of one's time to the other's, round by round."""
    found = [a / b for a, b in zip(one.seconds, other.seconds, strict=True)]
    return [round(x, 4) for x in (statistics.median(found), min(found), max(found))]


def summary(seconds: list[float]) -> dict[str, float]:
    """Return median, minimum and maximum in milliseconds."""
    return {
        "median_ms": round(statistics.median(seconds) * 1e3, 2),
        "min_ms": round(min(seconds) * 1e3, 2),
        "max_ms": round(max(seconds) * 1e3, 2),
    }


def say(text: str) -> None:
    """Show progress on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
