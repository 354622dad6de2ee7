"""Results that no training made, as dvc.lock would record them: a comparison cannot tell.

So that it cannot, they are of other code: of the same code other results cannot be.
"""

import csv
import hashlib
import io
import json
from itertools import islice

from ruamel.yaml import YAML

from tests.scratch import Scratch

CODE = "stages/evaluate.py"
METRICS, PREDICTIONS = "reports/metrics.json", "reports/predictions.csv"


def write(project: Scratch, path: str, text: str) -> None:
    """Write a file, and record it in dvc.lock as what its stage read or made."""
    content = text.encode()
    (project.folder / path).write_bytes(content)
    lock, yaml = project.folder / "dvc.lock", YAML()
    recorded = yaml.load(lock)
    for stage in recorded["stages"].values():
        for item in [*stage.get("deps", []), *stage["outs"]]:
            if item["path"] == path:
                item["md5"] = hashlib.md5(content, usedforsecurity=False).hexdigest()
                item["size"] = len(content)
    yaml.dump(recorded, lock)


def predict(project: Scratch, spoil: int = 0, mend: int = 0, forget: int = 0) -> None:
    """Read so many of the right images wrong and of the wrong ones right; drop so many rows."""
    write(project, CODE, (project.folder / CODE).read_text(encoding="utf-8") + "# Another\n")
    predict_by_the_same_code(project, spoil, mend, forget)


def predict_by_the_same_code(project: Scratch, spoil: int, mend: int, forget: int) -> None:
    """Do as `predict`, and leave the code as it is."""
    text = (project.folder / PREDICTIONS).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))[forget:]
    right = [row for row in rows if row["actual"] == row["predicted"]]
    wrong = [row for row in rows if row["actual"] != row["predicted"]]
    for row in islice(right, spoil):
        row["predicted"] = str((int(row["actual"]) + 1) % 10)
    for row in islice(wrong, mend):
        row["predicted"] = row["actual"]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    write(project, PREDICTIONS, "\n".join(lines) + "\n")
    metrics = json.loads((project.folder / METRICS).read_text(encoding="utf-8"))
    hits = sum(row["actual"] == row["predicted"] for row in rows)
    metrics["test"]["accuracy"] = hits / len(rows)
    write(project, METRICS, json.dumps(metrics, indent=2) + "\n")
