"""Numbers as people read them."""

import pytest

from stages.tools import text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.5, 0.75, "+0.2500"),
        (0.75, 0.5, "-0.2500"),
        (0.5, 0.5, "0.0000"),
        (0.5, 0.50001, "0.0000"),
        (0.5, 0.49999, "0.0000"),
        (None, 0.5, "–"),
        (0.5, None, "–"),
    ],
)
def test_a_difference_that_is_zero_shows_no_sign(
    before: float | None, after: float | None, told: str
) -> None:
    assert text.difference(before, after) == told
