"""A Ctrl-C or a SIGTERM is noted where it would do harm, and no other handler is disturbed."""

import signal
from collections.abc import Iterator

import pytest

from stages.common import interrupts


@pytest.fixture(autouse=True)
def default() -> Iterator[None]:
    """Let signals have their usual effect at the beginning, and afterwards."""
    before = (
        signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.signal(signal.SIGTERM, signal.SIG_DFL),
    )
    yield
    for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
        signal.signal(number, handler)


def test_the_first_is_noted_and_the_second_is_raised() -> None:
    with interrupts.noted() as stopping:
        assert stopping() is None
        signal.raise_signal(signal.SIGINT)
        assert stopping() is KeyboardInterrupt
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert interrupts.noted_by_now() is None
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_sigterm_is_raised_once_and_the_rest_is_left_to_clear_away() -> None:
    with interrupts.terminable():
        with pytest.raises(interrupts.Terminated):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_sigterm_is_noted_once() -> None:
    with interrupts.terminable():
        with interrupts.noted() as stopping:
            for _ in range(2):
                signal.raise_signal(signal.SIGTERM)
                assert stopping() is interrupts.Terminated
        signal.raise_signal(signal.SIGTERM)
    with interrupts.terminable(), interrupts.noted() as stopping:
        assert stopping() is None


def test_where_it_is_ignored_it_stays_so() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with interrupts.terminable(), interrupts.noted() as stopping:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
            assert stopping() is None
            assert signal.getsignal(number) is signal.SIG_IGN
