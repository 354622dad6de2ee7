"""Outcomes made up for a ladder's settings, so that what is made of them can be tested and seen."""

from collections.abc import Sequence

import numpy as np

from stages.study.ladder import ledger, readings
from stages.study.ladder.climb import ends, moments
from stages.study.ladder.entries import Entry, Maker
from stages.study.ladder.ledger import Ledger, Training
from stages.study.ladder.plan import OFFICIAL, Setting
from stages.study.ladder.readings import ABSENT, Images, Labels, column_of

PARTS = {"validation": 3000, "test": 12000, "official test": 10000}


def images(sizes: dict[str, int]) -> list[Images]:
    """Return images of made up labels, by digit."""
    found = []
    for name, n in sizes.items():
        label = np.sort(np.random.default_rng(n).integers(0, 10, n, np.uint8))
        rows = np.arange(n, dtype=np.int32)
        found.append(Images(name, rows, label, rows.astype(np.intp)))
    return found


def read_by(entry: Entry, accuracy: float, parts: Sequence[Images]) -> Labels:
    """Return a column of readings of about an accuracy."""
    rng = np.random.default_rng([entry.seed, int(entry.key[:8], 16)])
    mine = ("official test",) if entry.rows in OFFICIAL else ("validation", "test")
    columns = []
    for part in parts:
        wrong = rng.random(len(part.label)) > accuracy
        other = (part.label + rng.integers(1, 10, len(part.label), np.uint8)) % 10
        read = np.where(wrong, other, part.label).astype(np.uint8)
        columns.append(read if part.name in mine else np.full_like(read, ABSENT))
    return np.concatenate(columns)


def write(settings: Sequence[Setting], maker: Maker, sizes: dict[str, int]) -> None:
    """Write a record of made up trainings, the later settings a little better."""
    parts, columns, trainings = images(sizes), dict[str, Labels](), list[Training]()
    for number, setting in enumerate(settings):
        for seed in range(setting.seeds):
            entry = maker.of(setting, seed)
            spread = 0.002 * float(np.random.default_rng([seed, number]).standard_normal())
            accuracy = 1 - 0.15 * 0.86 ** min(number, 13) + spread
            columns[column_of(entry)] = read_by(entry, accuracy, parts)
            trainings.append(_training(entry, setting, accuracy))
    layers = np.random.default_rng(0).standard_normal((16, 784)).astype(np.float32)
    ledger.write(Ledger(trainings, dict.fromkeys(ends(settings), layers)))
    readings.write(parts, columns)


def _training(entry: Entry, setting: Setting, accuracy: float) -> Training:
    """Return a training whose curve comes near an accuracy."""
    epochs = int(entry.values["train.epochs"])
    kept = np.array(moments(epochs)) if setting.group == "climb" else np.empty(0, np.int64)
    rising = accuracy - 0.6 / (kept + 1)
    curve = np.array([0.5 / kept, rising, 0.6 / kept, rising], np.float32)
    validated = accuracy if entry.rows == "rungs" else np.nan
    scores = np.array([accuracy, 0.1, validated, validated])
    return Training(
        entry.key, setting.name, entry.seed, entry.rows, "0" * 40, epochs, 12.5, scores, kept, curve
    )
