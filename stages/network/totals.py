"""Sums of whole numbers that stay exact however many there are, in whatever order they come."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating]

_LOW_BITS = 32


@dataclass(frozen=True)
class Total:
    """Whole numbers high * 2^32 + low with 0 <= low < 2^32, element by element.

    Equal sums are equal totals. The largest is 2^95: enough for 2^32 sums of 2^63 each.
    """

    high: Integers
    low: Integers

    def __add__(self, addend: "Exact") -> "Total":
        """Return the sum of both, exactly."""
        other = addend.split()
        low = self.low + other.low
        high = self.high + other.high
        high += low >> _LOW_BITS
        low &= (1 << _LOW_BITS) - 1
        return Total(high, low)

    def shifted(self, by: int) -> "Total":
        """Return the numbers times 2^by, by at most 30, where these are below 2^95."""
        low = self.low << by
        return Total((self.high << by) + (low >> _LOW_BITS), low & ((1 << _LOW_BITS) - 1))

    def split(self) -> "Total":
        """Return itself."""
        return self

    def rounded(self) -> Floats:
        """Return the numbers, rounded once."""
        # What is high is far below 2^53, so that only the sum of the two rounds.
        whole: Floats = self.high.astype(np.float64)
        whole *= math.ldexp(1, _LOW_BITS)
        whole += self.low
        return whole


@dataclass(frozen=True)
class Unsplit:
    """Whole numbers to 2^53 as a product leaves them, in float64: nothing is added to them yet."""

    numbers: Floats

    def __add__(self, other: "Exact") -> Total:
        """Return the sum of both, exactly."""
        return self.split() + other

    def split(self) -> Total:
        """Return the numbers as totals."""
        return total_of(self.numbers)

    def rounded(self) -> Floats:
        """Return the numbers: they are not rounded, but for a zero's sign, which the BLAS sets."""
        return self.numbers + 0.0


Exact = Total | Unsplit


def total_of(whole: npt.ArrayLike) -> Total:
    """Return numbers as totals: int64, or whole numbers of another type below 2^63."""
    numbers = np.asarray(whole).astype(np.int64)
    return Total(numbers >> _LOW_BITS, numbers & ((1 << _LOW_BITS) - 1))
