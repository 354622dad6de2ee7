"""Score the trained network on the rows that trained it and on those that it never saw.

In: data/weights/trained.npz, data/encoded/train.npz, data/encoded/test.npz, data/history.parquet.
Out: data/predictions.parquet, and in reports/: metrics.json, per_class.json, predictions.csv,
history.csv.
"""

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
from stages.network.cost import cross_entropy, hits, truth_of
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
    with threadpool_limits(1, "blas"):  # more threads would round in another order
        learned, tested = log_probabilities(trained, train), log_probabilities(trained, test)
    scores = {"train": metrics(learned, train), "test": metrics(tested, test)}
    made = predict(tested, test)
    predictions.write(predictions.PREDICTIONS, made)
    report(made, scores, course)


if __name__ == "__main__":
    run_stage(main, __doc__)
