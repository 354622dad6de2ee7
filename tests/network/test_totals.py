"""Totals are exact however many numbers they hold, and in whatever order these came."""

from functools import reduce
from operator import add

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.network.totals import Total, Unsplit, total_of
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
    assert total.rounded() == 2.0**88


@unhurried
@given(LARGE, LARGE)
def test_a_total_is_rounded_once(one: int, other: int) -> None:
    total = of([one, other])
    assert total.rounded() == float(one + other)


EXACT = st.integers(-(2**53), 2**53)


@unhurried
@given(EXACT, EXACT)
def test_products_are_split_when_they_are_added_to(one: int, other: int) -> None:
    first, second = Unsplit(np.array(float(one))), Unsplit(np.array(float(other)))
    assert first.rounded() == one
    assert first + second == second.split() + first == of([one, other])


def test_no_zero_has_a_sign() -> None:
    assert not np.signbit(Unsplit(np.array(-0.0)).rounded())
    assert not np.signbit(of([0]).rounded())


@unhurried
@given(LARGE, st.integers(0, 30))
def test_a_total_times_a_power_of_two_is_exact(one: int, by: int) -> None:
    total = of([one]).shifted(by)
    assert number(total) == one << by
    assert 0 <= total.low < 2**32
