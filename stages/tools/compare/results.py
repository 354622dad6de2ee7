"""What one side of a comparison says: its params, its metrics, its predictions, its costs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.common.artifacts import committed, reports
from stages.common.artifacts.committed import TEST_ACCURACY, Floats, Predicted
from stages.common.errors import DigitsError
from stages.common.params import PARAMS_FILE
from stages.tools import yaml_text
from stages.tools.project_files import Files
from stages.tools.recorded import LOCK


@dataclass(frozen=True)
class Results:
    """The results of one side.

    name: what to call the side in a message.
    params, metrics: by dotted name. metrics are finite, costs in nats.
    predicted: the test images. cost: (epochs,) nats, on the training rows.
    source: the hash of the source of digits, as dvc.lock has it.
    """

    name: str
    params: dict[str, Any]
    metrics: dict[str, float]
    predicted: Predicted
    cost: Floats
    source: str

    @property
    def accuracy(self) -> float:
        """Return the test accuracy, a share."""
        return self.metrics[TEST_ACCURACY]


def load(files: Files) -> Results:
    """Return the results of a side; raises DigitsError for one that is missing or wrong."""
    metrics = committed.metrics(*_found(files, reports.METRICS))
    params = committed.flatten(yaml_text.mapping(*_found(files, PARAMS_FILE)))
    predicted = committed.predictions(*_found(files, reports.PREDICTIONS))
    _refuse_disagreement(metrics, predicted, files.name)
    return Results(
        name=files.name,
        params=params,
        metrics=metrics,
        predicted=predicted,
        cost=committed.costs(*_found(files, reports.HISTORY)),
        source=_source(files, params.get("ingest.source")),
    )


def _found(files: Files, path: Path) -> tuple[bytes, str]:
    """Return a file's content and where it is from; raises DigitsError where it is not there."""
    content = files.read(path.as_posix())
    if content is None:
        raise DigitsError(f"{files.name} has no {path.as_posix()}")
    return content, f"{path.as_posix()} of {files.name}"


def _refuse_disagreement(metrics: dict[str, float], predicted: Predicted, name: str) -> None:
    """Raise DigitsError unless the test accuracy is that of the predictions."""
    share = float((predicted.actual == predicted.predicted).mean())
    if abs(share - metrics[TEST_ACCURACY]) > 1e-9:
        raise DigitsError(
            f"{reports.METRICS.as_posix()} of {name} has a test accuracy of "
            f"{metrics[TEST_ACCURACY]:.4f}, but its {reports.PREDICTIONS.as_posix()} one of "
            f"{share:.4f}: they are not of one run"
        )


def _source(files: Files, path: Any) -> str:
    """Return the hash that dvc.lock records for the source of digits."""
    lock = yaml_text.mapping(*_found(files, Path(LOCK)))
    try:
        deps = {dep["path"]: dep["md5"] for dep in lock["stages"]["ingest"]["deps"]}
        return str(deps[path])
    except (KeyError, TypeError) as error:
        raise DigitsError(
            f"{LOCK} of {files.name} records no hash of ingest.source {path}"
        ) from error
