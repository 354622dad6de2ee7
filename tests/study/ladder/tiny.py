"""A ladder of a few rungs on a few hundred digits, in a folder of its own."""

import copy
from pathlib import Path
from typing import Any

from stages.study.ladder import plan
from tests.study.small import write_hashes, write_idx, write_params

DIGITS = 420
ROWS = {
    "seed": 0, "train_rows": 240, "validation_rows": 40, "test_rows": 100, "official_rows": 360,
    "official_validation_rows": 60,
}  # fmt: skip
BASE = {
    "encode.pixel_scale": 1.0,
    "initialize.layers": [784, 16, 16, 10],
    "train.epochs": 2,
    "train.learning_rate": 0.8,
    "train.precision": "reproducible",
}
LADDER: dict[str, Any] = {
    "seeds": 2,
    "base": BASE,
    "climb": [
        {"name": "post", "label": "The post's setting", "set": {}},
        {"name": "scaled", "label": "Pixels divided by 255", "set": {"encode.pixel_scale": 255.0}},
        {
            "name": "rate",
            "label": "A rate of its own",
            "set": {"train.learning_rate": "chosen by rate"},
            "without": {"train.epochs": 1},
        },
    ],
    "added": [
        {"name": "longer", "label": "Longer", "set": {"train.epochs": 3}},
        {"name": "taught", "label": "Taught", "set": {"teacher": "linear"}, "seeds": 1},
    ],
    "beside": [
        {
            "name": "linear", "label": "A linear classifier", "rows": "rungs", "seeds": 1,
            "set": {"encode.pixel_scale": 255.0, "initialize.layers": [784, 10]},
        }
    ],
    "goals": [
        {
            "name": "wide", "label": "784-30-10", "rows": "official", "seeds": 2, "from": "base",
            "set": {
                "initialize.layers": [784, 30, 10], "encode.pixel_scale": 255.0,
                "train.learning_rate": "chosen by wide",
            },
            "goal": 0.982, "anchor": "95.42 (Nielsen)",
        }
    ],
    "searches": [
        {
            "name": "rate", "of": "rate", "rows": "rungs", "trials": 3, "epochs": [1, 2],
            "keep": [2], "seeds": 2, "space": {"train.learning_rate": {"low": 0.1, "high": 2.0}},
        },
        {
            "name": "wide", "of": "wide", "rows": "official search", "trials": 4, "epochs": [1],
            "keep": [], "seeds": 1,
            "space": {"train.learning_rate": [0.5, 1.0], "train.momentum": [0.0, 0.9]},
        },
    ],
    "checked": ["scaled"],
    "rung": {"train_rows": 200, "set": {"train.epochs": 1}, "accuracies": [0.1, 0.2]},
}  # fmt: skip


def content(**changes: Any) -> dict[str, Any]:
    """Return the ladder's params, with other values of some keys of its section `ladder`."""
    ladder = copy.deepcopy(LADDER) | changes
    return {"ingest": {"source": "data/raw/mnist"}, "rows": dict(ROWS), "ladder": ladder}


def make(folder: Path) -> None:
    """Write a ladder's params and its digits into a folder."""
    (folder / plan.FOLDER).mkdir(parents=True)
    write_params(folder / plan.PARAMS_FILE, content())
    write_idx(folder / "data/raw/mnist", DIGITS)
    write_hashes(folder / "data/raw/mnist")
