"""A comparison for a program: comparison.schema.json documents and checks its form."""

from pathlib import Path
from typing import Any

from stages.network.scores import confusion_matrix
from stages.tools import text
from stages.tools.compare.comparison import (
    MISSING,
    Comparison,
    changed,
    digit_accuracies,
    metric_rows,
)
from stages.tools.compare.results import Results
from stages.tools.compare.statistics import Flips

SCHEMA = Path(__file__).with_name("comparison.schema.json")
VERSION = 1

Mapping = dict[str, Any]


def render(compared: Comparison, exit_code: int) -> Mapping:
    """Return all of a comparison as JSON's types."""
    verdict = "pass" if compared.verdict.passed else "worse"
    return {
        **_head(verdict, exit_code, compared.verdict.reason),
        **_context(compared),
        "params": [_param(*row) for row in changed(compared.before.params, compared.after.params)],
        "metrics": {
            name: _change(old, new)
            for name, old, new in metric_rows(compared.before, compared.after)
        },
        "digits": _digits(compared),
        "images": _images(compared),
        "test": {"name": compared.test.name, "p_value": compared.test.p_value},
        "confusion": _both(compared, _confusion),
        "cost": _both(compared, lambda side: side.course["cost"].tolist()),
    }


def render_fault(reason: str, exit_code: int) -> Mapping:
    """Return what is said where nothing could be compared."""
    return _head("not compared", exit_code, reason)


def _head(verdict: str, exit_code: int, reason: str) -> Mapping:
    """Return what every report starts with."""
    return {
        "format_version": VERSION,
        "verdict": verdict,
        "exit_code": exit_code,
        "reason": reason,
    }


def _context(compared: Comparison) -> Mapping:
    """Return what was compared with what, under which gate."""
    context = compared.context
    return {
        "warnings": list(compared.warnings),
        "gate": compared.gate._asdict(),
        "baseline": {
            "commit": context.baseline.sha,
            "chosen": context.baseline.chosen,
            "retrained": context.retrained,
            "source": compared.before.source,
        },
        "current": {
            "head": context.current.sha,
            "chosen": context.current.chosen,
            "changed": context.has_changes and not context.current.is_commit,
            "retrained": context.retrained and context.current.is_commit,
            "source": compared.after.source,
        },
    }


def _param(key: str, old: Any, new: Any) -> Mapping:
    """Return a param that changed; a side that lacks it has no entry, as null is a value."""
    sides = {"before": old, "after": new}
    # As text where JSON has no such type: a date, say.
    plain = {n: v if _is_plain(v) else text.value(v) for n, v in sides.items() if v is not MISSING}
    return {"key": key, **plain}


def _is_plain(content: Any) -> bool:
    """Tell whether JSON has a value."""
    if isinstance(content, list):
        return all(_is_plain(item) for item in content)
    return content is None or isinstance(content, str | bool | int) or _is_finite(content)


def _is_finite(content: Any) -> bool:
    """Tell whether a value is a float that JSON can write."""
    return isinstance(content, float) and content - content == 0


def _change(old: float | None, new: float | None) -> Mapping:
    """Return two numbers and their difference, null where there is none."""
    difference = None if old is None or new is None else new - old
    return {"before": old, "after": new, "difference": difference}


def _digits(compared: Comparison) -> list[Mapping]:
    """Return the number of images and the accuracy of each digit, on each side."""
    sides = [digit_accuracies(side.predicted) for side in (compared.before, compared.after)]
    return [
        {
            "digit": digit,
            "images": {"before": n_old, "after": n_new},
            "accuracy": _change(old, new),
        }
        for digit, ((n_old, old), (n_new, new)) in enumerate(zip(*sides, strict=True))
    ]


def _images(compared: Comparison) -> Mapping:
    """Return how many test images there are, whether they are the same, and which flipped."""
    flips = None
    if compared.spoiled is not None and compared.mended is not None:
        flips = {
            "right_to_wrong": _flips(compared.spoiled),
            "wrong_to_right": _flips(compared.mended),
        }
    return {
        "before": len(compared.before.predicted.row),
        "after": len(compared.after.predicted.row),
        "same": not compared.difference,
        "difference": compared.difference,
        "flips": flips,
    }


def _flips(flips: Flips) -> list[dict[str, int]]:
    """Return each image that flipped."""
    names = ("row", "actual", "before", "after")
    columns = [getattr(flips, name).tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _confusion(side: Results) -> list[list[int]]:
    """Return the counts of each digit (row) read as each digit (column)."""
    predicted = side.predicted
    rows: list[list[int]] = confusion_matrix(predicted.actual, predicted.predicted, 10).tolist()
    return rows


def _both(compared: Comparison, what: Any) -> Mapping:
    """Return something of both sides."""
    return {"before": what(compared.before), "after": what(compared.after)}
