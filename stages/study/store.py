"""Finished runs, kept so that a study that was stopped goes on where it was.

They live in a folder that Git and DVC do not know, each written whole or not at all, and named
by a fingerprint of all that decides its result: data, settings, code and libraries.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from stages import encode, evaluate
from stages.common.areas import SIDE
from stages.common.artifacts import npz
from stages.common.artifacts.checkpoint import fingerprint
from stages.common.artifacts.digits import Digits
from stages.common.errors import DigitsError
from stages.encode import encode as encoded_of
from stages.network.recipe import recipe_of
from stages.study import runs, saturation
from stages.study.runs import Outcome, Recipe, Run, settings_of, start_of
from stages.train import begun, run_key

FOLDER = Path(".cache/reproduction")

_VERSION = 1
_CODE = (encode, evaluate, runs, saturation)  # beside the code of training, in run_key


def key_of_study(recipe: Recipe, rows: tuple[Digits, Digits]) -> str:
    """Return the fingerprint of what all runs share: data, recipe, code and libraries."""
    # Its own scale, rate and seed are no matter here: `path_of` adds those of each run.
    train_rows = encoded_of(rows[0], SIDE, 1.0)
    run = Run("", 1.0, 1.0, 0)
    settings = settings_of(run, recipe)
    start = begun(recipe_of(settings), start_of(run, recipe), None)
    key = run_key(settings, start, train_rows, None, None)
    code = [Path(str(module.__file__)).read_bytes() for module in _CODE]
    return fingerprint([key, repr(recipe), *code, rows[1].pixels, rows[1].label])


def path_of(key: str, run: Run) -> Path:
    """Return where a run of the study with fingerprint `key` is kept."""
    return FOLDER / f"{fingerprint([key, repr(run)])}.npz"


def save(path: Path, outcome: Outcome) -> None:
    """Keep what a run gave; raises DigitsError where it cannot be written."""
    npz.write(path, outcome._asdict(), _VERSION)


def load(path: Path, epochs: int) -> Outcome | None:
    """Return what a run of so many epochs gave, or None unless it is kept whole."""
    if not path.exists():
        return None
    try:
        arrays = npz.read(path, _VERSION, "reproduction")
        if len(arrays["cost"]) == epochs:
            return Outcome(**{name: arrays[name].view("f8") for name in Outcome._fields})
        fault = "it is of another number of epochs"
    except (DigitsError, KeyError, ValueError) as error:
        fault = str(error)
    print(f"{path} is not used: {fault}", file=sys.stderr)
    return None


def prune(kept: Iterable[Path]) -> None:
    """Delete what other settings or older code left."""
    wanted = set(kept)
    for path in FOLDER.glob("*.npz"):
        if path not in wanted:
            path.unlink(missing_ok=True)
