"""Which rows train and which validate. Rows that test are in `unseen`, which only `score` reads."""

from typing import NamedTuple

import numpy as np

from stages.common.artifacts.digits import Digits, part_of
from stages.common.reordering import Positions
from stages.split import order_of


class Counts(NamedTuple):
    """How many rows are for what: the section `rows` of the study's params."""

    seed: int
    train_rows: int
    validation_rows: int
    test_rows: int
    official_rows: int
    official_validation_rows: int


class Rows(NamedTuple):
    """The digits that train, and those that validate: none where everything is fixed."""

    train: Digits
    validation: Digits


def shuffled(n: int, counts: Counts) -> Positions:
    """Return all n rows in the order in which the stage split takes them."""
    return order_of(n, shuffle=True, seed=counts.seed)


def places(name: str, n: int, counts: Counts) -> tuple[Positions, Positions]:
    """Return the positions, among all n digits, of the rows of a name that train and validate.

    rungs, all: of the reproduction's training rows, the last validate, or none. official search,
    official: likewise of the official ones; shuffled, where some validate.
    """
    if name in ("rungs", "all"):
        order = shuffled(n, counts)[: counts.train_rows]
        held_out = counts.validation_rows if name == "rungs" else 0
    else:
        order = np.arange(counts.official_rows)
        held_out = counts.official_validation_rows if name == "official search" else 0
        if held_out:
            order = np.random.default_rng(counts.seed).permutation(order)
    kept = len(order) - held_out
    return order[:kept], order[kept:]


def rows_of(name: str, whole: Digits, counts: Counts) -> Rows:
    """Return the rows of a name."""
    train, validation = places(name, len(whole.row), counts)
    return Rows(part_of(whole, train), part_of(whole, validation))
