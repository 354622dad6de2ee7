"""Whether the network got worse."""

from typing import NamedTuple

from stages.tools import text
from stages.tools.gate import Gate

# Accuracies are counts over counts: what is smaller is rounding, as in 0.886 - 0.866 > 0.02.
_ROUNDING = 1e-9


class Verdict(NamedTuple):
    """Whether it passes, and why."""

    passed: bool
    reason: str


def judge(before: float, after: float, p_value: float, gate: Gate) -> Verdict:
    """Return the verdict on test accuracies before and after, shares.

    It is worse below the floor, after a fall greater than the gate allows, or after any fall
    with a p-value below the gate's significance.
    """
    fall = before - after
    told = text.p_value(p_value)
    faults = []
    if fall > gate.max_accuracy_drop + _ROUNDING:
        faults.append(f"more than gate.max_accuracy_drop {gate.max_accuracy_drop}")
    if fall > _ROUNDING and p_value < gate.significance:
        faults.append(f"with {told}, below gate.significance {gate.significance}")
    complaints = [f"test accuracy fell by {fall:.4f}, {' and '.join(faults)}"] if faults else []
    if after < gate.min_test_accuracy - _ROUNDING:
        floor = gate.min_test_accuracy
        complaints.append(f"test accuracy {after:.4f} is below gate.min_test_accuracy {floor}")
    if complaints:
        return Verdict(False, "; ".join(complaints))
    return Verdict(True, _praise(fall, told))


def _praise(fall: float, told: str) -> str:
    """Say why it passes."""
    if fall > _ROUNDING:
        return f"test accuracy fell by {fall:.4f}, which the gate allows ({told})"
    if fall < -_ROUNDING:
        return f"test accuracy rose by {-fall:.4f} ({told})"
    return "test accuracy is the same"
