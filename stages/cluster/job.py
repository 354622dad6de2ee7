"""What a worker is told of a training: settings by their names and plain arrays, no function."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.network.activations import ACTIVATIONS
from stages.network.parameters import Parameters
from stages.network.recipe import Recipe, recipe_of
from stages.network.teaching import Teacher


class Job(NamedTuple):
    """A training.

    settings: the params in `train`. sizes: of the layers, pixels first. rows: how many train, in
    all. teacher, teacher_activation: the network that teaches; None, "" where there is none.
    """

    settings: Mapping[str, Any]
    sizes: tuple[int, ...]
    rows: int
    pixel_scale: float
    teacher: Parameters | None
    teacher_activation: str

    @property
    def recipe(self) -> Recipe:
        """Return the training's recipe."""
        return recipe_of(self.settings)

    @property
    def taught_by(self) -> Teacher | None:
        """Return the network that teaches."""
        if self.teacher is None:
            return None
        return Teacher(self.teacher, ACTIVATIONS[self.teacher_activation])


class Place(NamedTuple):
    """A step: its epoch, counted from 1, and its number in it, from 0."""

    epoch: int
    step: int


Theta = npt.NDArray[np.floating]
