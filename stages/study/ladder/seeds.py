"""What the seeds of each setting say together: accuracies, and what they differ by from others'."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stages.common.errors import DigitsError
from stages.study.ladder import ledger
from stages.study.ladder.entries import Maker
from stages.study.ladder.intervals import Spread, differences, spread
from stages.study.ladder.ledger import Ledger, Training
from stages.study.ladder.plan import Setting
from stages.study.ladder.readings import Readings, named, test_part


class Standing(NamedTuple):
    """What the seeds of a setting say together.

    scores: accuracy by part, validation only where rows validate. difference: of the accuracy to
    the neighbour's from the same seeds, likewise. seconds: the median training's.
    """

    setting: Setting
    epochs: int
    seconds: float
    trainings: list[Training]
    scores: dict[str, Spread]
    difference: dict[str, Spread]


def accuracies(
    setting: Setting, trainings: Sequence[Training], read: Readings
) -> dict[str, dict[int, float]]:
    """Return a setting's accuracy by part and seed, counted from what its networks read."""
    test = test_part(setting.rows)
    columns = {one.seed: named(setting.name, one.seed, one.key) for one in trainings}
    found = {"test": {seed: read.accuracy(name, test) for seed, name in columns.items()}}
    if setting.rows == "rungs":
        found["validation"] = {
            seed: read.accuracy(name, "validation") for seed, name in columns.items()
        }
    return found


def standings(
    settings: Sequence[Setting], maker: Maker, made: Ledger, read: Readings
) -> list[Standing]:
    """Return what each setting's seeds say; raises DigitsError for one that is not recorded."""
    trainings = {one.name: _trainings(one, maker, made) for one in settings}
    scores = {one.name: accuracies(one, trainings[one.name], read) for one in settings}
    found = []
    for one in settings:
        beside = scores[one.neighbour] if one.neighbour else {}
        apart = {
            part: differences(ours, beside.get(part, {})) for part, ours in scores[one.name].items()
        }
        seconds = float(np.median([training.seconds for training in trainings[one.name]]))
        found.append(
            Standing(
                one,
                trainings[one.name][0].epochs,
                seconds,
                trainings[one.name],
                {part: spread(list(ours.values())) for part, ours in scores[one.name].items()},
                {part: one for part, one in apart.items() if one is not None},
            )
        )
    return found


def _trainings(setting: Setting, maker: Maker, made: Ledger) -> list[Training]:
    """Return the recorded trainings of a setting, seed by seed."""
    known = made.by_key()
    keys = [maker.of(setting, seed).key for seed in range(setting.seeds)]
    absent = [seed for seed, key in enumerate(keys) if key not in known]
    if absent:
        raise DigitsError(
            f"{ledger.TRAININGS} has no training of {setting.name} from seed {absent[0]}: "
            "`make ladder` makes it"
        )
    return [known[key] for key in keys]
