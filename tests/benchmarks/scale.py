"""Time every stage on sources of some sizes, and tell its memory: `make bench-scale`.

The sources are those of `make many`, as IDX; nine rows of ten train, for three epochs. The stages
run one after the other, as DVC runs them, in a temporary folder, which is removed; Linux tells
memory. Sizes take turns, round after round, the smaller ones three in each. In the default sizes it
writes scale.json and scale.png to reports/benchmark/, and its part of docs/scale.md.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from stages.common.artifacts import reports
from stages.common.files import replacing
from stages.common.pieces import PIECE_ROWS, spans
from stages.common.scratch import refuse_no_room
from stages.figures.style import plain, to_png
from stages.ingest import read_source
from stages.tools import many
from tests.benchmarks.contest import say
from tests.benchmarks.hardware import hardware
from tests.benchmarks.own_memory import Taken, taken
from tests.benchmarks.scale_figure import draw
from tests.benchmarks.scale_report import replaced, verdict
from tests.faults.stages import STAGES, write_params
from tests.scratch import ROOT

SIZES = (30_000, 300_000, 3_000_000)
EPOCHS = 3
SMALLER_TURNS = 3  # of sizes but the largest, in a round
REPORTS, PAGE = Path("reports/benchmark"), Path("docs/scale.md")

_FORM = many.FORMS["idx"]
_ROW_BYTES = 6_000  # of all that the stages leave and put aside, and of the source, at most
_NEEDED = ("data/reference", "data/teacher")


@contextmanager
def project(source: Path, rows: int) -> Iterator[Path]:
    """Yield a folder in which the stages can run on a source of so many rows, and remove it."""
    with tempfile.TemporaryDirectory(dir=source.parent) as name:
        folder = Path(name)
        for needed in _NEEDED:
            if (ROOT / needed).exists():
                shutil.copytree(ROOT / needed, folder / needed)
        write_params(
            folder,
            ingest__source=os.path.relpath(source, folder),
            split__train_rows=rows * 9 // 10,
            split__max_shared_images=1,
            train__epochs=EPOCHS,
        )
        yield folder


def put_source(folder: Path, rows: int) -> Path:
    """Write a source of so many rows and return where."""
    path, base = folder / _FORM.name.format(rows), read_source(ROOT / many.BASE)
    _FORM.write(path, rows, (many.variants(base, span) for span in spans(rows, PIECE_ROWS)))
    return path


def measure(sizes: list[int], rounds: int) -> dict[str, dict[int, list[Taken]]]:
    """Return what each stage took on each size, round after round."""
    found: dict[str, dict[int, list[Taken]]] = {it: {n: [] for n in sizes} for it in STAGES}
    with tempfile.TemporaryDirectory(dir=_folder()) as name:
        sources = {rows: put_source(Path(name), rows) for rows in sizes}
        for number in range(1, rounds + 1):
            for rows in _turns(sizes):
                with project(sources[rows], rows) as folder:
                    for stage in STAGES:
                        say(f"round {number} of {rounds}, {rows:,} rows: {stage}")
                        found[stage][rows].append(taken(stage, folder))
    return found


def _turns(sizes: list[int]) -> list[int]:
    """Return the sizes of a round, in turn; an error of a smaller one counts ten times."""
    *smaller, largest = sizes
    return [*smaller * SMALLER_TURNS, largest]


def _folder() -> Path:
    """Return a folder that Git ignores, on the project's disk."""
    many.FOLDER.mkdir(parents=True, exist_ok=True)
    return many.FOLDER.absolute()


def results_of(found: dict[str, dict[int, list[Taken]]], rounds: int) -> dict[str, Any]:
    """Return what was found as numbers: seconds, medians and spreads, and the most MiB."""
    stages = {
        stage: {
            str(rows): {
                "median_s": round(median(one.seconds for one in each), 3),
                "min_s": round(min(one.seconds for one in each), 3),
                "max_s": round(max(one.seconds for one in each), 3),
                "work_s": round(median(one.work for one in each), 3),
                "peak_MiB": round(max(one.memory for one in each) / 2**20),
            }
            for rows, each in by_size.items()
        }
        for stage, by_size in found.items()
    }
    return {"machine": hardware(), "rounds": rounds, "epochs": EPOCHS, "stages": stages}


def write(results: dict[str, Any]) -> None:
    """Write the record, its picture and its part of the page."""
    reports.write_json(REPORTS / "scale.json", results)
    with plain(), replacing(REPORTS / "scale.png") as file:
        file.write(to_png(draw(results)))
    reports.write_text(PAGE, replaced(PAGE.read_text(encoding="utf-8"), results))


def _told(found: dict[str, Any]) -> str:
    """Say what a stage took."""
    spread = f"({found['min_s']:.2f}–{found['max_s']:.2f})"
    work, memory = f"work {found['work_s']:.2f} s", f"{found['peak_MiB']} MiB"
    return f"{found['median_s']:.2f} s {spread}, {work}, {memory}"


def main() -> None:
    """Measure, tell, and write the record of the default sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help=f"rows (default: {SIZES})")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    sizes = sorted(set(asked.sizes or SIZES))
    os.environ["PYTHONPATH"] = str(ROOT)
    refuse_no_room(_folder() / "source", max(sizes) * _ROW_BYTES + sum(sizes) * _FORM.row_bytes)
    results = results_of(measure(sizes, asked.rounds), asked.rounds)
    for stage, by_size in results["stages"].items():
        told = [f"{rows} rows {_told(it)}" for rows, it in by_size.items()]
        print(f"{stage}: {'; '.join(told)}; linear: {verdict(by_size)}")
    if tuple(sizes) == SIZES:
        write(results)


if __name__ == "__main__":
    main()
