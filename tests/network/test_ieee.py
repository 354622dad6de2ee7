"""The look at this machine's arithmetic, with machines that are set to compute otherwise."""

import ctypes
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from stages.network import ieee

_MXCSR = 28  # where glibc's fenv_t holds the register of SSE on x86-64
_FLUSH, _DENORMALS_ARE_0, _DOWN, _UP, _TO_0 = 0x8000, 0x0040, 0x2000, 0x4000, 0x6000

x86_64 = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="sets a register of x86-64"
)


@contextmanager
def control(bits: int) -> Iterator[None]:
    """Set bits of this thread's control register for floats, as a library may."""
    libm = ctypes.CDLL("libm.so.6")
    kept, other = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    libm.fegetenv(kept)
    libm.fegetenv(other)
    register = ctypes.c_uint32.from_buffer(other, _MXCSR)
    register.value |= bits
    libm.fesetenv(other)
    try:
        yield
    finally:
        libm.fesetenv(kept)


def test_this_machine_is_right() -> None:
    assert ieee.fault() is None


@x86_64
@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (_FLUSH, "as 0"),
        (_DENORMALS_ARE_0, "as 0"),
        (_FLUSH | _DENORMALS_ARE_0, "as 0"),
        (_DOWN, "round to the nearest"),
        (_UP, "round to the nearest"),
        (_TO_0, "round to the nearest"),
    ],
)
def test_a_register_set_otherwise_is_noticed(bits: int, words: str) -> None:
    with control(bits):
        found = ieee.fault()
    assert found is not None
    assert words in found
    assert ieee.fault() is None


def twice(one: float, other: float) -> set[float]:
    """Return a sum rounded to 64 bits first, as x87 computes it."""
    extended = np.longdouble(one) + np.longdouble(other)
    return {float(extended)}


@pytest.mark.skipif(np.finfo(np.longdouble).nmant != 63, reason="has no floats of 64 bits")
def test_sums_rounded_twice_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ieee, "_sums", twice)
    assert ieee.fault() == "it rounds sums twice"


def test_a_blas_of_fewer_bits_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rough(np.ndarray[Any, Any]):
        def __matmul__(self, other: Any) -> Any:
            exact = self.view(np.ndarray), other.view(np.ndarray)
            if self.dtype != float:
                return exact[0] @ exact[1]
            return (exact[0].astype("f4") @ exact[1].astype("f4")).astype(float)

    real = ieee._operands
    monkeypatch.setattr(ieee, "_operands", lambda: (real()[0].view(Rough), real()[1]))
    assert ieee.fault() == "its BLAS rounds where nothing is to be rounded"


def test_rough_quotients_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ieee, "_quotient", lambda x: x * (x.dtype.type(1) / x.dtype.type(3)) + 1e-9)
    assert ieee.fault() == "its quotients are not rounded to the nearest"
