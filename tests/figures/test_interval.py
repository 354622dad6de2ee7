"""Wilson's interval, held against SciPy's."""

import numpy as np
import pytest
from scipy.stats import binomtest

from stages.figures.interval import wilson


@pytest.mark.parametrize(
    ("hits", "of"), [(0, 1), (1, 1), (0, 140), (135, 141), (141, 141), (1, 3), (499_999, 500_000)]
)
def test_the_ends_are_those_of_scipy(hits: int, of: int) -> None:
    low, high = wilson(np.array([hits]), np.array([of]))
    wanted = binomtest(hits, of).proportion_ci(0.95, "wilson")
    np.testing.assert_allclose((low[0], high[0]), (wanted.low, wanted.high), rtol=1e-12, atol=1e-15)


def test_a_share_is_never_outside() -> None:
    hits, of = np.arange(200), np.full(200, 199)
    low, high = wilson(hits, of)
    assert np.all((low >= 0) & (low <= hits / of) & (hits / of <= high) & (high <= 1))
    assert (low[0], high[-1]) == (0, 1)
