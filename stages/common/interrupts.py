"""Stop at a Ctrl-C or a SIGTERM, but only where it is safe to."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

Stop = type[KeyboardInterrupt]
_noted: list[Stop] = []  # as signals, of the process


class Terminated(KeyboardInterrupt):
    """A SIGTERM came: so SLURM, Kubernetes, systemd and CI end a job, and kill it a while later."""


@contextmanager
def terminable() -> Iterator[None]:
    """Within the block, raise Terminated at a SIGTERM; what is left of the block hears no other.

    One may come twice, as from `timeout`, and what it interrupts has something to clear away.
    """
    before = signal.getsignal(signal.SIGTERM)
    if before is signal.SIG_DFL:  # else somebody ignores or handles it already
        signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    raise Terminated


@contextmanager
def noted() -> Iterator[Callable[[], Stop | None]]:
    """Within the block, note a stop instead of raising it; yield what tells which came, if any.

    Raised wherever the program happens to be, a KeyboardInterrupt can get lost (in a destructor
    or a callback) or leave work half done. The second Ctrl-C is raised as usual.
    """
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _terminate}
    # Else somebody ignores or handles it already.
    ours = [number for number, handler in usual.items() if signal.getsignal(number) is handler]
    for number in ours:
        signal.signal(number, _note)
    try:
        yield noted_by_now
    finally:
        for number in ours:
            if signal.getsignal(number) is _note:
                signal.signal(number, usual[number])
        _noted.clear()


def _note(number: int, _frame: FrameType | None) -> None:
    """Note a stop, and leave what comes next to its usual handler, or a SIGTERM unheard."""
    term = number == signal.SIGTERM
    _noted.append(Terminated if term else KeyboardInterrupt)
    signal.signal(number, signal.SIG_IGN if term else signal.default_int_handler)


def noted_by_now() -> Stop | None:
    """Return what is raised for the stop that has been noted, or None: none has."""
    return _noted[-1] if _noted else None
