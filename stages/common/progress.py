"""How far a stage has come, on a terminal, once that takes longer than a moment."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from tqdm import tqdm

_MOMENT = 2  # seconds

Piece = TypeVar("Piece")


def shown(
    pieces: Iterable[Piece], what: str, rows: int, rows_of: Callable[[Piece], int]
) -> Iterator[Piece]:
    """Yield the pieces of some work on so many rows, and show how far it is.

    rows_of: how many rows a piece has.
    """
    with bar(what, rows) as told:
        for piece in pieces:
            yield piece
            told.update(rows_of(piece))


def bar(what: str, total: int | None, unit: str = " rows") -> "tqdm[Any]":
    """Return a bar that tells how much is done, how fast, and if all is known, the time left.

    Below another bar it goes when it ends.
    """
    return tqdm(
        total=total,
        desc=what,
        unit=unit,
        unit_scale=True,
        disable=None,
        delay=_MOMENT,
        leave=None,
    )
