"""How exact sums take activations that have no bound: each image in a unit of its own.

A bound that follows from the weights is far above what activations reach, the more so the wider
and the deeper the network; one from the images would depend on how they are cut. So an image's
unit is a power of two that follows from its own largest activation:

- forward, W is multiplied by activations over their image's unit, exactly, and the unit is put
  back afterwards;
- delta @ A.T sums over images, whose units differ: delta takes the unit in, over a bound from the
  weights, and is cut into a high and a low part, each with an exact product.

It is free of order and cut, and wastes no bit forward, in however many layers.
"""

import math

import numpy as np

from stages.network.activations import A_BITS
from stages.network.elementary import WHOLE_DOUBLE
from stages.network.exact_layers import UpperLayer
from stages.network.parameters import Floats
from stages.network.totals import Total

LOW_BITS = 22  # of the low part of an error: as many as an error has


class UnboundedLayer:
    """A layer that takes in activations of at most 2^`most`, most of them far smaller."""

    def __init__(self, layer: UpperLayer, most: int) -> None:
        """Take the layer that computes once activations are divided by their units."""
        self.bounded, self.most = layer, most
        self.unit = most - LOW_BITS - A_BITS  # of `gradient`, as an exponent of two

    def affine(self, A: Floats) -> Floats:
        """Return Z (n_out, n), of A as `into_units` leaves it."""
        Z = self.bounded.affine(A[:-1])
        Z *= A[-1]
        return Z

    def gradient(self, delta: Floats, A: Floats) -> Total:
        """Return delta @ A.T in units of 2^(most - 22 - 24). Each part of delta 22 bits, A 24."""
        high, low = self.parts(delta, A[-1])
        sums = self.bounded.gradient(high, A[:-1])
        return sums.split().shifted(LOW_BITS) + self.bounded.gradient(low, A[:-1])

    def parts(self, delta: Floats, unit: Floats) -> tuple[Floats, Floats]:
        """Return delta * unit / 2^most as high + low / 2^22, each at most 2^22 and whole."""
        low = delta * (unit * math.ldexp(1, -self.most))
        high = low + WHOLE_DOUBLE
        high -= WHOLE_DOUBLE
        low -= high
        low *= math.ldexp(1, LOW_BITS)
        low += WHOLE_DOUBLE
        low -= WHOLE_DOUBLE
        return high, low

    def error_below(self, delta: Floats, slope: Floats) -> Floats:
        """Return (W.T @ delta) * slope: no activation is in it."""
        return self.bounded.error_below(delta, slope)


def into_units(A: Floats) -> None:
    """Divide A (n_in + 2, n) in place: activations, ones, and a row that takes in the units.

    What is divided is then whole numbers of 2^-24, from -1 to 1: the ones are among it, and
    activations are never as small as -1.
    """
    values, unit = A[:-1], A[-1]
    np.ldexp(1.0, np.frexp(values.max(axis=0))[1], out=unit)
    values *= 1 / unit
    magic = WHOLE_DOUBLE * math.ldexp(1, -A_BITS)
    values += magic
    values -= magic
