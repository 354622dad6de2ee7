"""Exponential and logarithm, of operations that IEEE 754 and two's complement fix to the bit.

NumPy's exp, tanh and log depend on the processor and on the C library. These are made of
+ − × ÷, casts and shifts alone, so that they give the same bits everywhere.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

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
_ROOT_HALF = float.fromhex("0x1.6a09e667f3bcdp-1")


def power_of_two(y: Singles, most: float) -> tuple[Singles, Singles]:
    """Return (up, down), both above 0, with up / down = 2^y to 1.4e-7; y is cut to ±`most`.

    y is changed. A quotient, as 1 / (1 + 2^y) is then one division too: down / (down + up).
    """
    r = np.clip(y, np.float32(-most), np.float32(most), out=y)
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


def add_rows(x: Floats) -> Floats:
    """Return the sum (n,) of the rows of x (rows, n), pair by pair: always in the same order."""
    rows = x
    while len(rows) > 1:
        half = len(rows) // 2
        sums = rows[:half] + rows[len(rows) - half :]
        rows = sums if len(rows) % 2 == 0 else np.concatenate([sums, rows[half : half + 1]])
    total: Floats = rows[0]
    return total
