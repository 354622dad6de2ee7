"""The verdict, as a table."""

import pytest

from stages.tools.compare.verdict import judge
from stages.tools.gate import Gate

GATE = Gate(max_accuracy_drop=0.02, significance=0.01, min_test_accuracy=0.80)

# before, after, p-value, whether it passes, and what the reason says.
TABLE: list[tuple[float, float, float, bool, str]] = [
    (0.886, 0.886, 1.0, True, "test accuracy is the same"),
    (0.880, 0.890, 0.2, True, "rose by 0.0100 (p = 0.2000)"),
    (0.850, 0.890, 1e-6, True, "rose by 0.0400 (p < 0.0001)"),
    (0.886, 0.880, 0.3, True, "fell by 0.0060, which the gate allows (p = 0.3000)"),
    # Exactly as much as is allowed, though 0.886 - 0.866 > 0.02 in floats.
    (0.886, 0.866, 0.05, True, "fell by 0.0200"),
    (0.886, 0.865, 0.05, False, "fell by 0.0210, more than gate.max_accuracy_drop 0.02"),
    (0.886, 0.880, 0.009, False, "fell by 0.0060, with p = 0.0090, below gate.significance 0.01"),
    # Significance is a limit that p must be below.
    (0.886, 0.880, 0.01, True, "fell by 0.0060"),
    (0.886, 0.850, 1e-5, False, "gate.max_accuracy_drop 0.02 and with p < 0.0001, below"),
    (0.810, 0.799, 0.5, False, "0.7990 is below gate.min_test_accuracy 0.8"),
    (0.700, 0.790, 1e-5, False, "0.7900 is below gate.min_test_accuracy 0.8"),
    (0.810, 0.800, 0.5, True, "fell by 0.0100"),
    (0.790, 0.790, 1.0, False, "0.7900 is below gate.min_test_accuracy 0.8"),
    (0.900, 0.700, 1e-9, False, "; test accuracy 0.7000 is below gate.min_test_accuracy 0.8"),
]


@pytest.mark.parametrize(("before", "after", "p", "passed", "reason"), TABLE)
def test_the_verdict(before: float, after: float, p: float, passed: bool, reason: str) -> None:
    verdict = judge(before, after, p, GATE)
    assert verdict.passed is passed
    assert reason in verdict.reason


def test_a_gate_that_allows_everything() -> None:
    assert judge(1.0, 0.0, 0.0, Gate(1.0, 0.0, 0.0)).passed


def test_a_gate_that_allows_no_fall() -> None:
    assert not judge(0.9, 0.8999, 1.0, Gate(0.0, 0.0, 0.0)).passed
    assert judge(0.9, 0.9, 1.0, Gate(0.0, 1.0, 0.0)).passed
