"""Settings that cannot be together are refused with both keys, before DVC starts and by train."""

from typing import Any

import pytest

from stages.common import combinations
from stages.common.combinations import Surroundings
from stages.network.recipe import POST
from stages.tools.check_params import surroundings
from tests.common.shared import message_of, params_with

# Settings of train and what is around them, which cannot be; and what is said, the keys in it.
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "layers for another side": (
        {},
        {"side": 20},
        "initialize.layers begins with 784, but encode.side is 20; expected layers from 400",
    ),
    "a side for other layers": (
        {},
        {"layers": [256, 10]},
        "initialize.layers begins with 256, but encode.side is 28; expected layers from 784",
    ),
    "dropout of no unit": (
        {"dropout": 0.2},
        {"layers": [784, 10]},
        "train.dropout is 0.2, but initialize.layers [784, 10] has no hidden layer",
    ),
    "patience with nothing": (
        {"patience": 9},
        {},
        "train.patience is 9, but split.validation_rows is 0; expected rows that validate",
    ),
    "a warm-up without an end": (
        {"warmup_epochs": 20, "epochs": 20},
        {},
        "train.warmup_epochs is 20, but train.epochs is 20; expected a warm-up that is shorter",
    ),
    "a one-cycle of one step": (
        {"schedule": "one-cycle", "epochs": 1},
        {},
        "train.schedule is one-cycle, but train.epochs 1, train.warmup_epochs 0 and "
        "train.batch_rows null leave it one step",
    ),
    "a one-cycle of one step after the warm-up": (
        {"schedule": "one-cycle", "epochs": 3, "warmup_epochs": 2, "batch_rows": 100},
        {},
        "train.schedule is one-cycle, but train.epochs 3",
    ),
    "momentum without any": (
        {"update": "momentum", "momentum": 0.0},
        {},
        "train.update is momentum, but train.momentum is 0",
    ),
    "nesterov without any": (
        {"update": "nesterov", "momentum": 0},
        {},
        "train.update is nesterov, but train.momentum is 0",
    ),
}
# What is near to these, and can be.
ALLOWED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({}, {"side": 20, "layers": [400, 10]}),
    ({"dropout": 0.2}, {}),
    ({"patience": 9}, {"validation_rows": 1}),
    ({"warmup_epochs": 19, "epochs": 20}, {}),
    ({"schedule": "one-cycle", "epochs": 2}, {}),
    ({"schedule": "one-cycle", "epochs": 1, "batch_rows": 99}, {}),
    ({"update": "momentum"}, {}),
    ({"update": "adamw", "momentum": 0.0}, {}),
    ({"update": "descent", "momentum": 0.0}, {}),
]


def refuse(settings: dict[str, Any], changes: dict[str, Any]) -> None:
    """Refuse what cannot be of the post's settings with others, around 100 rows."""
    around = Surroundings(side=28, layers=[784, 16, 10], train_rows=100, validation_rows=0)
    train = POST | {"epochs": 500, "learning_rate": 0.8, "precision": "float64"} | settings
    combinations.refuse(train, around._replace(**changes))


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_both_keys(case: str) -> None:
    settings, changes, words = REFUSED[case]
    message = message_of(lambda: refuse(settings, changes))
    assert message.startswith(f"params.yaml: {words}")
    assert "\n" not in message


@pytest.mark.parametrize(("settings", "changes"), ALLOWED, ids=str)
def test_what_can_be_is_not(settings: dict[str, Any], changes: dict[str, Any]) -> None:
    refuse(settings, changes)


def test_the_check_of_params_takes_the_surroundings_from_them() -> None:
    content = params_with(
        {
            "encode.side": 16,
            "initialize.layers": [256, 10],
            "split.train_rows": 40,
            "split.validation_rows": 5,
        }
    )
    assert surroundings(content) == Surroundings(16, [256, 10], 40, 5)
