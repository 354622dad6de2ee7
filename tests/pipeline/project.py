"""The project as its tests see it: what it declares, and copies of it to run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("ingest", "split", "encode", "initialize", "train", "evaluate", "plot")

# A copy's settings, whatever the working tree's are; a key that is not here keeps its value.
ROWS = 400
SOURCE = "data/raw/small.csv"
SETTINGS: dict[str, Any] = {
    "ingest.source": SOURCE,
    "split.train_rows": 300,
    "split.test_rows": None,
    "split.shuffle": True,
    "split.seed": 0,
    "split.max_shared_images": 0.1,
    "encode.pixel_scale": 255.0,
    "initialize.layers": [784, 16, 16, 10],
    "initialize.seed": 0,
    "train.epochs": 20,
    "train.learning_rate": 0.8,
    "train.precision": "float32",
}

_USER_SETTINGS = ("DIGITS_", "DVC", "GIT_", "PYTHON")
_CLOSED_PORT = "http://127.0.0.1:9"  # as a proxy: whoever asks the network is refused at once


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def flat_keys(sections: dict[str, Any]) -> set[str]:
    """Return the dotted names of the keys in a table of sections."""
    return {f"{section}.{key}" for section, keys in sections.items() for key in keys}


@dataclass(frozen=True)
class Declared:
    """What dvc.yaml says of a stage: paths, and dotted params keys."""

    code: frozenset[str]
    data: frozenset[str]
    params: frozenset[str]
    outs: frozenset[str]


def declared(stage: str) -> Declared:
    """Return what dvc.yaml says of a stage, as a copy of the project sees it."""
    entry = read_yaml(ROOT / "dvc.yaml")["stages"][stage]
    deps = {dep.replace("${ingest.source}", SOURCE) for dep in entry["deps"]}
    code = frozenset(dep for dep in deps if dep.startswith("stages/"))
    params = frozenset(entry.get("params", ()))
    # An out is a path, or a mapping from the path to its options.
    outs = chain.from_iterable([out] if isinstance(out, str) else out for out in entry["outs"])
    return Declared(code, frozenset(deps - code), params, frozenset(outs))


def environment(folder: Path) -> dict[str, str]:
    """Return an environment where `python` and `dvc` are ours and no user's settings count."""
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(_USER_SETTINGS)}
    state = str(folder / ".dvc/tmp")
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "DVC_NO_ANALYTICS": "1",
        "DVC_GLOBAL_CONFIG_DIR": state,
        "DVC_SITE_CACHE_DIR": state,
        "DVC_SYSTEM_CONFIG_DIR": state,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "http_proxy": _CLOSED_PORT,
        "https_proxy": _CLOSED_PORT,
        "no_proxy": "",
    }


@dataclass(frozen=True)
class Project:
    """A copy of the project, a Git and DVC repository of its own."""

    folder: Path

    def run(self, *command: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command in the project; it must exit with `status`."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment(self.folder),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, f"{command}: {done.stdout}{done.stderr}"
        return done

    def dvc(self, *arguments: str | Path) -> str:
        """Return what a DVC command prints."""
        return self.run("dvc", *arguments).stdout

    def git(self, *arguments: str) -> str:
        """Return what a Git command prints."""
        return self.run("git", *arguments).stdout

    def repro(self, *options: str) -> list[str]:
        """Run `dvc repro` and return the stages that it ran."""
        return re.findall(r"^Running stage '(\w+)':$", self.dvc("repro", *options), re.MULTILINE)

    def commit(self, message: str) -> None:
        """Commit everything that Git does not ignore."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def set_param(self, key: str, value: object) -> None:
        """Write one value, such as split.seed, into params.yaml."""
        path, yaml = self.folder / "params.yaml", YAML()
        content = yaml.load(path)
        section, name = key.split(".")
        content[section][name] = value
        yaml.dump(content, path)

    def contents(self) -> dict[str, bytes]:
        """Return every file under data/ and reports/ by its path."""
        found = chain.from_iterable((self.folder / top).rglob("*") for top in ("data", "reports"))
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in found
            if path.is_file()
        }

    def copy_to(self, folder: Path) -> "Project":
        """Return a copy of the whole folder, DVC's cache included."""
        shutil.copytree(self.folder, folder)
        return Project(folder)


# Returns the project of a name, which one test process makes in a folder and all share.
Share = Callable[[str, Callable[[Path], None]], Project]


def copy_working_tree(folder: Path) -> Project:
    """Return a new repository with the files that Git has or would take, as they are now."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():  # Git lists a file that is deleted but not yet committed
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    project = Project(folder)
    project.git("init", "--quiet")
    for setting in ("user.name=Tester", "user.email=tester@example.com", "commit.gpgsign=false"):
        project.git("config", *setting.split("="))
    project.commit("The project as it is")
    return project
