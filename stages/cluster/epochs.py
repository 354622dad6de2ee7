"""What an epoch draws, drawn again on every worker: the order of all rows, and which units stay."""

from collections.abc import Sequence

import numpy as np

from stages.network import dropout
from stages.network.batches import Order, order_of
from stages.network.dropout import Masks
from stages.network.recipe import Recipe
from stages.network.streams import DROPOUT, stream


class DrawnEpoch:
    """An epoch of mini-batches.

    places: (m,) where in the epoch's order each row comes.
    """

    def __init__(self, recipe: Recipe, rows: int, hidden: Sequence[int], number: int) -> None:
        """Draw the order of so many rows; hidden: the sizes of the hidden layers."""
        self.number, self._recipe, self._hidden, self._rows = number, recipe, hidden, rows
        self.places: Order = np.empty(rows, np.int32)
        self.places[order_of(recipe.seed, number, rows)] = np.arange(rows, dtype=np.int32)

    def span(self, step: int, steps: int = 1) -> tuple[int, int]:
        """Return the first place of some steps, and the first after them."""
        size = self._recipe.batch_rows or self._rows
        return min(step * size, self._rows), min((step + steps) * size, self._rows)

    def masks(self, step: int, places: Order) -> Masks | None:
        """Return the masks of a step's images at places in the epoch, or None without dropout."""
        share = self._recipe.dropout
        if not share:
            return None
        first, end = self.span(step)
        rng = stream(self._recipe.seed, DROPOUT, self.number)
        dropout.skip(rng, sum(self._hidden) * first)
        stay = dropout.masks(self._hidden, end - first, share, rng)(slice(0, end - first))
        return lambda some: [mask[:, places[some] - first] for mask in stay]
