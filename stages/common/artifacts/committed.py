"""Read the reports that Git keeps, of any commit: from bytes, checked.

Apart from their writers in `reports`, which `evaluate` imports: a new check here runs only those
stages again that read reports.
Every function takes the content, and `where` it is from for the message of its DigitsError.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.common.artifacts.reports import EXCERPT
from stages.common.errors import DigitsError, refuse_conflict

TEST_ACCURACY = "test.accuracy"

_METRICS = ("train.accuracy", "train.cost", TEST_ACCURACY, "test.cost")
_EXCERPT = (f"{EXCERPT}.rows", f"{EXCERPT}.of")  # where not all test rows are told
_PREDICTIONS_HEADER = "row,actual,predicted"
_HISTORY_HEADER = "epoch,cost,accuracy"  # and that of the snapshots
# What may follow in it, in this order: where rows validate, and where the rate is not constant.
_VALIDATION, _RATE = ",validation_cost,validation_accuracy", ",learning_rate"

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
    """Return the finite scores of reports/metrics.json by dotted name, the known ones first."""
    flat = {name: it for name, it in _leaves(content, where).items() if name not in _EXCERPT}
    missing = [name for name in _METRICS if name not in flat]
    if missing:
        raise DigitsError(f"{where} has no {missing[0]}")
    names = [*_METRICS, *(name for name in flat if name not in _METRICS)]
    found = {name: _finite(flat[name], f"{name} in {where}") for name in names}
    for name in found:
        if name.endswith(".accuracy") and not 0 <= found[name] <= 1:
            raise DigitsError(f"{name} in {where} is {found[name]}; expected a share from 0 to 1")
    return found


def test_rows(content: bytes, where: str) -> int | None:
    """Return how many test rows reports/metrics.json says there are, of which only some are told.

    None where reports/predictions.csv tells all of them.
    """
    flat = _leaves(content, where)
    if not any(name in flat for name in _EXCERPT):
        return None
    told, rows = (_finite(flat.get(name), f"{name} in {where}") for name in _EXCERPT)
    if not (0 < told < rows and rows.is_integer()):
        raise DigitsError(f"{_EXCERPT[1]} in {where} is {rows}; expected more than {told}")
    return int(rows)


def _leaves(content: bytes, where: str) -> dict[str, Any]:
    """Return what reports/metrics.json holds, by dotted name."""
    try:
        text = content.decode()
        refuse_conflict(text, where)
        return flatten(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise DigitsError(f"{where} is not JSON: {error}") from error


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
    _, lines = _lines(content, where, [_PREDICTIONS_HEADER])
    cells = np.array(_cells(lines, 3, where, int), np.int64)
    digits = cells[:, 1:]
    if cells.min() < 0 or digits.max() > 9:
        raise DigitsError(f"{where} holds a row or a digit that is out of range")
    by_row = cells[np.argsort(cells[:, 0], kind="stable")]
    if np.any(np.diff(by_row[:, 0]) == 0):
        raise DigitsError(f"{where} holds a row twice")
    return Predicted(by_row[:, 0], by_row[:, 1], by_row[:, 2])


def history(content: bytes, where: str) -> dict[str, Floats]:
    """Return the columns of reports/history.csv by name: (epochs,) each, finite, costs in nats."""
    more = ["", _RATE, _VALIDATION, _VALIDATION + _RATE]
    return _columns(content, where, [_HISTORY_HEADER + columns for columns in more])


def snapshots(content: bytes, where: str) -> dict[str, Floats]:
    """Return the columns of reports/snapshots.csv by name: (k,) each, finite, costs in nats."""
    return _columns(content, where, [_HISTORY_HEADER])


def _columns(content: bytes, where: str, headers: Sequence[str]) -> dict[str, Floats]:
    """Return the finite columns of a small CSV file by name, each (rows,)."""
    names, lines = _lines(content, where, headers)
    found = np.array(_cells(lines, len(names), where, float), np.float64)
    if not np.all(np.isfinite(found)):
        raise DigitsError(f"{where} holds a number that is not finite")
    return dict(zip(names, found.T, strict=True))


def _lines(content: bytes, where: str, headers: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the names of the columns of a small CSV file, and the lines of it, at least one."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise DigitsError(f"{where} is not text: {error}") from error
    refuse_conflict(text, where)
    first, *others = text.splitlines() or [""]
    if first not in headers:
        raise DigitsError(f"{where} starts with {first[:40]!r}; expected {headers[0]}")
    if not others:
        raise DigitsError(f"{where} holds no row")
    return first.split(","), others


def _cells(
    lines: Sequence[str], columns: int, where: str, kind: type[int] | type[float]
) -> list[list[float]]:
    """Return the numbers of each line after the header, as many as there are columns."""
    return [
        _numbers(line, columns, f"{where}: line {at}", kind) for at, line in enumerate(lines, 2)
    ]


def _numbers(line: str, columns: int, where: str, kind: type[int] | type[float]) -> list[float]:
    """Return the numbers of a line."""
    cells = line.split(",")
    try:
        if len(cells) == columns:
            return [kind(cell) for cell in cells]
    except ValueError:
        pass
    raise DigitsError(f"{where} is {line[:40]!r}; expected {columns} numbers")
