"""Items that are made while others are used."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Event

import pytest

from stages.network.ahead import ahead


@pytest.fixture
def helper() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as helper:
        yield helper


@pytest.mark.parametrize("count", [0, 1, 5])
def test_items_made_ahead_come_all_and_in_order(count: int, helper: Executor) -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(count):
            made.append(number)
            yield number

    found = []
    for number in ahead(helper, items()):
        found.append(number)
        assert len(made) <= number + 2  # no more than one ahead
    assert found == made == [*range(count)]


def test_the_next_item_is_made_while_one_is_used(helper: Executor) -> None:
    asked = Event()

    def items() -> Iterator[int]:
        yield 1
        asked.set()
        yield 2

    used = ahead(helper, items())
    assert next(used) == 1
    assert asked.wait(60)
    assert [*used] == [2]


def test_what_fails_ahead_fails_where_it_is_awaited(helper: Executor) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ArithmeticError

    made = ahead(helper, items())
    assert next(made) == 1
    with pytest.raises(ArithmeticError):
        next(made)
