"""Read the reports that Git keeps, of any commit: from bytes, checked.

Apart from their writers in `reports`, which a stage imports: a new check here reruns nothing.
Every function takes the content, and `where` it is from for the message of its DigitsError.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError, refuse_conflict

TEST_ACCURACY = "test.accuracy"

_METRICS = ("train.accuracy", "train.cost", TEST_ACCURACY, "test.cost")
_PREDICTIONS_HEADER = "row,actual,predicted"
_HISTORY_HEADER = "epoch,cost,accuracy"

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predicted:
    """What a network says of the test images, in the order of their rows.

    row: (n,) each image's position in the source, ascending. actual, predicted: (n,) digits.
    """

    row: Integers
    actual: Integers
    predicted: Integers


def metrics(content: bytes, where: str) -> dict[str, float]:
    """Return the finite metrics of reports/metrics.json by dotted name, the known ones first."""
    try:
        text = content.decode()
        refuse_conflict(text, where)
        nested = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DigitsError(f"{where} is not JSON: {error}") from error
    flat = flatten(nested)
    missing = [name for name in _METRICS if name not in flat]
    if missing:
        raise DigitsError(f"{where} has no {missing[0]}")
    names = [*_METRICS, *(name for name in flat if name not in _METRICS)]
    found = {name: _finite(flat[name], f"{name} in {where}") for name in names}
    for name in found:
        if name.endswith(".accuracy") and not 0 <= found[name] <= 1:
            raise DigitsError(f"{name} in {where} is {found[name]}; expected a share from 0 to 1")
    return found


def flatten(nested: Any, prefix: str = "") -> dict[str, Any]:
    """Return the leaves of nested mappings by their dotted names."""
    if not isinstance(nested, dict):
        return {prefix: nested} if prefix else {}
    flat: dict[str, Any] = {}
    for name, inner in nested.items():
        flat |= flatten(inner, f"{prefix}.{name}" if prefix else str(name))
    return flat


def _finite(found: Any, name: str) -> float:
    """Return a number, or raise DigitsError for anything else."""
    number = isinstance(found, int | float) and not isinstance(found, bool)
    # A whole number too great for a float is compared, not converted.
    if not number or not (abs(found) < math.inf and abs(found) < 1e300):
        raise DigitsError(f"{name} is {str(found)[:40]}; expected a finite number")
    return float(found)


def predictions(content: bytes, where: str) -> Predicted:
    """Return reports/predictions.csv: each row once, and digits from 0 to 9."""
    lines = _lines(content, where, _PREDICTIONS_HEADER)
    cells = np.array(
        [_cells(line, number, where, int) for number, line in enumerate(lines, start=2)], np.int64
    )
    digits = cells[:, 1:]
    if cells.min() < 0 or digits.max() > 9:
        raise DigitsError(f"{where} holds a row or a digit that is out of range")
    by_row = cells[np.argsort(cells[:, 0], kind="stable")]
    if np.any(np.diff(by_row[:, 0]) == 0):
        raise DigitsError(f"{where} holds a row twice")
    return Predicted(by_row[:, 0], by_row[:, 1], by_row[:, 2])


def costs(content: bytes, where: str) -> Floats:
    """Return the cost of each epoch, in nats, from reports/history.csv: (epochs,) finite."""
    lines = _lines(content, where, _HISTORY_HEADER)
    rows = [_cells(line, number, where, float) for number, line in enumerate(lines, start=2)]
    found = np.array(rows, np.float64)
    if not np.all(np.isfinite(found)):
        raise DigitsError(f"{where} holds a number that is not finite")
    return found[:, 1]


def _lines(content: bytes, where: str, header: str) -> list[str]:
    """Return the lines after the header of a small CSV file, at least one."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise DigitsError(f"{where} is not text: {error}") from error
    refuse_conflict(text, where)
    first, *others = text.splitlines() or [""]
    if first != header:
        raise DigitsError(f"{where} starts with {first[:40]!r}; expected {header}")
    if not others:
        raise DigitsError(f"{where} holds no row")
    return others


def _cells(line: str, number: int, where: str, kind: type[int] | type[float]) -> list[float]:
    """Return the three numbers of a line."""
    try:
        first, second, third = (kind(cell) for cell in line.split(","))
    except ValueError as error:
        raise DigitsError(f"{where}: line {number} is {line[:40]!r}; expected numbers") from error
    return [first, second, third]
