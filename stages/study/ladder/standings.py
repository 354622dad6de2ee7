"""Make the tables and figures of the ladder from its record.

In: reports/ladder/params.yaml, chosen.json, trainings.parquet, curves.parquet, first_layers.npz and
predictions.parquet. Out: reports/ladder/standings.csv, summary.json, recipes.sh and figures/.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from stages.common.artifacts.reports import keep_figures, write_json, write_text
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.common.files import replacing
from stages.figures.style import plain, to_png
from stages.study.ladder import chosen, ladder_params, ledger, plan, readings, recipe_command
from stages.study.ladder.entries import Maker
from stages.study.ladder.figures import gallery
from stages.study.ladder.intervals import Spread, differences, spread
from stages.study.ladder.ledger import Ledger, Training
from stages.study.ladder.plan import Setting
from stages.study.ladder.pools import Counts
from stages.study.ladder.readings import Readings, named, test_part

PARTS = ("validation", "test")
_SPREAD = Spread._fields[1:]
_DIFFERENCE = ("mean", "low", "high")  # of a spread, what is told of a difference


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


def to_csv(found: Sequence[Standing]) -> str:
    """Return the table of all settings, a row each; what does not exist is an empty cell."""
    columns = ["setting", "group", "rows", "neighbour", "seeds", "epochs", "seconds"]
    columns += [f"{part}_{name}" for part in PARTS for name in _SPREAD]
    columns += [f"{part}_difference_{name}" for part in PARTS for name in _DIFFERENCE]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for standing in found:
        writer.writerow(_row(standing))
    return text.getvalue()


def _row(standing: Standing) -> dict[str, Any]:
    """Return a setting's row of the table; shares to 8 places, as far as any library agrees."""
    setting = standing.setting
    row: dict[str, Any] = {
        "setting": setting.name, "group": setting.group, "rows": setting.rows,
        "neighbour": setting.neighbour, "seeds": setting.seeds, "epochs": standing.epochs,
        "seconds": round(standing.seconds, 1),
    }  # fmt: skip
    for part, one in standing.scores.items():
        row |= {f"{part}_{name}": _short(getattr(one, name)) for name in _SPREAD}
    for part, one in standing.difference.items():
        row |= {f"{part}_difference_{name}": _short(getattr(one, name)) for name in _DIFFERENCE}
    return row


def _short(value: float | None) -> float | None:
    """Return a number to 8 places."""
    return None if value is None else round(value, 8)


def summary_of(found: Sequence[Standing]) -> dict[str, Any]:
    """Return the content of summary.json: by setting, the numbers of the table and the label."""
    return {
        one.setting.name: {
            "label": one.setting.label,
            **{name: value for name, value in _row(one).items() if name != "setting"},
        }
        for one in found
    }


def write_figures(found: Sequence[Standing], made: Ledger) -> None:
    """Write the figures."""
    folder = plan.FOLDER / "figures"
    with plain():
        figures = gallery.draw_all(found, made)
        for name, figure in figures.items():
            with replacing(folder / f"{name}.png") as file:
                file.write(to_png(figure))
    keep_figures(folder, figures)


def main() -> None:
    """Make them."""
    content = ladder_params.load()
    settings, counts = plan.settings(content), Counts(**content["rows"])
    maker = Maker(counts, settings, chosen.read())
    made = ledger.read()
    found = standings(settings, maker, made, readings.read())
    write_text(plan.FOLDER / "standings.csv", to_csv(found))
    write_json(plan.FOLDER / "summary.json", summary_of(found))
    recipes = [maker.of(setting, 0) for setting in settings]
    commands = recipe_command.of_all(recipes, content["ingest"]["source"], counts)
    write_text(plan.FOLDER / "recipes.sh", commands)
    write_figures(found, made)


if __name__ == "__main__":
    run_stage(main, __doc__)
