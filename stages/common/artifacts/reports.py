"""The small reports that Git keeps, so that commits can be compared."""

import json
from collections.abc import Container
from pathlib import Path
from typing import Any

from stages.common.files import replacing

HISTORY = Path("reports/history.csv")
SNAPSHOTS = Path("reports/snapshots.csv")
PREDICTIONS = Path("reports/predictions.csv")
METRICS = Path("reports/metrics.json")
PER_CLASS = Path("reports/per_class.json")
FIGURES = Path("reports/figures")

# In metrics.json, where predictions.csv does not hold all test rows: "rows" that it has, "of" all.
EXCERPT = "predictions_csv"


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    with replacing(path) as file:
        file.write(text.encode())


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write nested numbers as JSON; a NaN or an infinity is a ValueError."""
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def keep_figures(folder: Path, names: Container[str]) -> None:
    """Delete the figures of other names: DVC leaves the folder as it was, so a stage must not."""
    for path in folder.glob("*.png"):
        if path.stem not in names:
            path.unlink()
