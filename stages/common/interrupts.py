"""Stop at Ctrl-C, but only where it is safe to."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def noted() -> Iterator[Callable[[], bool]]:
    """Within the block, note a Ctrl-C instead of raising it; yield what tells whether one came.

    Raised wherever the program happens to be, a KeyboardInterrupt can get lost (in a destructor
    or a callback) or leave work half done. The second Ctrl-C is raised as usual.
    """
    came = False

    def note(_signal: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # else somebody ignores or handles it already
        signal.signal(signal.SIGINT, note)
    try:
        yield lambda: came
    finally:
        signal.signal(signal.SIGINT, before)
