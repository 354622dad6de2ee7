"""A copy of the project whose study runs on a few hundred digits, for tests to change."""

import csv
import gzip
import hashlib
import json
import shutil
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from tests.scratch import ROOT, Scratch

REPORTS = Path("reports/reproduction")
STUDY_FILE = (REPORTS / "dvc.yaml").as_posix()

# In other formats than the repository's, whatever its settings are.
DIGITS = 420
SETTINGS: dict[str, dict[str, Any]] = {
    "ingest": {"source": "data/raw/mnist"},
    "split": {"train_rows": 300, "test_rows": 100, "seed": 0},
    "initialize": {"layers": [784, 16, 16, 10]},
    "train": {"epochs": 12, "learning_rate": 0.8, "precision": "float32"},
    "study": {"seeds": 2, "raw": 1.0, "scaled": 255.0},
    "why": {"learning_rates": [0.4], "seeds": 1},
    "loop": {"epochs": 2},
}


class Study(Scratch):
    """A copy of the project with what its study reports."""

    @property
    def reports(self) -> Path:
        """Return where the study reports."""
        return self.folder / REPORTS

    def json(self, name: str) -> Any:
        """Return the content of one of the study's JSON files."""
        return json.loads((self.reports / f"{name}.json").read_text(encoding="utf-8"))

    def outs(self) -> dict[str, bytes]:
        """Return what the study wrote, except for run.json, which holds times."""
        outs = [next(iter(out)) for out in declared()["outs"]]
        files = [path for out in outs for path in _files(self.folder / out)]
        return {path.name: path.read_bytes() for path in files if path.name != "run.json"}


def declared() -> dict[str, Any]:
    """Return the study's stage as its dvc.yaml declares it."""
    content = YAML(typ="safe", pure=True).load((ROOT / STUDY_FILE).read_text(encoding="utf-8"))
    (stage,) = content["stages"].values()
    return dict(stage)


def make(folder: Path) -> Study:
    """Return a new copy of the project with few digits, whose study has not run."""
    ignore = shutil.ignore_patterns("__pycache__")
    for tree in ("stages", "data/reference", "reports/reproduction/texts"):
        shutil.copytree(ROOT / tree, folder / tree, ignore=ignore)
    for name in (".gitignore", ".dvcignore", ".dvc/config", "dvc.yaml", "params.yaml", STUDY_FILE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / "README.md").write_text("# A copy\n", encoding="utf-8")
    write_params(folder / REPORTS / "params.yaml", SETTINGS)
    write_idx(folder / "data/raw/mnist", DIGITS)
    write_hashes(folder / "data/raw/mnist")
    study = Study(folder)
    study.git("init", "--quiet")
    study.commit("A copy")
    return study


def write_params(path: Path, content: dict[str, Any]) -> None:
    """Write params as YAML."""
    YAML(typ="safe", pure=True).dump(content, path)


def write_hashes(folder: Path) -> None:
    """Write the file that says which digits these are, beside the folder that holds them."""
    files = sorted(folder.iterdir())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    folder.with_suffix(".sha256").write_text("".join(lines), encoding="utf-8")


def write_idx(folder: Path, count: int) -> None:
    """Write the repository's first digits as the four files of MNIST, 6 in 7 of them to train."""
    with gzip.open(ROOT / "data/raw/mnist-5k.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file), 1, 1 + count))
    cells = np.array(rows, dtype=np.uint8)
    folder.mkdir(parents=True)
    first = count * 6 // 7
    for name, part in (("train", cells[:first]), ("t10k", cells[first:])):
        pixels = part[:, 1:].reshape(-1, 28, 28)
        _write_array(folder / f"{name}-images-idx3-ubyte", pixels)
        _write_array(folder / f"{name}-labels-idx1-ubyte", part[:, 0])


def _write_array(path: Path, array: npt.NDArray[np.uint8]) -> None:
    """Write an array of bytes in the format of MNIST's files."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    path.write_bytes(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())


def _files(path: Path) -> list[Path]:
    """Return a file, or the files of a folder."""
    return sorted(path.rglob("*")) if path.is_dir() else [path]
