"""Scratch clones: the project on a few hundred images, with commits that a test may add to."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "data/raw/small.csv"
ROWS = 1600
REPORTS = ("reports", "dvc.lock")
IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Tester"), ("EMAIL", "tester@example.com"))
}
# Quick to train, and yet as steady from seed to seed as the default is.
SETTINGS: dict[str, Any] = {
    "ingest.source": SOURCE,
    "split.train_rows": 800,
    "split.test_rows": None,
    "split.seed": 0,
    "encode.pixel_scale": 255.0,
    "initialize.seed": 0,
    "train.epochs": 300,
    "train.learning_rate": 0.8,
    "gate.min_test_accuracy": 0.7,
}


def environment(home: Path) -> dict[str, str]:
    """Return an environment where our Python is first and no user's settings count."""
    dropped = ("DIGITS_", "DVC", "GIT_", "GITHUB_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(home),
        # The tests themselves run on all cores.
        "DIGITS_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "DVC_NO_ANALYTICS": "1",
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc-global"),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "dvc-system"),
        "DVC_SITE_CACHE_DIR": str(home / "dvc-site"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **IDENTITY,
    }


@dataclass(frozen=True)
class Scratch:
    """A repository of its own with the project in it."""

    folder: Path

    @property
    def home(self) -> Path:
        """Where DVC and SSH keep what belongs to a user."""
        return self.folder.parent / f"{self.folder.name}-home"

    def attempt(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project, whatever its exit status."""
        self.home.mkdir(exist_ok=True)
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment(self.home) | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *command: str | Path, status: int = 0, **variables: str) -> str:
        """Return what a command prints; it must exit with `status`."""
        done = self.attempt(*command, **variables)
        assert done.returncode == status, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def git(self, *words: str) -> str:
        """Return what a Git command prints."""
        return self.run("git", *words).strip()

    def dvc(self, *words: str) -> str:
        """Return what a DVC command prints."""
        return self.run("dvc", *words)

    def digits(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a tool, of the code in this folder."""
        return self.attempt(sys.executable, "-m", "stages.tools.main", *words)

    def compare(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code of a comparison and its JSON report."""
        report = self.folder.parent / f"{self.folder.name}.json"
        report.unlink(missing_ok=True)
        done = self.digits("compare", "--json", str(report), *words)
        assert "Traceback" not in done.stderr, done.stderr
        content = json.loads(report.read_text())
        assert content["exit_code"] == done.returncode
        return done.returncode, content

    def set(self, **params: object) -> None:
        """Write values into params.yaml; the key train__epochs is train.epochs."""
        path, yaml = self.folder / "params.yaml", YAML()
        content = yaml.load(path)
        for key, value in params.items():
            section, name = key.split("__")
            content[section][name] = value
        yaml.dump(content, path)

    def commit(self, message: str) -> str:
        """Commit everything that Git does not ignore, and return the hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def retrain(self, **params: object) -> str:
        """Set params, run the pipeline and commit: a commit as a person makes it."""
        self.set(**params)
        self.dvc("repro", "--quiet")
        return self.commit(f"Retrain with {params}")

    def copy(self, folder: Path) -> "Scratch":
        """Return a copy of the whole folder, data and DVC's cache included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Scratch(folder)

    def clone(self, folder: Path, *options: str) -> "Scratch":
        """Return a fresh clone: what Git has, and no data that it leaves out."""
        self.git("clone", "--quiet", *options, self.folder.as_uri(), str(folder))
        return Scratch(folder)


def small_source(start: int) -> str:
    """Return a CSV file of ROWS digits, from that row of the project's own source."""
    with gzip.open(ROOT / "data/raw/mnist-5k.csv.gz", "rt", encoding="utf-8") as file:
        header = file.readline()
        return header + "".join(islice(file, start, start + ROWS))


def make(folder: Path) -> None:
    """Make a repository whose first commit has no results, and whose second has them."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith((*REPORTS, "data/raw/mnist")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    scratch = Scratch(folder)
    (folder / SOURCE).write_text(small_source(0))
    scratch.git("init", "--quiet", "--initial-branch=main")
    scratch.set(**{key.replace(".", "__"): value for key, value in SETTINGS.items()})
    scratch.commit("The code")
    scratch.dvc("repro", "--quiet")
    scratch.commit("Its results")
