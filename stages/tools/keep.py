"""The sub-command `digits keep`: put the trained network among those that come with the project."""

import argparse
import json
import re
import shlex
from typing import Any

from stages.common.artifacts import committed, models, reports, trained
from stages.common.errors import DigitsError
from stages.common.params import PARAMS_FILE
from stages.tools import git, yaml_text
from stages.tools.project_files import Tree

_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_PRECISION, _EVERYWHERE = "train.precision", "reproducible"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.description = (
        f"Write the network in {trained.TRAINED} to {models.FOLDER}/NAME.npz, rounded to float32,\n"
        f"and to {models.TABLE} its layers, its test accuracy, and the command that trains\n"
        "it again: by the params that differ from the last commit's. Commit both files."
    )
    about = "what `digits predict --network` calls it"
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help=about)


def run(arguments: argparse.Namespace) -> int:
    """Keep the network, say so, and return 0."""
    name = arguments.name
    if not _NAME.fullmatch(name):
        raise DigitsError(f"{name!r} is no name for a network; expected letters a-z, digits and -")
    network = trained.read(trained.TRAINED)
    path = models.write(name, network, _test_accuracy(), _command())
    print(f"{path} is written, and listed in {models.TABLE}: commit both")
    return 0


def _test_accuracy() -> float:
    """Return the test accuracy in the reports; raises DigitsError where there is none."""
    try:
        content = reports.METRICS.read_bytes()
    except OSError as error:
        advice = "dvc repro evaluate writes it"
        raise DigitsError(f"cannot read {reports.METRICS}: {error.strerror}; {advice}") from error
    return committed.metrics(content, reports.METRICS.as_posix())[committed.TEST_ACCURACY]


def _command() -> str:
    """Return the command that trains the network again.

    Raises DigitsError for a precision that gives other bytes on other machines.
    """
    git.check_repository()
    with git.blobs() as blobs:
        files = Tree("HEAD", blobs, git.output("rev-parse", "--show-prefix"))
        before = _flat(files.read(str(PARAMS_FILE)) or b"{}")
    now = _flat(PARAMS_FILE.read_bytes())
    if now.get(_PRECISION) != _EVERYWHERE:
        raise DigitsError(
            f"{_PRECISION} is {now.get(_PRECISION)}, which gives other bytes on other machines; "
            f"expected {_EVERYWHERE}"
        )
    words = [
        shlex.quote(f"{key}={_plain(value)}")
        for key, value in now.items()
        if key not in before or before[key] != value
    ]
    return " -S ".join(["dvc exp run", *words])


def _flat(content: bytes) -> dict[str, Any]:
    """Return params by dotted key."""
    return committed.flatten(yaml_text.mapping(content, str(PARAMS_FILE)))


def _plain(value: Any) -> str:
    """Return a param as `dvc exp run -S` takes it."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
