"""Score the trained network on the rows that trained it and on those that it never saw.

In: data/weights/{trained,snapshots}.npz, data/encoded/{train,test}.npz, data/history.parquet.
Out: data/predictions.parquet, and in reports/: metrics.json, per_class.json, predictions.csv,
history.csv, snapshots.csv. A network that has not learned is told of on stderr.
"""

import operator
import sys
import typing
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from stages.common import params
from stages.common.artifacts import encoded, history, predictions, reports, snapshots, trained
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.artifacts.predictions import Predictions
from stages.common.artifacts.snapshots import Snapshots
from stages.common.artifacts.trained import Trained
from stages.common.command import run_stage
from stages.common.errors import DigitsError, unusable
from stages.network import exact, ieee
from stages.network.activations import ACTIVATIONS, Activation
from stages.network.compact import Chunk, CompactMatrix, Scratch, one_block
from stages.network.elementary import add_rows
from stages.network.health import ailments, cause, flat_layers
from stages.network.parameters import Floats, Parameters, cast
from stages.network.propagation import forward
from stages.network.scores import class_scores, confusion_matrix

BLOCK_ROWS = 2000  # rows widened to float64 at once: at most 12.5 MB of pixels


class Judgement(NamedTuple):
    """What a network says of some rows, and how right it is.

    P: (n, 10) float64 probabilities, to seven digits. predicted: (n,) uint8, the most probable
    digits. cost: mean cross-entropy in nats.
    slopes: of each hidden layer, first to last, the largest slope of a unit, up or down, on any
    row.
    """

    P: npt.NDArray[np.float64]
    predicted: npt.NDArray[np.uint8]
    cost: float
    slopes: list[float]


def judge(parameters: Parameters, activation: Activation, rows: Encoded) -> Judgement:
    """Return what a network says of each row, the same to the bit on every processor."""
    network = exact.ExactNetwork(cast(parameters, np.float64), rows.pixel_scale, activation)
    P, predicted, costs = [], [], []
    largest = [0.0] * (len(parameters) - 1)
    for chunk in _chunks(rows):
        A0 = CompactMatrix(chunk, Scratch())
        _, slopes, guess = forward(network, typing.cast("Floats", A0))
        steepest = [float(np.abs(slope).max()) for slope in slopes]
        largest = list(map(max, largest, steepest))
        P.append(_that_sum_to_one(guess.P))
        predicted.append(guess.Z.argmax(axis=0).astype(np.uint8))
        costs.append(network.cross_entropy(guess, chunk.truth))
    cost = network.nats(reduce(operator.add, costs)) / len(rows.X)
    return Judgement(np.concatenate(P), np.concatenate(predicted), cost, largest)


def _that_sum_to_one(P: Floats) -> npt.NDArray[np.float64]:
    """Return float32 probabilities (10, n) as float64 ones (n, 10) that sum to 1 as such do."""
    wide = P.astype(np.float64)
    wide /= add_rows(wide)
    return wide.T


def _chunks(rows: Encoded) -> Iterator[Chunk]:
    """Yield the rows in order, some at a time."""
    for start in range(0, len(rows.X), BLOCK_ROWS):
        some = np.arange(start, min(start + BLOCK_ROWS, len(rows.X)))
        yield one_block(rows.X, rows.Y, some)


def worries(judged: dict[str, Judgement], rows: dict[str, Encoded]) -> list[str]:
    """Return what makes one doubt that the network has learned, each with its likely cause.

    judged: of the rows of each name, "train" and "test"; of these, the test rows are asked only
    where the training rows show nothing.
    """
    train = rows["train"]
    said = flat_layers(judged["train"].slopes)
    why = cause(float(train.X.max()) / train.pixel_scale, bool(said))
    for name, part in rows.items():
        found = ailments(part.Y.argmax(axis=1), judged[name].predicted, judged[name].cost)
        if found:
            said += [f"{name} rows: {sign}" for sign in found]
            break
    return [f"{sign}; likely cause: {why}" for sign in said]


def metrics(judgement: Judgement, rows: Encoded) -> dict[str, float]:
    """Return accuracy, and cost: the mean cross-entropy in nats."""
    labels = rows.Y.argmax(axis=1)
    right = np.count_nonzero(judgement.predicted == labels)
    return {"accuracy": right / len(labels), "cost": judgement.cost}


def course_of(past: Snapshots, rows: Encoded) -> dict[str, list[Any]]:
    """Return epoch, cost and accuracy on some rows of a network on its way, in lists by name."""
    found: dict[str, list[Any]] = {"epoch": past.epochs, "cost": [], "accuracy": []}
    for network in past.networks:
        judged = judge(network.layers, ACTIVATIONS[network.activation], rows)
        for name, score in metrics(judged, rows).items():
            found[name].append(score)
    return found


def predictions_of(judgement: Judgement, rows: Encoded) -> Predictions:
    """Return what the network says of each row, beside what it shows."""
    labels = rows.Y.argmax(axis=1).astype(np.uint8)
    return Predictions(rows.row, labels, judgement.predicted, judgement.P)


def per_class(made: Predictions) -> dict[str, dict[str, Any]]:
    """Return precision, recall, F1 and support of each digit, by its name."""
    scores = class_scores(confusion_matrix(made.label, made.predicted, 10))
    columns = {name: values.tolist() for name, values in scores._asdict().items()}
    return {str(digit): {name: columns[name][digit] for name in columns} for digit in range(10)}


def report(
    made: Predictions, scores: dict[str, Any], course: History, past: dict[str, list[Any]]
) -> None:
    """Write the reports that Git keeps. past: the columns of snapshots.csv."""
    reports.write_json(reports.METRICS, scores)
    reports.write_json(reports.PER_CLASS, per_class(made))
    told = {"row": made.row, "actual": made.label, "predicted": made.predicted}
    reports.write_text(reports.PREDICTIONS, _csv(told))
    reports.write_text(reports.HISTORY, _csv(course.columns))
    reports.write_text(reports.SNAPSHOTS, _csv(past))


def _csv(columns: dict[str, Any]) -> str:
    """Return a table as CSV; floats keep all their digits."""
    return str(pd.DataFrame(columns).to_csv(index=False, lineterminator="\n"))


def _refuse_machine(precision: str) -> None:
    """Raise DigitsError where the precision needs another arithmetic than that of this machine."""
    fault = ieee.fault() if precision == "reproducible" else None
    if fault:
        raise DigitsError(
            f"this machine does not compute by IEEE 754, which train.precision {precision} needs: "
            f"{fault}. train.precision: float64 goes without it"
        )


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


def main() -> None:
    """Run the stage."""
    _refuse_machine(params.check_file()["train"]["precision"])
    course = history.read(history.HISTORY)
    train, test = encoded.read_parts([encoded.TRAIN, encoded.TEST])
    rows, (network, past) = {"train": train, "test": test}, read_networks(train)
    activation = ACTIVATIONS[network.activation]
    with threadpool_limits(1, "blas"):  # more pay for nothing on so little work
        judged = {name: judge(network.layers, activation, part) for name, part in rows.items()}
        over_time = course_of(past, test)
    made = predictions_of(judged["test"], test)
    predictions.write(predictions.PREDICTIONS, made)
    scores = {name: metrics(one, rows[name]) for name, one in judged.items()}
    report(made, scores, course, over_time)
    for worry in worries(judged, rows):
        print(f"evaluate: warning: {worry}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
