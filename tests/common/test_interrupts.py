"""A Ctrl-C is noted where it would do harm, and no other handler is disturbed."""

import signal
from collections.abc import Iterator

import pytest

from stages.common import interrupts


@pytest.fixture(autouse=True)
def default() -> Iterator[None]:
    """Let a Ctrl-C have its usual effect at the beginning, and afterwards."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_the_first_is_noted_and_the_second_is_raised() -> None:
    with interrupts.noted() as stopping:
        assert not stopping()
        signal.raise_signal(signal.SIGINT)
        assert stopping()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_where_it_is_ignored_it_stays_so() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupts.noted() as stopping:
        signal.raise_signal(signal.SIGINT)
        assert not stopping()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
