"""The trained networks that come with the project, and what is known of each.

A network is data/models/NAME.npz, as `train` writes it, its numbers rounded to float32;
data/models/models.json says of each how it reads, and the command that trains it again.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stages.common.artifacts import trained
from stages.common.artifacts.trained import Trained
from stages.common.errors import DigitsError, refuse_conflict
from stages.common.files import replacing

FOLDER = Path("data/models")
TABLE = FOLDER / "models.json"
MOST_BYTES = 2_000_000  # of a network: Git keeps each for ever


@dataclass(frozen=True)
class Model:
    """What is known of a network.

    layers: their sizes. accuracy: on the images that tested it, a share. command: trains it again.
    """

    layers: list[int]
    accuracy: float
    command: str


def listed() -> dict[str, Model]:
    """Return what is known of each network by its name; raises DigitsError for a wrong table."""
    try:
        text = TABLE.read_text(encoding="utf-8")
        refuse_conflict(text, TABLE)
        return {name: _model(known) for name, known in json.loads(text).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        advice = f"git checkout -- {TABLE} brings it back"
        raise DigitsError(f"cannot use {TABLE}: {error}; {advice}") from error


def _model(known: dict[str, Any]) -> Model:
    """Return what a table says of a network; raises TypeError or ValueError for anything else."""
    model = Model(**known)
    sizes = isinstance(model.layers, list) and all(isinstance(n, int) for n in model.layers)
    if not (sizes and isinstance(model.accuracy, float) and isinstance(model.command, str)):
        raise TypeError(f"it says {str(known)[:80]} of a network")
    return model


def path_of(name: str) -> Path:
    """Return the file of a network; raises DigitsError for a name that is not listed."""
    names = [*listed()]
    if name not in names:
        expected = (
            f"one of {', '.join(names)}" if names else f"one that {TABLE} lists: it lists none"
        )
        raise DigitsError(f"there is no network {name[:40]!r} here; expected {expected}")
    return FOLDER / f"{name}.npz"


def write(name: str, network: Trained, accuracy: float, command: str) -> Path:
    """Write a network rounded to float32, list it, and return its file.

    Raises DigitsError for one that is too large, or whose numbers are too large for float32.
    """
    with np.errstate(over="ignore"):
        rounded = [(W.astype(np.float32), b.astype(np.float32)) for W, b in network.layers]
    if not all(np.isfinite(array).all() for layer in rounded for array in layer):
        raise DigitsError(f"{name} has numbers that are too large for float32: training diverged")
    size = sum(W.nbytes + b.nbytes for W, b in rounded)
    if size > MOST_BYTES:
        raise DigitsError(f"{name} would take {size:,} bytes; expected at most {MOST_BYTES:,}")
    path = FOLDER / f"{name}.npz"
    trained.write(path, Trained(rounded, network.pixel_scale, network.side, network.activation))
    layers = [rounded[0][0].shape[1], *(len(b) for _, b in rounded)]
    known = {**listed(), name: Model(layers, accuracy, command)}
    text = {name: asdict(known[name]) for name in sorted(known)}
    with replacing(TABLE) as file:
        file.write(f"{json.dumps(text, indent=1)}\n".encode())
    return path
