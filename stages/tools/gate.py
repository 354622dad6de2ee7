"""The gate: what `digits compare` allows. No stage reads it, so it reruns none."""

from typing import NamedTuple

from stages.common import params

PARAMS = {
    "gate": {
        "max_accuracy_drop": {"type": "number", "minimum": 0, "maximum": 1},
        "significance": {"type": "number", "minimum": 0, "maximum": 1},
        "min_test_accuracy": {"type": "number", "minimum": 0, "maximum": 1},
    }
}


class Gate(NamedTuple):
    """The limits of the verdict.

    max_accuracy_drop: how far test accuracy, a share, may fall.
    significance: a fall with a p-value below it is no chance.
    min_test_accuracy: the floor, which holds for improvements too.
    """

    max_accuracy_drop: float
    significance: float
    min_test_accuracy: float


def load() -> Gate:
    """Return the gate in params.yaml of the current folder; raises DigitsError as params.load."""
    return Gate(**{name: float(value) for name, value in params.load("gate").items()})
