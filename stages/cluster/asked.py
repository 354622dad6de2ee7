"""What the environment asks for: where training runs, and where its pieces lie."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from stages.common.errors import DigitsError
from stages.common.far import CLUSTER

DATA, ROWS = "DIGITS_CLUSTER_DATA", "DIGITS_CLUSTER_ROWS"
WAIT = "DIGITS_CLUSTER_WAIT"

_MOST_WORKERS, _MOST_ROWS, _MOST_WAIT = 1024, 10**9, 10**6
_WAIT_SECONDS = 60
_FORMS = "local:N for N worker processes here, or a scheduler's tcp://HOST:PORT or tls://HOST:PORT"


class Asked(NamedTuple):
    """Where training runs.

    workers: how many processes are started here; None: a scheduler is at `address`.
    data: an address that all workers see; "": a scratch folder. piece_rows: rows of a piece, None:
    as it serves. wait: how many seconds without a worker are too many.
    """

    workers: int | None
    address: str
    data: str
    piece_rows: int | None
    wait: int


def asked(environment: Mapping[str, str], exact: bool, pieces: bool = True) -> Asked:
    """Return what an environment with DIGITS_CLUSTER asks for; raises DigitsError for nonsense.

    exact: whether no sum is rounded, so that pieces may be cut anywhere. pieces: whether there are
    any, which need an address.
    """
    where, data = environment[CLUSTER], environment.get(DATA, "")
    workers = _workers_here(where)
    if workers is None and not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d{1,5}", where):
        raise DigitsError(f"{CLUSTER} is {where!r}; expected {_FORMS}")
    if pieces and workers is None and not data:
        raise DigitsError(
            f"{DATA} is not set, and {CLUSTER} is {where}: expected an address that all workers "
            "see, such as a shared folder or s3://bucket/folder"
        )
    rows = _whole(environment, ROWS, 1, _MOST_ROWS)
    if rows and not exact:
        raise DigitsError(
            f"{ROWS} is {rows}; in float32 and float64 the pieces decide the last bits, and their "
            "size is fixed: expected it unset, or train.precision: reproducible"
        )
    wait = _whole(environment, WAIT, 1, _MOST_WAIT) or _WAIT_SECONDS
    return Asked(workers, where, data, rows, wait)


def _workers_here(where: str) -> int | None:
    """Return the N of local:N, or None for another form; raises DigitsError for a wrong N."""
    if not where.startswith("local:"):
        return None
    return _number(CLUSTER, where, where.removeprefix("local:"), 1, _MOST_WORKERS)


def _whole(environment: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """Return the whole number in a variable, None where it is not set."""
    text = environment.get(name, "")
    return _number(name, text, text, least, most) if text else None


def _number(name: str, value: str, digits: str, least: int, most: int) -> int:
    """Return a whole number from its digits; raises DigitsError, naming a variable's value."""
    plain = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most))
    if not (plain and least <= int(digits) <= most):
        form = f"local:N with N from {least} to {most}" if name == CLUSTER else ""
        form = form or f"a whole number from {least} to {most}"
        raise DigitsError(f"{name} is {value!r}; expected {form}")
    return int(digits)
