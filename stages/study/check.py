"""Train one seed of each setting of the study again, and hold its record against that.

In: what the study reads, and its record in reports/reproduction/. Out: nothing; it ends with 1
where a run, or a file made from the runs, is not what was recorded, to the byte. The times in
run.json, and the loop over single images in loop.json, are not made again.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.threads import thread_count
from stages.study import record, reporting, settings
from stages.study.run import Rows, main_runs, read_rows, recipe_of, slower_runs
from stages.study.runs import Outcome, Recipe, Run, carry_out

_ADVICE = "`make study` makes the record again"


def one_of_each(runs: Sequence[Run]) -> list[Run]:
    """Return the first run of each setting, whatever its seed."""
    settings_of = {run._replace(seed=0): run for run in reversed(runs)}
    return list(reversed(settings_of.values()))


def train_again(
    runs: Sequence[Run], recipe: Recipe, rows: Rows, threads: int
) -> dict[Run, Outcome]:
    """Return what runs give now; none is taken from the store."""
    with tqdm(total=len(runs) * recipe.epochs, unit="epoch", disable=None) as bar:
        return {run: carry_out(run, recipe, rows, threads, bar.update) for run in runs}


def refuse_other_run(found: dict[Run, Outcome], recorded: dict[Run, Outcome]) -> None:
    """Raise DigitsError for the first run that differs from the recorded one in any bit."""
    for run, outcome in found.items():
        for name, array in outcome._asdict().items():
            if name != "seconds" and not np.array_equal(array, getattr(recorded[run], name)):
                raise DigitsError(f"{run} gives another {name} than is recorded: {_ADVICE}")


def refuse_other_files(made: Path, recorded: Path) -> None:
    """Raise DigitsError for the first file that was made and is not recorded with these bytes."""
    for path in sorted(made.rglob("*")):
        kept = recorded / path.relative_to(made)
        if path.is_file() and not (kept.is_file() and kept.read_bytes() == path.read_bytes()):
            raise DigitsError(f"{kept} is not what follows from the recorded runs: {_ADVICE}")


def main() -> None:
    """Check the record."""
    params, recipe = settings.load(), recipe_of(settings.load())
    usual, slow = main_runs(params), slower_runs(params)
    recorded = record.read(reporting.FOLDER, [*usual, *slow])
    rows = read_rows(Path(params["ingest"]["source"]), **params["split"])
    with threadpool_limits(1, "blas"):  # as in training: more would round in another order
        found = train_again(one_of_each([*usual, *slow]), recipe, rows, thread_count())
    refuse_other_run(found, recorded)
    with tempfile.TemporaryDirectory() as folder:
        results = recorded | found
        made = Path(folder)
        reporting.write(made, [(r, results[r]) for r in usual], [(r, results[r]) for r in slow])
        refuse_other_files(made, reporting.FOLDER)
    print(f"{len(found)} settings trained again: the record is as it should be")


if __name__ == "__main__":
    run_stage(main, __doc__)
