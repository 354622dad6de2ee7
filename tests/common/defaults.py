"""The params as they are by default, and params.yaml with any text."""

from pathlib import Path
from typing import Any

from stages.common import params
from stages.network.recipe import POST

# The defaults of the contract.
DEFAULTS: dict[str, dict[str, Any]] = {
    "ingest": {"source": "data/raw/mnist-5k.csv.gz"},
    "split": {
        "train_rows": 3500,
        "validation_rows": 0,
        "test_rows": None,
        "shuffle": True,
        "seed": 0,
    },
    "encode": {"side": 28, "pixel_scale": 255.0},
    "initialize": {"layers": [784, 16, 16, 10], "first_weights": "uniform", "seed": 0},
    "train": {"epochs": 500, "learning_rate": 0.8, "precision": "reproducible"} | POST,
    "gate": {"max_accuracy_drop": 0.02, "significance": 0.01, "min_test_accuracy": 0.8},
}
KEYS = [(section, key) for section, table in DEFAULTS.items() for key in table]


def read_text(path: Path, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return params.check(params.read(path))
