"""Settings of training that cannot be together, though each of them can be."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stages.common.errors import DigitsError


class Surroundings(NamedTuple):
    """What training meets: the side of the images, the layers' sizes, and how many rows."""

    side: int
    layers: Sequence[int]
    train_rows: int
    validation_rows: int


def refuse(train: Mapping[str, Any], around: Surroundings) -> None:
    """Raise DigitsError for the first two settings that cannot be together, both keys named."""
    for conflict in (*_of_layers(train, around), *_of_time(train, around), *_of_methods(train)):
        raise DigitsError(f"params.yaml: {conflict}")


def _of_layers(train: Mapping[str, Any], around: Surroundings) -> Iterator[str]:
    """Yield what of the images, the layers and the rows is at odds."""
    side, (first, *others) = around.side, around.layers
    if first != side * side:
        yield (
            f"initialize.layers begins with {first}, but encode.side is {side}; "
            f"expected layers from {side * side}"
        )
    if train["dropout"] and len(others) == 1:
        yield (
            f"train.dropout is {train['dropout']}, but initialize.layers {list(around.layers)} "
            f"has no hidden layer whose units could drop out; expected one, or dropout 0.0"
        )
    if train["patience"] is not None and around.validation_rows == 0:
        yield (
            f"train.patience is {train['patience']}, but split.validation_rows is 0; "
            f"expected rows that validate, or patience null"
        )


def _of_time(train: Mapping[str, Any], around: Surroundings) -> Iterator[str]:
    """Yield what of the schedule has no time."""
    epochs, warmup = train["epochs"], train["warmup_epochs"]
    if warmup >= epochs:
        yield (
            f"train.warmup_epochs is {warmup}, but train.epochs is {epochs}; "
            f"expected a warm-up that is shorter than the training"
        )
    rows = train["batch_rows"]
    steps = math.ceil(around.train_rows / (rows or around.train_rows))
    if train["schedule"] == "one-cycle" and steps * (epochs - warmup) < 2:
        yield (
            f"train.schedule is one-cycle, but train.epochs {epochs}, train.warmup_epochs {warmup} "
            f"and train.batch_rows {rows or 'null'} leave it one step; expected two or more"
        )


def _of_methods(train: Mapping[str, Any]) -> Iterator[str]:
    """Yield which methods are asked for without what makes them one."""
    if train["update"] in ("momentum", "nesterov") and train["momentum"] == 0:
        yield (
            f"train.update is {train['update']}, but train.momentum is 0; "
            f"expected a factor above 0, or update descent"
        )
