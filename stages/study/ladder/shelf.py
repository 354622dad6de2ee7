"""Finished entries, kept so that a study that was stopped goes on where it was.

They live in a folder that Git and DVC do not know, each written whole or not at all, and named by
fingerprints of data, values, seed, code and libraries.
"""

import sys
from pathlib import Path
from typing import Any

from stages.common.artifacts import npz
from stages.common.artifacts.checkpoint import fingerprint
from stages.common.errors import DigitsError
from stages.network.parameters import Parameters
from stages.study.ladder.entries import Entry, key_of_code
from stages.study.ladder.pupil import Outcome

FOLDER = Path(".cache/ladder")

_VERSION = 1


class Shelf:
    """A folder of finished entries, as it is for the code and the libraries that are here."""

    def __init__(self, folder: Path) -> None:
        """Keep entries in a folder."""
        self._folder = folder
        self._code: dict[str, str] = {}

    def path_of(self, entry: Entry) -> Path:
        """Return where an entry is kept."""
        precision = entry.values["train.precision"]
        if precision not in self._code:
            self._code[precision] = key_of_code(precision)
        return self._folder / f"{fingerprint([entry.key, self._code[precision]])}.npz"

    def load(self, entry: Entry) -> Outcome | None:
        """Return what an entry gave, or None unless it is kept whole."""
        return load(self.path_of(entry))


def save(path: Path, outcome: Outcome) -> None:
    """Keep what an entry gave; raises DigitsError where it cannot be written."""
    arrays = {name: array for name, array in outcome._asdict().items() if name != "parameters"}
    for number, (W, b) in enumerate(outcome.parameters, start=1):
        arrays |= {f"W{number}": W, f"b{number}": b}
    npz.write(path, arrays, _VERSION)


def load(path: Path) -> Outcome | None:
    """Return what is kept in a file, or None where there is none; a damaged one is told of."""
    if not path.exists():
        return None
    try:
        arrays = npz.read(path, _VERSION, "ladder")
        layers = sum(name.startswith("W") for name in arrays)
        parameters: Parameters = [
            (
                arrays[f"W{n}"].view(arrays[f"W{n}"].dtype),
                arrays[f"b{n}"].view(arrays[f"b{n}"].dtype),
            )
            for n in range(1, layers + 1)
        ]
        named: dict[str, Any] = {name: arrays[name] for name in Outcome._fields[1:]}
        return Outcome(parameters, **named)
    except (DigitsError, KeyError) as error:
        print(f"{path} is not used: {error}", file=sys.stderr)
        return None
