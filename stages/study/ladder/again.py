"""Train one seed of a few rungs of the ladder again, and hold its record against that.

In: what the study reads, and its record in reports/ladder/. Out: nothing; it ends with 1 where a
training, what its network reads, or a table is not what was recorded, to the byte. A training in
a float precision is compared only with the libraries that the record was made with.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.identity import library
from stages.common.threads import thread_count
from stages.network.arithmetic import ARITHMETICS
from stages.study import official
from stages.study.ladder import (
    chosen,
    ladder_params,
    ledger,
    plan,
    readings,
    score,
    seeds,
    standings,
)
from stages.study.ladder.climb import same, training_of
from stages.study.ladder.entries import Entry, Maker
from stages.study.ladder.finishing import Workshop, finish, refuse_faults
from stages.study.ladder.plan import Setting
from stages.study.ladder.pools import Counts
from stages.study.ladder.shelf import Shelf

_ADVICE = "`make ladder` makes the record again, once reports/ladder/trainings.parquet is deleted"


def comparable(entry: Entry) -> bool:
    """Tell whether an entry gives the same bytes here as where the record was made."""
    if ARITHMETICS[entry.values["train.precision"]].everywhere:
        return True
    run = json.loads((plan.FOLDER / "run.json").read_text(encoding="utf-8"))
    return bool(run["library"] == library())


def refuse_others(
    pairs: Sequence[tuple[Setting, Entry]], shelf: Shelf, whole: Digits, counts: Counts
) -> None:
    """Raise DigitsError for the first training that gives something else than is recorded."""
    recorded, read = ledger.read().by_key(), readings.read().columns
    images = [score.images_of(part, whole, counts) for part in score.PARTS]
    columns = score.asked([entry for _, entry in pairs], shelf, whole, counts, images)
    for setting, entry in pairs:
        outcome, column = shelf.load(entry), readings.column_of(entry)
        if entry.key not in recorded or column not in read or outcome is None:
            raise DigitsError(f"{plan.FOLDER} has no record of {entry.name}: {_ADVICE}")
        made = training_of(entry, setting, outcome, "")
        if not same(made, recorded[entry.key]):
            raise DigitsError(f"{entry.name} gives other scores than are recorded: {_ADVICE}")
        if not np.array_equal(columns[column], read[column]):
            raise DigitsError(f"{entry.name} reads other digits than are recorded: {_ADVICE}")


def refuse_other_tables(settings: Sequence[Setting], maker: Maker) -> None:
    """Raise DigitsError unless the tables are what follows from the record."""
    found = seeds.standings(settings, maker, ledger.read(), readings.read())
    path = plan.FOLDER / "standings.csv"
    if path.read_text(encoding="utf-8") != standings.to_csv(found):
        raise DigitsError(f"{path} is not what follows from the recorded readings: {_ADVICE}")


def main() -> None:
    """Check the record."""
    content = ladder_params.load()
    settings, counts = plan.settings(content), Counts(**content["rows"])
    maker = Maker(counts, settings, chosen.read())
    checked = [plan.named(content, name) for name in content["ladder"]["checked"]]
    pairs = [(setting, maker.of(setting, 0)) for setting in checked]
    pairs = [(setting, entry) for setting, entry in pairs if comparable(entry)]
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1, "blas"):
        workshop = Workshop(counts, Shelf(Path(folder)), thread_count())
        entries = [entry for _, entry in pairs]
        refuse_faults(finish(entries, workshop, ()), entries)
        whole = official.read(Path(content["ingest"]["source"]))
        refuse_others(pairs, workshop.shelf, whole, counts)
    refuse_other_tables(settings, maker)
    print(f"{len(pairs)} of {len(checked)} settings trained again: the record is as it should be")


if __name__ == "__main__":
    run_stage(main, __doc__)
