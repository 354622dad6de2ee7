"""Numbers that are there more than once."""

import numpy as np
import pytest

from stages.common.repeated import repeated


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([], None), ([0], None), ([3, 1, 2], None), ([3, 0, 3, 0], 0), ([2**31 - 1] * 3, 2**31 - 1)],
)
def test_the_least_that_is_there_twice_is_found(numbers: list[int], expected: int | None) -> None:
    given = np.array(numbers, np.int32)
    assert repeated(given) == expected
    assert given.tolist() == numbers
