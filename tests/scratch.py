"""Copies of the project, each a Git and DVC repository of its own, for tests to run and change."""

import gzip
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Self

import pytest
from ruamel.yaml import YAML

from stages.common.command import run_stage
from stages.tools import main
from tests import processes

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "data/raw/small.csv"
ROWS = 1600
# A copy's settings, whatever the working tree's are; a key that is not here keeps its value.
# Quick to train, and yet as steady from seed to seed as the default is.
SETTINGS: dict[str, Any] = {
    "ingest.source": SOURCE,
    "split.train_rows": 800,
    "split.validation_rows": 0,
    "split.test_rows": None,
    "split.shuffle": True,
    "split.seed": 0,
    "split.max_shared_images": 0.1,
    "encode.side": 28,
    "encode.pixel_scale": 255.0,
    "initialize.layers": [784, 16, 16, 10],
    "initialize.first_weights": "uniform",
    "initialize.seed": 0,
    "train.epochs": 300,
    "train.learning_rate": 0.8,
    "train.precision": "reproducible",
    "gate.min_test_accuracy": 0.7,
}
IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Tester"), ("EMAIL", "tester@example.com"))
}

_USER_SETTINGS = ("DIGITS_", "DVC", "GIT_", "GITHUB_", "PYTHON")
_CLOSED_PORT = "http://127.0.0.1:9"  # as a proxy: whoever asks the network is refused at once


def environment(home: Path) -> dict[str, str]:
    """Return an environment where our Python is first and no user's settings count."""
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(_USER_SETTINGS)}
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
        "http_proxy": _CLOSED_PORT,
        "https_proxy": _CLOSED_PORT,
        "no_proxy": "",
    }


@dataclass(frozen=True)
class Scratch:
    """A repository of its own with the project in it."""

    folder: Path

    @property
    def home(self) -> Path:
        """Where DVC and SSH keep what belongs to a user."""
        return self.folder.parent / f"{self.folder.name}-home"

    def environment(self) -> dict[str, str]:
        """Return the environment of the commands run here."""
        self.home.mkdir(exist_ok=True)
        return environment(self.home)

    def attempt(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project, whatever its exit status."""
        return processes.run(command, cwd=self.folder, env=self.environment() | variables)

    def run(
        self, *command: str | Path, status: int = 0, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project; it must exit with `status`."""
        done = self.attempt(*command, **variables)
        assert done.returncode == status, f"{command}: {done.stdout}{done.stderr}"
        return done

    def git(self, *words: str) -> str:
        """Return what a Git command prints."""
        return self.run("git", *words).stdout.strip()

    def dvc(self, *words: str | Path) -> str:
        """Return what a DVC command prints."""
        return self.run("dvc", *words).stdout

    def repro(self, *options: str) -> list[str]:
        """Run `dvc repro` and return the stages that it ran."""
        return re.findall(r"^Running stage '(\w+)':$", self.dvc("repro", *options), re.MULTILINE)

    @contextmanager
    def entered(self, **variables: str) -> Iterator[None]:
        """Have this process work in the project, in the environment of its commands."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            wanted = self.environment() | variables
            for name in os.environ.keys() - wanted.keys():
                patch.delenv(name)
            for name, value in wanted.items():
                patch.setenv(name, value)
            yield

    def digits(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a tool in this process, of the code that is tested."""
        with self.entered():
            return processes.call(lambda: main.run(words), "digits", *words)

    def module(self, name: str, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `python -m NAME`, of a stage say, in this process; it must exit with `status`."""
        module = importlib.import_module(name)
        with self.entered(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", [name, *words])
            done = processes.call(lambda: run_stage(module.main, module.__doc__), name, *words)
        assert done.returncode == status, done
        return done

    def compare(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code of a comparison and its JSON report."""
        report = self.folder.parent / f"{self.folder.name}.json"
        report.unlink(missing_ok=True)
        done = self.digits("compare", "--json", str(report), *words)
        assert "Traceback" not in done.stderr, done.stderr
        content = json.loads(report.read_text(encoding="utf-8"))
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

    def contents(self) -> dict[str, bytes]:
        """Return every file under data/ and reports/ by its path."""
        found = chain.from_iterable((self.folder / top).rglob("*") for top in ("data", "reports"))
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in found
            if path.is_file()
        }

    def copy(self, folder: Path) -> Self:
        """Return a copy of the whole folder, data and DVC's cache included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return replace(self, folder=folder)

    def clone(self, folder: Path, *options: str) -> Self:
        """Return a fresh clone: what Git has, and no data that it leaves out."""
        self.git("clone", "--quiet", *options, self.folder.as_uri(), str(folder))
        return replace(self, folder=folder)


# Returns the folder of a name, which one test process makes and all share.
Share = Callable[[str, Callable[[Path], object]], Path]


def small_source(start: int) -> str:
    """Return a CSV file of ROWS digits, from that row of the project's own source."""
    with gzip.open(ROOT / "data/raw/mnist-5k.csv.gz", "rt", encoding="utf-8") as file:
        header = file.readline()
        return header + "".join(islice(file, start, start + ROWS))


def copy_working_tree(folder: Path, without: tuple[str, ...] = ()) -> Scratch:
    """Return a folder with the files that Git has or would take, as they are now, but for some."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, processes.run(command, cwd=ROOT).stdout.split("\0")):
        # Git lists a file that is deleted but not yet committed.
        if (ROOT / name).is_file() and not name.startswith(without):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return Scratch(folder)


def make_trained(folder: Path) -> None:
    """Make a repository whose first commit has no results, and whose second has them."""
    scratch = copy_working_tree(folder, without=("reports", "dvc.lock", "data/raw/mnist"))
    (folder / SOURCE).write_text(small_source(0), encoding="utf-8")
    scratch.git("init", "--quiet", "--initial-branch=main")
    scratch.set(**{key.replace(".", "__"): value for key, value in SETTINGS.items()})
    scratch.commit("The code")
    scratch.dvc("repro", "--quiet")
    scratch.commit("Its results")
