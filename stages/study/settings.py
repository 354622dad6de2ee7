"""The study's settings: reports/reproduction/params.yaml, typed and bounded as params.yaml is.

A key that params.yaml has too means the same here, and is checked by its stage's own table.
"""

from pathlib import Path
from typing import Any

from stages.common import params

PARAMS_FILE = Path("reports/reproduction/params.yaml")

PARAMS = {
    "study": {
        "seeds": {"type": "integer", "minimum": 2, "maximum": 10000},
        "raw": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000},
        "scaled": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000},
    },
    "why": {
        "learning_rates": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "number", "exclusiveMinimum": 0},
        },
        "seeds": {"type": "integer", "minimum": 1, "maximum": 10000},
    },
    "loop": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 100},
    },
}

_SHARED = {
    "ingest": ("source",),
    "split": ("train_rows", "test_rows", "seed"),
    "initialize": ("layers",),
    "train": ("epochs", "learning_rate", "precision"),
}


def load() -> dict[str, Any]:
    """Return the study's params, section by section, once all of them are right.

    Raises DigitsError with the file, the key, the value found and what was expected.
    """
    return params.check_against(tables(), params.read(PARAMS_FILE), PARAMS_FILE)


def tables() -> dict[str, params.Table]:
    """Return the table of each section: those of the stages for the keys shared, and our own."""
    declared = params.declared()
    shared = {
        section: {key: declared[section][key] for key in keys} for section, keys in _SHARED.items()
    }
    return {**shared, **PARAMS}
