"""Make the tables and figures of the ladder from its record.

In: reports/ladder/params.yaml, chosen.json, trainings.parquet, curves.parquet, first_layers.npz and
predictions.parquet. Out: reports/ladder/standings.csv, summary.json, recipes.sh and figures/.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

from stages.common.artifacts.reports import keep_figures, write_json, write_text
from stages.common.command import run_stage
from stages.common.files import replacing
from stages.figures.style import plain, to_png
from stages.study.ladder import chosen, ladder_params, ledger, plan, readings, recipe_command
from stages.study.ladder.entries import Maker
from stages.study.ladder.figures import gallery
from stages.study.ladder.intervals import Spread
from stages.study.ladder.ledger import Ledger
from stages.study.ladder.pools import Counts
from stages.study.ladder.seeds import Standing, standings

PARTS = ("validation", "test")
_SPREAD = Spread._fields[1:]
_DIFFERENCE = ("mean", "low", "high")  # of a spread, what is told of a difference


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
