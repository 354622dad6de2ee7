"""A comparison as plain text."""

from stages.tools import text
from stages.tools.compare.commits import Chosen
from stages.tools.compare.comparison import (
    MISSING,
    Comparison,
    Context,
    changed,
    digit_accuracies,
    metric_rows,
)
from stages.tools.compare.statistics import FISHER, MCNEMAR

Rows = list[tuple[str, ...]]

PARAMS_HEADER = ("param", "before", "after")
METRICS_HEADER = ("metric", "before", "after", "difference")
DIGITS_HEADER = ("digit", "images", "before", "after", "difference")
_TESTS = {MCNEMAR: "Exact McNemar test", FISHER: "Fisher's exact test"}


def render(compared: Comparison) -> str:
    """Return the whole report, without a newline at its end."""
    params = params_rows(compared)
    parts = [
        headline(compared),
        text.table(PARAMS_HEADER, params) if params else "No param changed.",
        text.table(METRICS_HEADER, metrics_rows(compared)),
        text.table(DIGITS_HEADER, digits_rows(compared)),
        f"{flips_sentence(compared)}\n{test_sentence(compared)}",
        *(f"Warning: {warning}." for warning in compared.warnings),
        verdict_sentence(compared),
    ]
    return "\n\n".join(parts)


def headline(compared: Comparison) -> str:
    """Say what is compared with what."""
    context = compared.context
    before, after = (_side(side, context) for side in (context.baseline, context.current))
    return f"Before: {before}\nAfter:  {after}"


def _side(side: Chosen, context: Context) -> str:
    """Say what one side is."""
    if not side.is_commit:
        return f"{side.chosen} (HEAD {side.sha[:7]}{', changed' if context.has_changes else ''})"
    again = ", trained again on this machine" if context.retrained else ""
    return f"commit {side.sha[:7]} ({text.clean(side.chosen)}){again}"


def params_rows(compared: Comparison) -> Rows:
    """Return the params that changed."""
    return [
        (text.clean(key), _value(old), _value(new))
        for key, old, new in changed(compared.before.params, compared.after.params)
    ]


def _value(content: object) -> str:
    """Return a params value as text."""
    return text.ABSENT if content is MISSING else text.clean(text.value(content))


def metrics_rows(compared: Comparison) -> Rows:
    """Return each metric before and after, and the difference."""
    rows = metric_rows(compared.before, compared.after)
    return [(text.clean(name), *_numbers(old, new)) for name, old, new in rows]


def digits_rows(compared: Comparison) -> Rows:
    """Return the accuracy of each digit before and after."""
    sides = [digit_accuracies(side.predicted) for side in (compared.before, compared.after)]
    rows: Rows = []
    for digit, ((n_old, old), (n_new, new)) in enumerate(zip(*sides, strict=True)):
        images = f"{n_new}" if n_old == n_new else f"{n_old} → {n_new}"
        rows.append((str(digit), images, *_numbers(old, new)))
    return rows


def _numbers(old: float | None, new: float | None) -> tuple[str, str, str]:
    """Return two numbers and their difference as text; a dash for what is not there."""
    first, second = ("–" if number is None else f"{number:.4f}" for number in (old, new))
    return first, second, text.difference(old, new)


def flips_sentence(compared: Comparison) -> str:
    """Say how many test images went from wrong to right and from right to wrong."""
    if compared.spoiled is None or compared.mended is None:
        return f"No image can be followed from one to the other: {compared.difference}."
    return (
        f"Of the same {len(compared.after.predicted.row):,} test images, "
        f"{len(compared.mended.row):,} went from wrong to right "
        f"and {len(compared.spoiled.row):,} from right to wrong."
    )


def test_sentence(compared: Comparison) -> str:
    """Say what the statistical test says."""
    subject = "the flips" if compared.test.name == MCNEMAR else "the two proportions"
    told = text.p_value(compared.test.p_value)
    return f"{_TESTS[compared.test.name]} of {subject}, two-sided: {told}."


def verdict_sentence(compared: Comparison) -> str:
    """Say the verdict and its reason."""
    return f"{'PASS' if compared.verdict.passed else 'WORSE'}: {compared.verdict.reason}."
