"""Train every setting of the ladder from its seeds, and record what validation says of each.

In: the official MNIST files, data/raw/mnist.sha256, reports/ladder/params.yaml and chosen.json.
Out: reports/ladder/trainings.parquet, curves.parquet, first_layers.npz and run.json.

It sees no row that tests. Trainings that are finished are in .cache/ladder/, and one that the
record in reports/ladder/ knows is not done again: a study that was stopped goes on, and one with a
new setting trains that alone. DIGITS_THREADS sets how many are trained side by side.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stages.common.artifacts.reports import write_json
from stages.common.command import run_stage
from stages.common.identity import library
from stages.common.threads import thread_count
from stages.study import provenance
from stages.study.ladder import chosen, ladder_params, ledger, plan
from stages.study.ladder.entries import Entry, Maker, in_order
from stages.study.ladder.finishing import Workshop, finish, refuse_faults
from stages.study.ladder.ledger import Ledger, Training
from stages.study.ladder.plan import Setting
from stages.study.ladder.pools import Counts
from stages.study.ladder.pupil import Outcome
from stages.study.ladder.shelf import FOLDER, Shelf

_DECIDING = (plan.PARAMS_FILE.as_posix(), chosen.PATH.as_posix())

# Curves are kept after so many epochs, each some 12 % more than the one before.
_GROWTH = 1.12


def moments(epochs: int) -> list[int]:
    """Return the epochs, from 1 to the last, at which a curve of so many is kept."""
    found, place = {1, epochs}, 1.0
    while place < epochs:
        found.add(round(place))
        place *= _GROWTH
    return sorted(found)


def training_of(entry: Entry, setting: Setting, outcome: Outcome, commit: str) -> Training:
    """Return what the record keeps of an entry."""
    epochs = outcome.curves.shape[1]
    kept = np.array(moments(epochs)) if setting.group == "climb" else np.empty(0, np.int64)
    curve = outcome.curves[:, kept - 1].astype(np.float32)
    return Training(
        entry.key, setting.name, entry.seed, entry.rows, commit, epochs, float(outcome.seconds),
        outcome.scores, kept, curve,
    )  # fmt: skip


def collected(
    settings: Sequence[Setting], maker: Maker, shelf: Shelf, recorded: Ledger, commit: str
) -> Ledger:
    """Return the record of all settings, from the shelf, and else from what is recorded."""
    trainings, layers, known_by_key = list[Training](), dict[str, Any](), recorded.by_key()
    for setting in settings:
        for seed in range(setting.seeds):
            entry = maker.of(setting, seed)
            known, outcome = known_by_key.get(entry.key), shelf.load(entry)
            made = training_of(entry, setting, outcome, commit) if outcome else known
            kept = known if known and made and same(known, made) else made
            assert kept is not None  # noqa: S101 - for mypy: all are finished or recorded
            trainings.append(kept._replace(name=setting.name))
            if outcome and seed == 0:
                layers[setting.name] = outcome.parameters[0][0]
    shown = {name: layers.get(name, recorded.layers.get(name)) for name in ends(settings)}
    return Ledger(trainings, {name: layer for name, layer in shown.items() if layer is not None})


def same(one: Training, other: Training) -> bool:
    """Tell whether two trainings gave the same, whenever they were and however long they took."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("scores", "moments", "curve")
    )


def ends(settings: Sequence[Setting]) -> tuple[str, str]:
    """Return the first and the last rung: whose first layers are shown."""
    climb = [setting.name for setting in settings if setting.group == "climb"]
    return climb[0], climb[-1]


def hours(trainings: Sequence[Training], groups: Mapping[str, str]) -> dict[str, float]:
    """Return the hours of training, on one core, by group of settings."""
    names = sorted({groups[training.name] for training in trainings})
    return {
        name: round(sum(one.seconds for one in trainings if groups[one.name] == name) / 3600, 3)
        for name in names
    }


def main() -> None:
    """Train what is not trained, and write the record."""
    content = ladder_params.load()
    settings, counts = plan.settings(content), Counts(**content["rows"])
    maker = Maker(counts, settings, chosen.read())
    workshop, recorded = Workshop(counts, Shelf(FOLDER), thread_count()), ledger.read()
    entries = in_order(settings, maker)
    refuse_faults(finish(entries, workshop, recorded.by_key()), entries)
    run = provenance.commit(_DECIDING)
    made = collected(settings, maker, workshop.shelf, recorded, run["commit"] or "")
    ledger.write(made)
    groups = {setting.name: setting.group for setting in settings}
    run |= {"processes": workshop.processes, "library": library()}
    run["hours"] = hours(list(made.by_key().values()), groups)
    write_json(plan.FOLDER / "run.json", run)


if __name__ == "__main__":
    run_stage(main, __doc__)
