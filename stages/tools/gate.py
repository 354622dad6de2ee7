"""The gate: what `digits compare` allows. No stage reads it, so it reruns none."""

from pathlib import Path
from typing import Any, NamedTuple

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


def of(flat: dict[str, Any], name: str) -> Gate:
    """Return the gate among the params of a side, by dotted name; raises DigitsError as params."""
    dotted = [key for key in flat if key.startswith("gate.")]
    section = {key.removeprefix("gate."): flat[key] for key in dotted}
    where = Path(f"{params.PARAMS_FILE} of {name}")
    params.check_against(PARAMS, {"gate": section}, where)
    return Gate(**{key: float(value) for key, value in section.items()})
