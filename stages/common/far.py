"""Whether DIGITS_CLUSTER asks that training run elsewhere, and whether what that takes is there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from stages.common.errors import DigitsError

CLUSTER = "DIGITS_CLUSTER"


def is_asked_for() -> bool:
    """Tell whether training is to run elsewhere."""
    return bool(os.environ.get(CLUSTER))


@contextmanager
def installed() -> Iterator[None]:
    """Within the block, import what only a cluster needs; raises DigitsError if it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise DigitsError(
            f"{CLUSTER} is set, and {error.name} is not installed: make cluster"
        ) from error
