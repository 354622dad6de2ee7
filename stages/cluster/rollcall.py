"""What a worker must have in common with this process: Python, NumPy, and the project's code."""

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from distributed import Client

from stages.common.errors import DigitsError
from stages.network import ieee


class Identity(NamedTuple):
    """A process: its versions, a fingerprint of the project's code, and what its processor lacks.

    fault: of IEEE 754, "": none.
    """

    python: str
    numpy: str
    code: str
    fault: str


@cache
def identity() -> Identity:
    """Return what this process is, by the code that is there when it is first asked.

    A worker that has imported code which is edited later goes on with the old one, and says so.
    """
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    versions = platform.python_version(), np.__version__
    return Identity(*versions, digest.hexdigest()[:12], ieee.fault() or "")


def refusals(client: Client, workers: Iterable[str], exact: bool) -> dict[str, str]:
    """Return for each worker, by its address, why it cannot be used; "": it can.

    exact: whether the training asks for IEEE 754. A worker that goes meanwhile is left out.
    """
    asked = list(workers)
    told = client.run(identity, workers=asked, on_error="return") if asked else {}
    mine = identity()
    return {
        worker: _refusal(mine, said, exact)
        for worker, said in told.items()
        if not isinstance(said, OSError)
    }


def _refusal(mine: Identity, said: object, exact: bool) -> str:
    """Return why a worker that said this, or failed with that, cannot be used."""
    if not isinstance(said, Identity):
        return (
            f"it cannot import this project's code ({said!r}); expected it to be started in a copy "
            "of the project's folder, with its environment, as here"
        )
    for name, ours, theirs in zip(_NAMES, mine, said, strict=False):
        if ours != theirs:
            return f"it has {name} {theirs}; expected {ours}, as here"
    return (
        f"its processor does not compute by IEEE 754: {said.fault}" if exact and said.fault else ""
    )


_NAMES = ("Python", "NumPy", "the project's code with fingerprint")


def refuse(client: Client, workers: Iterable[str], exact: bool) -> None:
    """Raise DigitsError where a worker cannot be used."""
    for worker, reason in refusals(client, workers, exact).items():
        if reason:
            raise DigitsError(f"the worker at {worker} cannot train here: {reason}")
