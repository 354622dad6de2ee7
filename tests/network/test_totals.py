"""Totals are exact however many numbers they hold, and in whatever order these came."""

from functools import reduce
from operator import add

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.network.totals import Total, total_of
from tests.network.helpers import unhurried

LARGE = st.integers(-(2**62), 2**62)


def number(total: Total) -> int:
    return (int(total.high) << 32) + int(total.low)


def of(numbers: list[int]) -> Total:
    return reduce(add, (total_of(np.array(one, np.int64)) for one in numbers))


@unhurried
@given(st.lists(LARGE, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_total_is_the_sum_in_any_order_and_cut(numbers: list[int], random: object) -> None:
    total = of(numbers)
    assert number(total) == sum(numbers)
    assert 0 <= total.low < 2**32
    random.shuffle(numbers)  # type: ignore[attr-defined]
    cut = random.randrange(len(numbers) + 1)  # type: ignore[attr-defined]
    parts = [of(part) for part in (numbers[:cut], numbers[cut:]) if part]
    assert reduce(add, parts) == total


def test_there_is_room_for_far_more_rows_than_int64_holds() -> None:
    total = of([2**62, 2**62 - 1])
    for _ in range(25):
        total = total + total
    assert number(total) == (2**63 - 1) << 25
    assert total.times_two_to(-25) == 2.0**63


@unhurried
@given(LARGE, LARGE, st.integers(-300, 300))
def test_a_total_is_rounded_once(one: int, other: int, unit: int) -> None:
    total = of([one, other])
    expected = float(one + other)
    assert total.times_two_to(unit) == np.ldexp(expected, unit)


@unhurried
@given(LARGE, st.integers(0, 30))
def test_a_total_times_a_power_of_two_is_exact(one: int, by: int) -> None:
    total = of([one]).shifted(by)
    assert number(total) == one << by
    assert 0 <= total.low < 2**32
