"""The tables of the study: one row a run, and one row an epoch of a run."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stages.study.runs import Outcome, Run
from stages.study.saturation import FirstLayer
from stages.study.summary import Band, inside, rises

Results = Sequence[tuple[Run, Outcome]]

VERSION = 1

RUNS = pa.schema(
    [
        ("pixels", pa.string()),
        ("pixel_scale", pa.float64()),
        ("learning_rate", pa.float64()),
        ("seed", pa.uint32()),
        ("epochs", pa.int32()),
        ("train_accuracy", pa.float64()),
        ("train_cost", pa.float64()),
        ("test_accuracy", pa.float64()),
        ("test_cost", pa.float64()),
        ("cost_rises", pa.int32()),
    ]
)
CURVES = pa.schema(
    [
        ("pixels", pa.string()),
        ("learning_rate", pa.float64()),
        ("seed", pa.uint32()),
        ("epoch", pa.int32()),
        ("cost", pa.float64()),
        ("accuracy", pa.float64()),
    ]
)
FIRST_LAYER = pa.schema(
    [
        ("pixels", pa.string()),
        ("learning_rate", pa.float64()),
        ("seed", pa.uint32()),
        ("epoch", pa.int32()),
        *((name, pa.float64()) for name in FirstLayer._fields),
    ]
)


def of_runs(results: Results) -> pa.Table:
    """Return a table with one row a run: its settings and what it ended with."""
    rows = [
        (*run, len(outcome.cost), *outcome.scores, rises(outcome.cost)) for run, outcome in results
    ]
    return _table(rows, RUNS)


def of_curves(results: Results) -> pa.Table:
    """Return a table with one row an epoch of a run: cost and accuracy before its update."""
    rows = [
        (run.pixels, run.learning_rate, run.seed, epoch, cost, accuracy)
        for run, outcome in results
        for epoch, (cost, accuracy) in enumerate(
            zip(outcome.cost, outcome.accuracy, strict=True), start=1
        )
    ]
    return _table(rows, CURVES)


def of_first_layer(results: Results) -> pa.Table:
    """Return a table with one row for each time that a run's first layer was looked at."""
    rows = [
        (run.pixels, run.learning_rate, run.seed, int(moment), *state)
        for run, outcome in results
        for moment, state in zip(outcome.moments, outcome.first_layer, strict=True)
    ]
    return _table(rows, FIRST_LAYER)


def of_bands(bands: dict[str, Band], post_cost: npt.NDArray[np.float64]) -> str:
    """Return, as CSV, the band of each scale and whether the post's cost lies in it.

    bands: by the name of the pixels. post_cost: (epochs,) nats.
    """
    lines = ["pixels,epoch,lowest,median,highest,post,inside"]
    for pixels, around in bands.items():
        held = inside(post_cost, around)
        rows = zip(*(part.tolist() for part in (*around, post_cost, held)), strict=False)
        lines += [
            f"{pixels},{epoch},{low!r},{middle!r},{high!r},{post!r},{str(within).lower()}"
            for epoch, (low, middle, high, post, within) in enumerate(rows, start=1)
        ]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    """Return the table of some rows."""
    columns = zip(*rows, strict=True)
    typed = zip(columns, schema.types, strict=True)
    return pa.Table.from_arrays([pa.array(list(held), kind) for held, kind in typed], schema=schema)
