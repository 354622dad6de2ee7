"""Two sides held against each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.common.artifacts import reports
from stages.common.artifacts.committed import Predicted
from stages.tools.compare import statistics
from stages.tools.compare.commits import Chosen
from stages.tools.compare.results import Results
from stages.tools.compare.statistics import Flips, Outcome
from stages.tools.compare.verdict import Verdict, judge
from stages.tools.gate import Gate

PIXEL_SCALE = "encode.pixel_scale"
# Measured on the default data: a change of 1e-7 in the first weights flips 222 of the 1,500
# predictions at scale 1, 95 at 16, 47 at 32, and none at 64 or 255.
_CHAOTIC_BELOW = 64.0
_RAW = (
    "encode.pixel_scale is {scale}, and near raw pixels training is chaotic: another processor's "
    "rounding alone moves test accuracy by 1 to 2 points. --rerun takes that away, and so does "
    "train.precision: reproducible"
)
MISSING: Any = object()  # the value of a params key that one side does not have: null is a value


@dataclass(frozen=True)
class Context:
    """What was compared with what.

    retrained: whether commits were trained again. has_changes: whether the working copy differs
    from HEAD.
    """

    baseline: Chosen
    current: Chosen
    retrained: bool
    has_changes: bool


@dataclass(frozen=True)
class Comparison:
    """All that a report tells.

    spoiled, mended: the flips to wrong and to right, None where the images are not the same.
    difference: why they are not, or "".
    """

    context: Context
    before: Results
    after: Results
    gate: Gate
    spoiled: Flips | None
    mended: Flips | None
    difference: str
    test: Outcome
    verdict: Verdict
    warnings: tuple[str, ...]


def compare(before: Results, after: Results, gate: Gate, context: Context) -> Comparison:
    """Return the comparison of a baseline with what came after, and its verdict."""
    difference = _difference(before, after)
    spoiled = mended = None
    if difference:
        test = statistics.proportions(before.predicted, after.predicted)
    else:
        spoiled, mended = statistics.flips(before.predicted, after.predicted)
        test = statistics.mcnemar(len(spoiled.row), len(mended.row))
    verdict = judge(before.accuracy, after.accuracy, test.p_value, gate)
    warnings = _excerpts(before, after)
    if not context.retrained:
        warnings += _warnings(before, after)
    return Comparison(
        context, before, after, gate, spoiled, mended, difference, test, verdict, warnings
    )


def _difference(before: Results, after: Results) -> str:
    """Say why the test images are not the same, or return ""."""
    if before.source != after.source:
        return "the source differs"
    same = statistics.same_images(before.predicted, after.predicted)
    if same and before.test_rows == after.test_rows:
        return ""
    counts = f"{before.test_rows:,} before, {after.test_rows:,} after"
    if before.tells_all and after.tells_all:
        shared = len(np.intersect1d(before.predicted.row, after.predicted.row))
        counts += f", {shared:,} in both"
    return f"the test rows differ ({counts})"


def _excerpts(before: Results, after: Results) -> tuple[str, ...]:
    """Say where what is told of single images is not of all of them."""
    told = {
        f"{reports.PREDICTIONS.as_posix()} holds the first {len(side.predicted.row):,} of "
        f"{side.test_rows:,} test rows: what is told of images and digits, and its test, is of them"
        for side in (before, after)
        if not side.tells_all
    }
    return tuple(sorted(told))


def _warnings(before: Results, after: Results) -> tuple[str, ...]:
    """Say what weakens the comparison of results that two machines may have made."""
    sides = (side for side in (before, after) if not side.record.is_promised())
    scales = [side.params.get(PIXEL_SCALE) for side in sides]
    raw = [scale for scale in scales if isinstance(scale, int | float) and scale < _CHAOTIC_BELOW]
    return (_RAW.format(scale=raw[0]),) if raw else ()


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return key, value before and value after of the params that differ; MISSING for none."""
    names = dict.fromkeys([*before, *after])
    rows = [(name, before.get(name, MISSING), after.get(name, MISSING)) for name in names]
    return [(name, old, new) for name, old, new in rows if _differ(old, new)]


def _differ(old: Any, new: Any) -> bool:
    """Tell whether two params differ; 1 and 1.0 are one number, but true is none."""
    return bool(old != new) or isinstance(old, bool) != isinstance(new, bool)


def metric_rows(before: Results, after: Results) -> list[tuple[str, float | None, float | None]]:
    """Return name, value before and value after of each metric; None where a side has none."""
    names = dict.fromkeys([*before.metrics, *after.metrics])
    return [(name, before.metrics.get(name), after.metrics.get(name)) for name in names]


def digit_accuracies(predicted: Predicted) -> list[tuple[int, float | None]]:
    """Return, for each digit, how many images show it and the share read right (None of none)."""
    rows: list[tuple[int, float | None]] = []
    for digit in range(10):
        of_digit = predicted.predicted[predicted.actual == digit]
        share = float((of_digit == digit).mean()) if len(of_digit) else None
        rows.append((len(of_digit), share))
    return rows
