"""Feed drawn files to a reader, and hold what it makes of them."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stages.common.errors import DigitsError, one_line
from stages.sources.columns import Labelled

ROOT = Path(__file__).resolve().parents[2]
CASES = int(os.environ.get("DIGITS_FUZZ_CASES", "60"))


class Case:
    """A drawn case: hypothesis would show all of its bytes; it is in the test's folder anyway."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text("what the test's folder holds")


def fuzz(
    strategy: st.SearchStrategy[Any],
    read: Callable[[Any], str],
    first: tuple[str, ...],
    cases: int = CASES,
) -> Counter[str]:
    """Feed so many files to `read`; return how many were valid, deep or shallow.

    A refusal whose message holds one of the texts `first` is that of the first check.
    """
    counts: Counter[str] = Counter()

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=CASES <= 1000,  # `make test` must not fail by chance
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy.map(Case))
    def each(case: Case) -> None:
        try:
            counts[read(case.held)] += 1
        except DigitsError as error:
            message = one_line(error)
            assert message
            counts["shallow" if any(text in message for text in first) else "deep"] += 1

    each()
    return counts


def assert_shares(counts: Counter[str], deep: float, valid: float, wanted: int = CASES) -> None:
    """Assert which shares of the cases got past the first check, and were read."""
    cases = counts.total()
    print(f"{cases} cases: {dict(counts)}")
    assert cases >= 0.9 * wanted
    assert (counts["deep"] + counts["valid"]) / cases >= deep, counts
    assert counts["valid"] / cases >= valid, counts


def assert_digits(digits: Labelled) -> str:
    """Assert that what was read is digits."""
    assert digits.label.dtype == digits.pixels.dtype == np.uint8
    assert digits.pixels.shape == (len(digits.label), 784)
    assert len(digits.label) > 0
    assert digits.label.max() <= 9
    return "valid"
