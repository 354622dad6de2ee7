"""Write all that the study reports, into reports/reproduction/.

From run to run on one machine each file has the same bytes, except run.json, which says at which
commit the study was run and how long it took.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.common.artifacts import parquet
from stages.common.artifacts.reports import keep_figures, write_json, write_text
from stages.common.files import replacing
from stages.figures.style import plain, to_png
from stages.study import post, provenance, tables, why
from stages.study.agreement import TOLERANCE, Agreement
from stages.study.conclusion import conclude
from stages.study.figures import among_seeds, over_training, slower
from stages.study.post import Post
from stages.study.runs import Outcome, Run
from stages.study.saturation import FirstLayer
from stages.study.summary import Group, band, of_post, summarise

FOLDER = Path("reports/reproduction")
FIGURES = "figures"

PIXELS = ("raw", "scaled")

_DECIDING = ("reports/reproduction/params.yaml", "data/reference")

Results = Sequence[tuple[Run, Outcome]]


def report(usual: Results, slow: Results, agreed: Sequence[Agreement], threads: int) -> None:
    """Write every out of the study.

    usual: the runs held against the post. slow: those with smaller learning rates. agreed: how
    the loop over single images agrees, raw and scaled.
    """
    write(FOLDER, usual, slow)
    worst = {name: agreement.worst for name, agreement in zip(PIXELS, agreed, strict=True)}
    write_json(FOLDER / "loop.json", {**worst, "tolerance": TOLERANCE})
    run = provenance.commit(_DECIDING) | provenance.speed(usual, agreed, threads)
    write_json(FOLDER / "run.json", run)


def write(folder: Path, usual: Results, slow: Results) -> None:
    """Write into a folder all that follows from the runs alone."""
    published = post.read()
    groups = {name: group_of(of_pixels(usual, name)) for name in PIXELS}
    write_tables(folder, usual, slow, groups, published)
    write_json(folder / "summary.json", summary_of(groups, published))
    chapter = {name: why.of_scale(of_pixels(usual, name), of_pixels(slow, name)) for name in PIXELS}
    write_json(folder / "why.json", chapter)
    with plain():
        figures = draw(usual, slow, groups, published)
        for name, figure in figures.items():
            with replacing(folder / FIGURES / f"{name}.png") as file:
                file.write(to_png(figure))
    keep_figures(folder / FIGURES, figures)


def of_pixels(results: Results, pixels: str) -> Results:
    """Return the results of one scale."""
    return [(run, outcome) for run, outcome in results if run.pixels == pixels]


def group_of(results: Results) -> Group:
    """Return the runs of one scale as arrays."""
    outcomes = [outcome for _, outcome in results]
    scores = np.array([outcome.scores for outcome in outcomes])
    return Group(np.array([outcome.cost for outcome in outcomes]), scores[:, 0], scores[:, 2])


def summary_of(groups: dict[str, Group], published: Post) -> dict[str, Any]:
    """Return the content of summary.json."""
    summary: dict[str, Any] = {name: summarise(group, published) for name, group in groups.items()}
    epochs = next(iter(groups.values())).cost.shape[1]
    summary["post"] = of_post(published, epochs)
    return {**summary, "conclusion": conclude(summary)}


def write_tables(
    folder: Path, usual: Results, slow: Results, groups: dict[str, Group], published: Post
) -> None:
    """Write the tables."""
    made = {
        "runs": tables.of_runs(usual),
        "curves": tables.of_curves([*usual, *slow]),
        "learning_rates": tables.of_runs(slow),
        "first_layer": tables.of_first_layer([*usual, *slow]),
    }
    for name, table in made.items():
        parquet.write(folder / f"{name}.parquet", table, tables.VERSION)
    bands = {name: band(group.cost) for name, group in groups.items()}
    write_text(folder / "band.csv", tables.of_bands(bands, published.cost))


def draw(
    usual: Results, slow: Results, groups: dict[str, Group], published: Post
) -> dict[str, Figure]:
    """Return the figures by name."""
    bands = {name: band(group.cost) for name, group in groups.items()}
    tested = {name: group.test_accuracy for name, group in groups.items()}
    costs = {name: _by_rate(of_pixels([*usual, *slow], name)) for name in PIXELS}
    return {
        "among_seeds": among_seeds.draw(bands, tested, published),
        **_draw_first_layer(usual),
        "learning_rate": slower.draw(costs),
    }


def _draw_first_layer(usual: Results) -> dict[str, Figure]:
    """Return the figures of the first layer over training."""
    moments = usual[0][1].moments
    first = {
        field: {name: _seen(of_pixels(usual, name), place) for name in PIXELS}
        for place, field in enumerate(FirstLayer._fields)
    }
    saturated = {"First-layer activations within 10⁻⁶ of 0 or 1": first["saturated"]}
    errors = "First-layer errors, one for each unit\nand image, that are exactly 0"
    gradient = "First-layer gradient, summed over\nall images, that is exactly 0"
    zero = {errors: first["zero_errors"], gradient: first["zero_gradient"]}
    return {
        "saturation": over_training.draw(moments, saturated),
        "zero_gradient": over_training.draw(moments, zero),
    }


def _seen(results: Results, place: int) -> npt.NDArray[np.float64]:
    """Return one share of the first layer, (runs, k), at each of the k epochs looked at."""
    return np.array([outcome.first_layer[:, place] for _, outcome in results])


def _by_rate(results: Results) -> dict[float, npt.NDArray[np.float64]]:
    """Return the cost of the first seed's run with each learning rate, the largest first."""
    found = {run.learning_rate: outcome.cost for run, outcome in results if run.seed == 0}
    return dict(sorted(found.items(), reverse=True))
