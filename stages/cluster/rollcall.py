"""What a worker and the scheduler must have in common with us: versions, and the project's code."""

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from distributed import Client, get_worker

from stages.common.errors import DigitsError
from stages.common.far import CLUSTER
from stages.network import ieee


class Identity(NamedTuple):
    """A process: its versions, a fingerprint of the project's code, and what its processor lacks.

    fault: of IEEE 754, "": none.
    """

    python: str
    numpy: str
    dask: str
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
    versions = platform.python_version(), np.__version__, version("distributed")
    return Identity(*versions, digest.hexdigest()[:12], ieee.fault() or "")


def told(needed: str) -> Identity:
    """Return what this process is; raises ImportError where it cannot import a module."""
    import_module(needed)
    return identity()


def refusals(client: Client, workers: Iterable[str], exact: bool, needed: str) -> dict[str, str]:
    """Return for each worker, by its address, why it cannot be used; "": it can.

    exact: whether the training asks for IEEE 754. needed: the module of what workers are to do. A
    worker that goes meanwhile is left out.
    """
    asked = list(workers)
    heard = client.run(told, needed, workers=asked, on_error="return") if asked else {}
    return {
        worker: _refusal(identity(), said, exact)
        for worker, said in heard.items()
        if not isinstance(said, OSError)
    }


def require(asking: Identity) -> None:
    """Raise DigitsError where this process, a worker, cannot work for one that asks."""
    if reason := _refusal(asking, identity(), exact=True):
        raise DigitsError(f"the worker at {get_worker().address} cannot train here: {reason}")


def _refusal(asking: Identity, said: object, exact: bool) -> str:
    """Return why one that said this, or failed with that, cannot be used by one that asks."""
    if not isinstance(said, Identity):
        return (
            f"it cannot import this project's code ({said}); expected it to be started in a copy "
            "of the project's folder, with its environment, as here"
        )
    for name, ours, theirs in zip(_NAMES, asking, said, strict=False):
        if ours != theirs:
            return f"it has {name} {theirs}; expected {ours}, as here"
    return (
        f"its processor does not compute by IEEE 754: {said.fault}" if exact and said.fault else ""
    )


_NAMES = ("Python", "NumPy", "Dask", "the project's code with fingerprint")


def refuse(client: Client, workers: Iterable[str], exact: bool, needed: str) -> None:
    """Raise DigitsError where the scheduler or a worker cannot be used; the rest: as `refusals`."""
    if reason := _refusal(identity(), _scheduler(client, needed), exact=False):
        raise DigitsError(f"the scheduler of {CLUSTER} cannot be used: {reason}")
    for worker, reason in refusals(client, workers, exact, needed).items():
        if reason:
            raise DigitsError(f"the worker at {worker} cannot train here: {reason}")


def _scheduler(client: Client, needed: str) -> Identity | Exception:
    """Return what the scheduler is, which reads what is sent to workers; or why it does not say."""
    try:
        said: Identity = client.run_on_scheduler(told, needed)
    except (ImportError, AttributeError, SyntaxError, TypeError) as error:
        return error  # as other code has it, or another Python
    return said
