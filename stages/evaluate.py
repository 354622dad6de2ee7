"""Score the trained network on the rows that trained it and on those that it never saw.

In: data/weights/{trained,snapshots}.npz, data/encoded/{train,test}.npz, data/history.parquet.
Out: data/predictions.parquet, and in reports/: metrics.json, per_class.json, predictions.csv,
history.csv, snapshots.csv. A network that has not learned is told of on stderr.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from stages.common import params
from stages.common.artifacts import encoded, history, predictions, reports, snapshots, trained
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.predictions import Predictions
from stages.common.artifacts.snapshots import Snapshots
from stages.common.artifacts.trained import Trained
from stages.common.command import run_stage
from stages.common.errors import not_ieee, unusable
from stages.common.files import together
from stages.common.pieces import PIECE_ROWS, spans
from stages.common.progress import shown
from stages.common.scratch import refuse_no_room_for_outs
from stages.network import exact, ieee
from stages.network.activations import ACTIVATIONS, Activation
from stages.network.health import ailments, cause, flat_layers
from stages.network.judging import Judge, Judgement
from stages.network.parameters import Parameters, cast
from stages.network.scores import class_scores

MOST_TOLD = 100_000  # test rows in predictions.csv, which Git keeps

_TOLD_BYTES = 16  # of a row there, at most
_REPORTS_BYTES = 100_000  # of the other reports

Table = dict[str, Any]  # columns by their names


def pieces_of(rows: Encoded) -> Iterator[Encoded]:
    """Yield rows some at a time, in order."""
    for span in spans(len(rows.X), PIECE_ROWS):
        yield Encoded(rows.X[span], rows.Y[span], rows.row[span], rows.pixel_scale)


def judge(parameters: Parameters, activation: Activation, rows: Encoded) -> Judgement:
    """Return how right a network is on some rows."""
    return _judged(Judge(parameters, rows.pixel_scale, activation), pieces_of(rows))


def _judged(one: Judge, pieces: Iterable[Encoded]) -> Judgement:
    """Return how right a network is on some pieces of rows."""
    for piece in pieces:
        one.hear(piece.X, piece.Y.argmax(axis=1))
    return one.judgement()


def predicted_by(judges: Sequence[Judge], pieces: Iterable[Encoded]) -> Iterator[Predictions]:
    """Yield what the first network says of each piece; the others are shown the same."""
    for piece in pieces:
        labels = piece.Y.argmax(axis=1)
        said, *_ = [one.hear(piece.X, labels) for one in judges]
        yield Predictions(piece.row, labels.astype(np.uint8), *said)


def worries(judged: dict[str, Judgement], train: Encoded) -> list[str]:
    """Return what makes one doubt that the network has learned, each with its likely cause.

    judged: of the rows of each name, "train" and "test"; of these, the test rows are asked only
    where the training rows show nothing. train: the training rows.
    """
    said = flat_layers(judged["train"].slopes)
    any_flat = bool(said)
    for name, judgement in judged.items():
        found = ailments(judgement.counts, judgement.cost)
        if found:
            said += [f"{name} rows: {sign}" for sign in found]
            break
    if not said:
        return []
    why = cause(float(train.X.max()) / train.pixel_scale, any_flat)
    return [f"{sign}; likely cause: {why}" for sign in said]


def metrics(judgement: Judgement) -> dict[str, float]:
    """Return accuracy, and cost: the mean cross-entropy in nats."""
    return {"accuracy": judgement.accuracy, "cost": judgement.cost}


def all_metrics(judged: dict[str, Judgement]) -> dict[str, dict[str, float]]:
    """Return what metrics.json holds, and where predictions.csv lacks test rows, that it does."""
    found = {name: metrics(judgement) for name, judgement in judged.items()}
    rows = len(judged["test"].predicted)
    if rows <= MOST_TOLD:
        return found
    return found | {reports.EXCERPT: {"rows": MOST_TOLD, "of": rows}}


def told(judgement: Judgement, rows: Encoded) -> Table:
    """Return the columns of predictions.csv: the rows in order, or the first MOST_TOLD by `row`."""
    many = len(rows.row) > MOST_TOLD
    some = np.argsort(rows.row, kind="stable")[:MOST_TOLD] if many else np.arange(len(rows.row))
    actual = rows.Y[some].argmax(axis=1)
    return {"row": rows.row[some], "actual": actual, "predicted": judgement.predicted[some]}


def course_of(epochs: Sequence[int], judged: Sequence[Judgement]) -> Table:
    """Return the columns of snapshots.csv: epoch, cost and accuracy on some rows."""
    each = [metrics(judgement) for judgement in judged]
    return {"epoch": epochs, **{name: [one[name] for one in each] for name in ("cost", "accuracy")}}


def per_class(judgement: Judgement) -> dict[str, dict[str, Any]]:
    """Return precision, recall, F1 and support of each digit, by its name."""
    scores = class_scores(judgement.counts)
    columns = {name: values.tolist() for name, values in scores._asdict().items()}
    return {str(digit): {name: columns[name][digit] for name in columns} for digit in range(10)}


def report(judged: dict[str, Judgement], test: Encoded, course: Table, past: Table) -> None:
    """Write the reports that Git keeps. course, past: the columns of history and snapshots."""
    reports.write_json(reports.METRICS, all_metrics(judged))
    reports.write_json(reports.PER_CLASS, per_class(judged["test"]))
    reports.write_text(reports.PREDICTIONS, _csv(told(judged["test"], test)))
    reports.write_text(reports.HISTORY, _csv(course))
    reports.write_text(reports.SNAPSHOTS, _csv(past))


def _csv(columns: Table) -> str:
    """Return a table as CSV; floats keep all their digits."""
    return str(pd.DataFrame(columns).to_csv(index=False, lineterminator="\n"))


def _refuse_machine(precision: str) -> None:
    """Raise DigitsError where the precision needs another arithmetic than that of this machine."""
    fault = ieee.fault() if precision == "reproducible" else None
    if fault:
        raise not_ieee(fault, precision)


def _refuse(path: Path, network: Trained, rows: Encoded) -> None:
    """Raise DigitsError where a network in a file is not for these rows, or the arithmetic here."""
    if (network.side, network.pixel_scale) != (rows.side, rows.pixel_scale):
        raise unusable(
            path,
            "train",
            f"it reads images of side {network.side} at pixel scale {network.pixel_scale}, but "
            f"those of {encoded.TRAIN} are of side {rows.side} at {rows.pixel_scale}",
        )
    activation = ACTIVATIONS[network.activation]
    if not exact.holds(cast(network.layers, np.float64), network.pixel_scale, activation):
        raise unusable(path, "train", "its weights are too large: training diverged")


def read_networks(rows: Encoded) -> tuple[Trained, Snapshots]:
    """Return the trained network and its snapshots; raises DigitsError where one is unusable."""
    network, past = trained.read(trained.TRAINED), snapshots.read(snapshots.SNAPSHOTS)
    _refuse(trained.TRAINED, network, rows)
    for one in past.networks:
        _refuse(snapshots.SNAPSHOTS, one, rows)
    return network, past


def judge_all(
    networks: Sequence[Trained], train: Encoded, test: Encoded
) -> tuple[Judgement, list[Judgement]]:
    """Judge the first network on training rows, all on test rows; write what it predicts of these.

    Returns the judgement on training rows, and those on test rows.
    """
    one, *others = [
        Judge(network.layers, train.pixel_scale, ACTIVATIONS[network.activation])
        for network in (networks[0], *networks)
    ]
    with threadpool_limits(1, "blas"):  # more pay for nothing on so little work
        learned = _judged(one, _shown(train, "train"))
        made = predicted_by(others, _shown(test, "test"))
        predictions.write_pieces(predictions.PREDICTIONS, len(test.X), made)
    return learned, [other.judgement() for other in others]


def _size(rows: int) -> int:
    """Return how many bytes at most are written of so many test rows."""
    return predictions.size(rows) + min(rows, MOST_TOLD) * _TOLD_BYTES + _REPORTS_BYTES


def _shown(rows: Encoded, name: str) -> Iterator[Encoded]:
    """Yield rows some at a time, and show how far they are."""
    return shown(pieces_of(rows), f"evaluate {name}", len(rows.X), lambda piece: len(piece.X))


def main() -> None:
    """Run the stage."""
    _refuse_machine(params.check_file()["train"]["precision"])
    course = history.read(history.HISTORY)
    train, test = encoded.read_parts([encoded.TRAIN, encoded.TEST])
    network, past = read_networks(train)
    refuse_no_room_for_outs(predictions.PREDICTIONS, _size(len(test.X)))
    with together():
        learned, (tested, *over_time) = judge_all([network, *past.networks], train, test)
        judged = {"train": learned, "test": tested}
        report(judged, test, course.columns, course_of(past.epochs, over_time))
    for worry in worries(judged, train):
        print(f"evaluate: warning: {worry}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
