"""Work that goes on while what is done of it is used."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")


def ahead(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces, each of which a second thread makes while the one before it is used.

    What making one raises is raised here. At an early end, one more may have been made.
    """
    with ThreadPoolExecutor(1) as maker:
        coming = iter(pieces)
        made = maker.submit(_next, coming)
        while found := made.result():
            made = maker.submit(_next, coming)
            yield found[0]


def _next(pieces: Iterator[Piece]) -> tuple[Piece] | None:
    """Return the next of the pieces, alone in a tuple, or None if there is none."""
    return next(((piece,) for piece in pieces), None)
