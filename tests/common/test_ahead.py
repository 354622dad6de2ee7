"""Pieces that are made while others are used."""

from collections.abc import Iterator
from threading import Event

import pytest

from stages.common.ahead import ahead


def test_pieces_come_in_order() -> None:
    assert [*ahead(iter(range(5)))] == [0, 1, 2, 3, 4]
    assert [*ahead([])] == []
    assert [*ahead([None, 0, ()])] == [None, 0, ()]


def test_the_next_piece_is_made_while_one_is_used() -> None:
    asked = Event()

    def pieces() -> Iterator[int]:
        yield 1
        asked.set()
        yield 2

    used = ahead(pieces())
    assert next(used) == 1
    assert asked.wait(60)
    assert [*used] == [2]


def test_what_making_a_piece_raises_is_raised_in_its_place() -> None:
    def pieces() -> Iterator[int]:
        yield 1
        raise ValueError("no second one")

    used = ahead(pieces())
    assert next(used) == 1
    with pytest.raises(ValueError, match="no second one"):
        next(used)


def test_an_early_end_waits_for_the_piece_that_is_being_made() -> None:
    made: list[int] = []

    def pieces() -> Iterator[int]:
        for at in range(9):
            made.append(at)
            yield at

    used = ahead(pieces())
    next(used)
    used.close()  # type: ignore[attr-defined]
    assert len(made) == 2
