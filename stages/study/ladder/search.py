"""Choose the values that reports/ladder/params.yaml leaves to searches.

In: the official MNIST files, data/raw/mnist.sha256, reports/ladder/params.yaml. Out:
reports/ladder/search.csv, with every trial, and reports/ladder/chosen.json.

Each search draws its trials at random from its space, or takes the whole of it where that is no
more. All are trained for few epochs, the best again for more, and so on; what validates best at
last, the mean of some seeds, is chosen. It sees no row that tests.
"""

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stages.common.artifacts.reports import write_json, write_text
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.threads import thread_count
from stages.study.ladder import chosen, ladder_params, plan
from stages.study.ladder.entries import Entry, Maker
from stages.study.ladder.finishing import Workshop, finish
from stages.study.ladder.plan import Values
from stages.study.ladder.pools import Counts
from stages.study.ladder.shelf import FOLDER, Shelf
from stages.study.ladder.trials import TRIALS, Tried, read_known, to_csv

Search = Mapping[str, Any]


def drawn(search: Search, seed: int) -> list[Values]:
    """Return the trials of a search: values of the keys in its space."""
    space = search["space"]
    lists = [options for options in space.values() if isinstance(options, list)]
    if len(lists) == len(space) and math.prod(map(len, lists)) <= search["trials"]:
        return [_values(space, point) for point in itertools.product(*lists)]
    rng = np.random.default_rng([seed, *search["name"].encode()])
    found: list[Values] = []
    for _ in range(100 * search["trials"]):
        trial = _values(space, [_draw(options, rng) for options in space.values()])
        if trial not in found:
            found.append(trial)
        if len(found) == search["trials"]:
            return found
    raise DigitsError(f"the space of the search {search['name']} has no {search['trials']} trials")


def _draw(options: Any, rng: np.random.Generator) -> Any:
    """Return one of a list, or a number between low and high, each order of size alike."""
    if isinstance(options, list):
        return options[int(rng.integers(len(options)))]
    low, high = options["low"], options["high"]
    return float(f"{low * (high / low) ** rng.random():.2g}")


def _values(space: Mapping[str, Any], point: Sequence[Any]) -> Values:
    """Return a point of a space as values; a mapping sets several keys together."""
    values: Values = {}
    for key, value in zip(space, point, strict=True):
        values |= value if isinstance(value, dict) else {key: value}
    return values


class Searcher:
    """Carries out searches one after the other: a later one may build on what was chosen before.

    chosen: so far, by search and then by params key. rows: those of search.csv, so far.
    """

    def __init__(self, content: Mapping[str, Any], workshop: Workshop) -> None:
        """Begin with what the record knows of these very trainings."""
        self._content, self._workshop = content, workshop
        self.chosen: dict[str, Values] = {}
        self.rows: list[tuple[Any, ...]] = []
        self._known = read_known(TRIALS)

    def carry_out(self, search: Search) -> Values:
        """Return what a search chooses."""
        of = plan.named(self._content, search["of"])
        trials = dict(enumerate(drawn(search, self._workshop.counts.seed)))
        last = len(search["epochs"]) - 1
        for number, epochs in enumerate(search["epochs"]):
            seeds = range(search["seeds"] if number == last else 1)
            entries = {
                (trial, seed): self._entry(of.values | values, search, epochs, seed)
                for trial, values in trials.items()
                for seed in seeds
            }
            self._finish(list(entries.values()))
            ranked = sorted(trials, key=lambda trial: self._rank(trial, entries))
            for (trial, seed), entry in entries.items():
                self._note(search, number, trial, seed, entry, trials[trial])
            keep = 1 if number == last else search["keep"][number]
            trials = {trial: trials[trial] for trial in ranked[:keep]}
        (found,) = trials.values()
        self.chosen[search["name"]] = found
        return found

    def _entry(self, values: Values, search: Search, epochs: int, seed: int) -> Entry:
        """Return the entry of one trial for so many epochs."""
        maker = Maker(self._workshop.counts, plan.settings(self._content), self.chosen)
        name = f"search {search['name']}"
        return maker.entry(name, values | {"train.epochs": epochs}, search["rows"], seed)

    def _finish(self, entries: list[Entry]) -> None:
        """Train what is not known, and know it."""
        faults = finish(entries, self._workshop, self._known)
        for entry in entries:
            if entry.key in faults:
                self._known[entry.key] = Tried(0.0, math.inf, 0.0)
            elif outcome := self._workshop.shelf.load(entry):
                accuracy, cost = map(float, outcome.scores[2:])
                self._known[entry.key] = Tried(accuracy, cost, float(outcome.seconds))

    def _rank(self, trial: int, entries: Mapping[tuple[int, int], Entry]) -> tuple[float, ...]:
        """Return by what a trial is sorted, the best first: its seeds' mean accuracy, then cost."""
        tried = [self._known[entry.key] for (one, _), entry in entries.items() if one == trial]
        accuracy = math.fsum(one.accuracy for one in tried) / len(tried)
        return -accuracy, math.fsum(one.cost for one in tried), trial

    def _note(
        self, search: Search, number: int, trial: int, seed: int, entry: Entry, values: Values
    ) -> None:
        """Add a row to the table of trials."""
        told = (search["name"], number + 1, trial, entry.values["train.epochs"], seed)
        text = json.dumps(values, sort_keys=True)
        self.rows.append((*told, search["rows"], *self._known[entry.key], text, entry.key))


def main() -> None:
    """Carry out every search."""
    content = ladder_params.load()
    workshop = Workshop(Counts(**content["rows"]), Shelf(FOLDER), thread_count())
    searcher = Searcher(content, workshop)
    for search in content["ladder"]["searches"]:
        print(f"{search['name']}: {json.dumps(searcher.carry_out(search))}", flush=True)
    write_text(TRIALS, to_csv(searcher.rows))
    write_json(chosen.PATH, searcher.chosen)


if __name__ == "__main__":
    run_stage(main, __doc__)
