"""Exponential, logarithm, sine: of operations that IEEE 754 and two's complement fix to the bit.

NumPy's exp, tanh, log and sin depend on the processor and on the C library. These are made of
+ − × ÷, casts and shifts alone, so that they give the same bits everywhere.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Number = TypeVar("Number", float, Doubles)

LOG2_E = float.fromhex("0x1.71547652b82fep+0")
LN_2 = float.fromhex("0x1.62e42fefa39efp-1")

# A number added to these and taken off again is rounded to a whole one: no bit is left for less.
WHOLE_SINGLE = np.float32(1.5 * 2**23)
WHOLE_DOUBLE = 1.5 * 2.0**52

_MANTISSA_BITS = 23  # of float32, below its exponent
# 2^r = (u + r) / (u - r) with u = r / tanh(r ln(2) / 2), which for |r| <= 1/2 is
# U0 + U1 r^2 + U2 r^4 to 5e-9 (minimax); with float32's rounding 2^r is right to 1.4e-7.
_U0, _U1, _U2 = map(np.float32, (2.88539004, 0.115524158, -0.000921114464))
# 2 / ln(2) / n for n = 11, 9, 7, 5, 3, 1: the series of log2(m) = 2 artanh(t) / ln(2).
_LOG_TERMS = tuple(map(float.fromhex, (
    "0x1.0c9a84994022dp-2", "0x1.484b13d7c02a9p-2", "0x1.a61762a7aded9p-2",
    "0x1.2776c50ef9bfep-1", "0x1.ec709dc3a03fdp-1", "0x1.71547652b82fep+1",
)))  # fmt: skip
# sin(pi u) = 4 u (1 - |u|) Q(z) for |u| <= 1, with z = (1/2 - |u|)^2: for sin(pi |u|) is
# cos(pi (1/2 - |u|)), and Q(z) = cos(pi sqrt(z)) / (1 - 4 z) has a power series for all z. From
# cos(pi sqrt(z)) = (1 - 4 z) Q(z): Q0 = 1, Qn = 4 Q(n-1) + (-pi^2)^n / (2 n)!. These are 4 Qn for
# n = 9, ..., 0; as z <= 1/4, the terms left out are below 1e-16 times the sine.
_SINE_TERMS = tuple(map(float.fromhex, (
    "-0x1.eccbd8378269ap-29", "0x1.281f8d42c0aeep-23", "-0x1.1e75ed14a7fdfp-18",
    "0x1.b26877905e890p-14", "-0x1.f309e85922520p-10", "0x1.9f05cb00a01f7p-6",
    "-0x1.d4fcd83116aabp-3", "0x1.472be122434a5p+0", "-0x1.de9e64df22ef3p+1", "0x1p+2",
)))  # fmt: skip
_ROOT_HALF = float.fromhex("0x1.6a09e667f3bcdp-1")


def power_of_two(y: Singles, most: float) -> tuple[Singles, Singles]:
    """Return (up, down), both above 0, with up / down = 2^y to 1.4e-7; y is cut to ±`most`.

    y is changed. A quotient, as 1 / (1 + 2^y) is then one division too: down / (down + up).
    """
    r = np.minimum(y, np.float32(most), out=y)
    np.maximum(r, np.float32(-most), out=r)
    up = r + WHOLE_SINGLE  # its last bits are now the whole number that is nearest to y
    exponent = np.left_shift(up.view(np.int32), _MANTISSA_BITS)  # in a float32's place for it
    up -= WHOLE_SINGLE
    r -= up
    np.multiply(r, r, out=up)
    down = up * _U2
    down += _U1
    down *= up
    down += _U0  # u
    np.add(down, r, out=up)
    down -= r
    bits = up.view(np.int32)
    bits += exponent
    return up, down


def log2(x: Doubles) -> Doubles:
    """Return the logarithm of x > 0 to the base 2, to 1e-10, element by element."""
    mantissa, exponent = np.frexp(x)  # 1/2 <= mantissa < 1
    t = (mantissa - _ROOT_HALF) / (mantissa + _ROOT_HALF)
    square = t * t
    total = square * _LOG_TERMS[0]
    for term in _LOG_TERMS[1:-1]:
        total += term
        total *= square
    total += _LOG_TERMS[-1]
    total *= t
    total += exponent - 0.5
    return total


def sine(half_turns: Number) -> Number:
    """Return sin(pi x) of x half turns, |x| <= 1000, to 1e-15: of a float, or of each in an array.

    Whole and half numbers of half turns give exactly 0, 1 and −1.
    """
    u = _less_whole_turns(half_turns)
    size = abs(u)
    less = 0.5 - size
    z = less * less
    total = z * _SINE_TERMS[0] + _SINE_TERMS[1]
    for term in _SINE_TERMS[2:]:
        total = total * z + term
    return u * (1 - size) * total


def cosine(half_turns: Number) -> Number:
    """Return cos(pi x) of x half turns, with all that is said of the sine."""
    return sine(0.5 - abs(_less_whole_turns(half_turns)))


def _less_whole_turns(half_turns: Number) -> Number:
    """Return x − 2 k for the whole k that is nearest to x / 2, exactly: from −1 to 1."""
    turns = half_turns * 0.5 + WHOLE_DOUBLE - WHOLE_DOUBLE
    return half_turns - 2 * turns


def add_rows(x: Floats) -> Floats:
    """Return the sum (n,) of the rows of x (rows, n), pair by pair: always in the same order."""
    rows = x.copy()
    while len(rows) > 1:
        half = len(rows) // 2
        rows[:half] += rows[len(rows) - half :]
        rows = rows[: len(rows) - half]  # with the one in the middle, if they were odd
    total: Floats = rows[0]
    return total
