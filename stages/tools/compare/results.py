"""What one side of a comparison says: its params, its metrics, its predictions, its costs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.common.artifacts import committed, reports
from stages.common.artifacts.committed import TEST_ACCURACY, Floats, Predicted
from stages.common.errors import DigitsError
from stages.tools import packages, recorded
from stages.tools.project_files import Files
from stages.tools.recorded import LOCK, Record


@dataclass(frozen=True)
class Results:
    """The results of one side.

    name: what to call the side in a message.
    record: its stages, dvc.lock and params. packages: its lock of packages.
    metrics: by dotted name, finite, costs in nats.
    predicted: the test images, or the first of them. test_rows: how many there are. course:
    (epochs,) each, by their names in history.csv.
    """

    name: str
    record: Record
    packages: bytes | None
    metrics: dict[str, float]
    predicted: Predicted
    test_rows: int
    course: dict[str, Floats]

    @property
    def accuracy(self) -> float:
        """Return the test accuracy, a share."""
        return self.metrics[TEST_ACCURACY]

    @property
    def tells_all(self) -> bool:
        """Tell whether all test images are among those predicted."""
        return len(self.predicted.row) == self.test_rows

    @property
    def params(self) -> dict[str, Any]:
        """Return the params by dotted name."""
        return self.record.params

    @property
    def source(self) -> str:
        """Return the hash of the source of digits, as dvc.lock has it."""
        path = self.params.get("ingest.source")
        deps = self.record.lock.get("ingest", {}).get("deps", [])
        for dep in deps:
            if dep["path"] == path:
                return str(dep["md5"])
        raise DigitsError(f"{LOCK} of {self.name} records no hash of ingest.source {path}")


def load(files: Files) -> Results:
    """Return the results of a side; raises DigitsError for one that is missing or wrong."""
    found = _found(files, reports.METRICS)
    metrics, rows = committed.metrics(*found), committed.test_rows(*found)
    predicted = committed.predictions(*_found(files, reports.PREDICTIONS))
    test_rows = rows or len(predicted.row)
    _refuse_disagreement(metrics, predicted, test_rows, files.name)
    return Results(
        name=files.name,
        record=recorded.load(files),
        packages=files.read(packages.PACKAGES),
        metrics=metrics,
        predicted=predicted,
        test_rows=test_rows,
        course=committed.history(*_found(files, reports.HISTORY)),
    )


def _found(files: Files, path: Path) -> tuple[bytes, str]:
    """Return a file's content and where it is from; raises DigitsError where it is not there."""
    content = files.read(path.as_posix())
    if content is None:
        raise DigitsError(f"{files.name} has no {path.as_posix()}")
    return content, f"{path.as_posix()} of {files.name}"


def _refuse_disagreement(
    metrics: dict[str, float], predicted: Predicted, test_rows: int, name: str
) -> None:
    """Raise DigitsError unless the test accuracy can be that of the predictions."""
    right, told = int((predicted.actual == predicted.predicted).sum()), len(predicted.row)
    # Of the rows that it does not tell, any may be right.
    least, most = right / test_rows, (right + test_rows - told) / test_rows
    if told > test_rows or not least - 1e-9 <= metrics[TEST_ACCURACY] <= most + 1e-9:
        raise DigitsError(
            f"{reports.METRICS.as_posix()} of {name} has a test accuracy of "
            f"{metrics[TEST_ACCURACY]:.4f}, but its {reports.PREDICTIONS.as_posix()} one of "
            f"{right / told:.4f}: they are not of one run"
        )
