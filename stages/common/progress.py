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


def bar(what: str, rows: int | None) -> "tqdm[Any]":
    """Return a bar that tells how many rows are done, how fast, and if all are known, time left."""
    return tqdm(total=rows, desc=what, unit=" rows", unit_scale=True, disable=None, delay=_MOMENT)
