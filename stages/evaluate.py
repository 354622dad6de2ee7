"""Score the trained network on the rows that trained it and on those that it never saw.

In: data/weights/trained.npz, data/encoded/train.npz, data/encoded/test.npz, data/history.parquet.
Out: data/predictions.parquet, and in reports/: metrics.json, per_class.json, predictions.csv,
history.csv. A network that has not learned is told of on stderr.
"""

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from stages.common import params
from stages.common.artifacts import encoded, history, predictions, reports, weights
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.artifacts.predictions import Predictions
from stages.common.command import run_stage
from stages.network.activations import sigmoid_slope
from stages.network.cost import cross_entropy, hits, truth_of
from stages.network.health import ailments, cause, flat_layers
from stages.network.parameters import Floats, Parameters, cast
from stages.network.propagation import forward
from stages.network.scores import class_scores, confusion_matrix

BLOCK_ROWS = 2000  # rows widened to float64 at once: 12.5 MB of pixels


def log_probabilities(parameters: Parameters, rows: Encoded) -> Floats:
    """Return the log-probability of each digit for each image: (10, n) float64."""
    exact = cast(parameters, np.float64)
    return np.concatenate([forward(exact, A0)[1] for A0 in _blocks(rows)], axis=1)


def _blocks(rows: Encoded) -> Iterator[Floats]:
    """Yield the images in order, some at a time, as columns: (784, at most BLOCK_ROWS) float64."""
    for start in range(0, len(rows.X), BLOCK_ROWS):
        yield rows.X[start : start + BLOCK_ROWS].T / rows.pixel_scale


def largest_slopes(parameters: Parameters, rows: Encoded) -> list[float]:
    """Return the largest slope of each hidden layer, first to last, over its units and the rows.

    It looks at no more rows than show that no layer is flat.
    """
    exact = cast(parameters, np.float64)
    largest = [0.0] * (len(exact) - 1)
    for A0 in _blocks(rows):
        hidden = forward(exact, A0)[0][1:]
        slopes = [float(sigmoid_slope(A).max()) for A in hidden]
        largest = [max(pair) for pair in zip(largest, slopes, strict=True)]
        if not flat_layers(largest):
            break
    return largest


def worries(log_P: dict[str, Floats], rows: dict[str, Encoded], slopes: list[float]) -> list[str]:
    """Return what makes one doubt that the network has learned, each with its likely cause.

    log_P: (10, n) of the rows of each name, "train" and "test"; of these, the test rows are
    asked only where the training rows show nothing. slopes: as largest_slopes.
    """
    said = flat_layers(slopes)
    train = rows["train"]
    why = cause(float(train.X.max()) / train.pixel_scale, bool(said))
    for name, part in rows.items():
        found = ailments(part.Y.argmax(axis=1), log_P[name])
        if found:
            said += [f"{name} rows: {sign}" for sign in found]
            break
    return [f"{sign}; likely cause: {why}" for sign in said]


def predict(log_P: Floats, rows: Encoded) -> Predictions:
    """Return what the network says of each row, from its log-probabilities (10, n)."""
    labels = rows.Y.argmax(axis=1).astype(np.uint8)
    predicted = log_P.argmax(axis=0).astype(np.uint8)
    return Predictions(rows.row, labels, predicted, np.exp(log_P.T).astype(np.float64))


def metrics(log_P: Floats, rows: Encoded) -> dict[str, float]:
    """Return accuracy, and cost: the mean cross-entropy in nats, from log_P (10, n)."""
    truth = truth_of(rows.Y)
    n = len(truth.labels)
    return {"accuracy": hits(log_P, truth) / n, "cost": cross_entropy(log_P, truth) / n}


def per_class(made: Predictions) -> dict[str, dict[str, Any]]:
    """Return precision, recall, F1 and support of each digit, by its name."""
    scores = class_scores(confusion_matrix(made.label, made.predicted, 10))
    columns = {name: values.tolist() for name, values in scores._asdict().items()}
    return {str(digit): {name: columns[name][digit] for name in columns} for digit in range(10)}


def report(made: Predictions, scores: dict[str, Any], course: History) -> None:
    """Write the reports that Git keeps."""
    reports.write_json(reports.METRICS, scores)
    reports.write_json(reports.PER_CLASS, per_class(made))
    told = {"row": made.row, "actual": made.label, "predicted": made.predicted}
    reports.write_text(reports.PREDICTIONS, _csv(told))
    epochs = {"epoch": course.epoch, "cost": course.cost, "accuracy": course.accuracy}
    reports.write_text(reports.HISTORY, _csv(epochs))


def _csv(columns: dict[str, Any]) -> str:
    """Return a table as CSV; floats keep all their digits."""
    return str(pd.DataFrame(columns).to_csv(index=False, lineterminator="\n"))


def main() -> None:
    """Run the stage."""
    params.check_file()
    trained, course = weights.read(weights.TRAINED), history.read(history.HISTORY)
    train, test = encoded.read_both()
    rows = {"train": train, "test": test}
    with threadpool_limits(1, "blas"):  # more threads would round in another order
        log_P = {name: log_probabilities(trained, part) for name, part in rows.items()}
        slopes = largest_slopes(trained, train)
    scores = {name: metrics(log_P[name], part) for name, part in rows.items()}
    made = predict(log_P["test"], test)
    predictions.write(predictions.PREDICTIONS, made)
    report(made, scores, course)
    for worry in worries(log_P, rows, slopes):
        print(f"evaluate: warning: {worry}", file=sys.stderr)


if __name__ == "__main__":
    run_stage(main, __doc__)
