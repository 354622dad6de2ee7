"""Reproduce the blog post's results over many seeds, and measure what raw pixels cost.

In: the official MNIST files, data/raw/mnist.sha256, reports/reproduction/params.yaml,
data/reference/. Out: reports/reproduction/, see its README.md.

A study that was stopped goes on with the first run that it has not finished: those that it has
are in .cache/reproduction/. DIGITS_THREADS sets the number of threads, DIGITS_CLUSTER where
else runs are trained, several at a time; neither changes a result.
"""

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from stages.common import far
from stages.common.artifacts.digits import Digits, part_of
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.threads import thread_count
from stages.split import choose, order_of
from stages.study import agreement, official, reporting, settings, store
from stages.study.agreement import Agreement
from stages.study.runs import Outcome, Recipe, Run, carry_out, carry_out_there

Rows = tuple[Digits, Digits]


def read_rows(source: Path, train_rows: int, test_rows: int, seed: int) -> Rows:
    """Return the digits that train and those that test, as the stages ingest and split do.

    Raises DigitsError unless the files are those whose hashes are committed.
    """
    whole = official.read(source)
    n = len(whole.row)
    train, _, test = choose(n, train_rows, 0, test_rows, order_of(n, shuffle=True, seed=seed))
    return part_of(whole, train), part_of(whole, test)


def main_runs(params: dict[str, Any]) -> list[Run]:
    """Return the runs that are held against the post, seed by seed, at both scales."""
    study, rate = params["study"], float(params["train"]["learning_rate"])
    return [
        Run(pixels, float(study[pixels]), rate, seed)
        for seed in range(study["seeds"])
        for pixels in ("raw", "scaled")
    ]


def slower_runs(params: dict[str, Any]) -> list[Run]:
    """Return the runs with smaller learning rates, at both scales."""
    study, why = params["study"], params["why"]
    return [
        Run(pixels, float(study[pixels]), float(rate), seed)
        for rate in why["learning_rates"]
        for seed in range(why["seeds"])
        for pixels in ("raw", "scaled")
    ]


def carry_out_all(runs: Sequence[Run], recipe: Recipe, rows: Rows, threads: int) -> list[Outcome]:
    """Return what each run gave, from the store where it is kept, else by training it now.

    Shows a progress bar of all epochs on a terminal. A Ctrl-C keeps the runs that are finished.
    """
    key = store.key_of_study(recipe, rows)
    paths = [store.path_of(key, run) for run in runs]
    store.prune(paths)
    if far.is_asked_for():
        _finish_there(runs, paths, recipe, rows)
    outcomes: list[Outcome] = []
    with tqdm(total=len(runs) * recipe.epochs, unit="epoch", disable=None) as bar:
        for number, (run, path) in enumerate(zip(runs, paths, strict=True), start=1):
            bar.set_description(f"run {number} of {len(runs)}, {run.pixels} {run.learning_rate}")
            outcome = store.load(path, recipe.epochs)
            if outcome:
                bar.update(recipe.epochs)
            else:
                outcome = _finish(run, recipe, rows, threads, bar)
                store.save(path, outcome)
            outcomes.append(outcome)
    return outcomes


def _finish_there(runs: Sequence[Run], paths: Sequence[Path], recipe: Recipe, rows: Rows) -> None:
    """Carry out on a cluster the runs that are not kept, and keep them."""
    left = [number for number, path in enumerate(paths) if not store.load(path, recipe.epochs)]
    if not left:
        return
    with far.installed():
        from stages.cluster.tasks import results
    items = [runs[number] for number in left]
    done = results(os.environ, carry_out_there, (recipe, rows), items)
    with closing(done), tqdm(total=len(items), unit="run", disable=None) as bar:
        for number, outcome in done:
            if isinstance(outcome, DigitsError):
                raise outcome
            store.save(paths[left[number]], outcome)
            bar.update()


def _finish(run: Run, recipe: Recipe, rows: Rows, threads: int, bar: "tqdm[Any]") -> Outcome:
    """Carry out one run; a Ctrl-C passes on, and says what happens next."""
    try:
        return carry_out(run, recipe, rows, threads, bar.update)
    except KeyboardInterrupt as stop:
        raise type(stop)("stopped; run again to go on after the last run finished") from None


def agreements(params: dict[str, Any], recipe: Recipe, rows: Rows, threads: int) -> list[Agreement]:
    """Return how the loop over single images agrees with the pipeline, at either scale."""
    epochs = params["loop"]["epochs"]
    return [
        agreement.compare(run, recipe, rows[0], epochs, threads) for run in main_runs(params)[:2]
    ]


def recipe_of(params: dict[str, Any]) -> Recipe:
    """Return what all runs have in common."""
    train = params["train"]
    return Recipe(params["initialize"]["layers"], train["epochs"], train["precision"])


def main() -> None:
    """Run the study."""
    params, threads = settings.load(), thread_count()
    recipe = recipe_of(params)
    rows = read_rows(Path(params["ingest"]["source"]), **params["split"])
    runs, slower = main_runs(params), slower_runs(params)
    with threadpool_limits(1, "blas"):  # as in training: more would round in another order
        agreed = agreements(params, recipe, rows, threads)
        outcomes = carry_out_all([*runs, *slower], recipe, rows, threads)
    results = list(zip([*runs, *slower], outcomes, strict=True))
    reporting.report(results[: len(runs)], results[len(runs) :], agreed, threads)


if __name__ == "__main__":
    run_stage(main, __doc__)
