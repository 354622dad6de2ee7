"""A training's settings: each choice as the value that its name stands for."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from stages.network import averaging, schedules
from stages.network.activations import ACTIVATIONS, Activation
from stages.network.arithmetic import ARITHMETICS, Arithmetic
from stages.network.augmentation import Augmentation
from stages.network.averaging import AVERAGES, Average
from stages.network.schedules import SCHEDULES, Schedule
from stages.network.updates import UPDATES, Update

# What the post does, by the names of the params in `train`, but for the epochs, the learning rate
# and the precision: whoever trains says these.
POST: dict[str, Any] = {
    "seed": 0,
    "batch_rows": None,
    "activation": "sigmoid",
    "update": "descent",
    "momentum": 0.9,
    "second_momentum": 0.999,
    "weight_decay": 0.0,
    "clip_norm": None,
    "schedule": "constant",
    "warmup_epochs": 0,
    "step_epochs": 100,
    "step_factor": 0.1,
    "averaging": "none",
    "average_decay": 0.999,
    "average_from": 0.75,
    "label_smoothing": 0.0,
    "dropout": 0.0,
    "teacher": "data/teacher",
    "teacher_weight": 0.5,
    "teacher_temperature": 1.0,
    "shift": 0.0,
    "rotate": 0.0,
    "scale": 0.0,
    "shear": 0.0,
    "elastic": 0.0,
    "patience": None,
}


class Recipe(NamedTuple):
    """How a network is trained, whatever its size, its rows and the number of epochs.

    batch_rows: images a step, None: all. deformations: how far images are deformed, None: not at
    all. Other numbers are as the params of their names say.
    """

    arithmetic: Arithmetic
    activation: Activation
    seed: int
    batch_rows: int | None
    update: Update
    momentum: float
    second_momentum: float
    weight_decay: float
    clip_norm: float | None
    schedule: Schedule
    pace: schedules.Settings
    averaging: Average
    span: averaging.Settings
    label_smoothing: float
    dropout: float
    deformations: Augmentation | None
    teacher_weight: float
    teacher_temperature: float
    patience: int | None

    @property
    def needs_end(self) -> bool:
        """Tell whether the first epochs of a longer training are others than those of this."""
        return self.schedule.needs_end or self.averaging.needs_end

    @property
    def rate_varies(self) -> bool:
        """Tell whether not all steps have the same learning rate."""
        return self.schedule is not SCHEDULES["constant"] or self.pace.warmup_epochs > 0


def recipe_of(settings: Mapping[str, Any]) -> Recipe:
    """Return the recipe of settings by the names of the params in `train`."""
    names = Augmentation._fields
    deformations = Augmentation(*(float(settings[name]) for name in names))
    return Recipe(
        arithmetic=ARITHMETICS[settings["precision"]],
        activation=ACTIVATIONS[settings["activation"]],
        update=UPDATES[settings["update"]],
        schedule=SCHEDULES[settings["schedule"]],
        pace=schedules.Settings(
            learning_rate=float(settings["learning_rate"]),
            **_some(settings, ("warmup_epochs", "step_epochs", "step_factor")),
        ),
        averaging=AVERAGES[settings["averaging"]],
        span=averaging.Settings(settings["average_decay"], settings["average_from"]),
        deformations=deformations if any(deformations) else None,
        **_some(settings, _PLAIN),
    )


_PLAIN = (
    *("seed", "batch_rows", "momentum", "second_momentum", "weight_decay", "clip_norm"),
    *("label_smoothing", "dropout", "teacher_weight", "teacher_temperature", "patience"),
)


def _some(settings: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the settings of some names."""
    return {name: settings[name] for name in names}
