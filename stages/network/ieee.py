"""Does this machine compute as IEEE 754 says? A look of some microseconds, once at the start.

What the exact arithmetic needs is what processors do by themselves; but a library can tell them
to count the smallest numbers as 0 or to round otherwise, and old ones round twice.
"""

import numpy as np

from stages.network.parameters import Floats

_ULP = 2.0**-52
_MANY = 64  # numbers at once, so that the wide instructions are asked too


def fault() -> str | None:
    """Say in what way this machine's arithmetic is not that of IEEE 754, or return None."""
    checks = {
        "it counts numbers below 2.2e-308 as 0": _keeps_small(np.float64(2.0**-1022)),
        "it counts float32 numbers below 1.2e-38 as 0": _keeps_small(np.float32(2.0**-126)),
        "it does not round to the nearest number": _rounds_to_nearest(),
        "it rounds sums twice": _rounds_once(),
        "its quotients are not rounded to the nearest": _divides(),
        "its BLAS rounds where nothing is to be rounded": _multiplies(),
    }
    return next((words for words, right in checks.items() if not right), None)


def _keeps_small(least: np.floating) -> bool:
    """Tell whether half of the least normal number is a number, and twice that the least again."""
    two = least.dtype.type(2)
    half = np.full(_MANY, least) / two
    return bool(np.all(half > 0) and np.all(half * two == least))


def _sums(one: float, other: float) -> set[float]:
    """Return what one + other is: more than one number if not all instructions agree."""
    return set((np.full(_MANY, one) + np.full(_MANY, other)).tolist())


def _rounds_to_nearest() -> bool:
    """Tell whether sums go to the nearest number, and from the middle to the even one."""
    return (
        _sums(1, _ULP / 2) == _sums(-1, -_ULP / 2 + 2) == {1}
        and _sums(1, _ULP * 0.75) == {1 + _ULP}
        and _sums(-1, _ULP / 8) == {-1}
        and _sums(1 + _ULP, _ULP / 2) == {1 + 2 * _ULP}
    )


def _rounds_once() -> bool:
    """Tell whether a sum just above a middle goes up: in 64 bits first, it would be the middle."""
    return _sums(1, _ULP / 2 + 2.0**-78) == {1 + _ULP}


def _divides() -> bool:
    """Tell whether 1/3 and 2/3 are the numbers next to them, in both float types."""
    singles = _quotient(np.array([1, 2] * _MANY, np.float32)).view(np.int32)
    doubles = _quotient(np.array([1, 2] * _MANY, np.float64)).view(np.int64)
    return set(singles.tolist()) == {0x3EAAAAAB, 0x3F2AAAAB} and set(doubles.tolist()) == {
        0x3FD5555555555555,
        0x3FE5555555555555,
    }


def _quotient(x: Floats) -> Floats:
    """Return x / 3."""
    third: Floats = x / x.dtype.type(3)
    return third


def _multiplies() -> bool:
    """Tell whether a product whose sums need all 53 bits is that of whole numbers."""
    left, right = _operands()
    return bool(np.array_equal(left @ right, left.astype(np.int64) @ right.astype(np.int64)))


def _operands() -> tuple[Floats, Floats]:
    """Return two matrices of whole numbers of 24 bits."""
    left = 2**24 - np.arange(16 * 32).reshape(16, 32) * 32749
    right = 2**24 - np.arange(32 * 64).reshape(32, 64) * 8191
    return left.astype(np.float64), right.astype(np.float64)
