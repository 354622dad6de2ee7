"""Soft targets: what training brings the probabilities to, in place of the one-hot truth.

A target T (10, n) is float32, in whole numbers of 2^-22 from 0 to 1, as the probabilities are
where sums are exact. Its columns sum to 1 within 10 roundings to that grid: the absolute values
of a column of P - T sum to at most 2 (1 + 2^-19).
"""

import math

import numpy as np

from stages.network.cost import Truth
from stages.network.elementary import Singles
from stages.network.parameters import Floats, Parameters

CLASSES = 10
TARGET_BITS = 22

_MAGIC = np.float32(3)  # from 2 to 4 float32 is whole numbers of 2^-22


def smoothed(truth: Truth, label_smoothing: float) -> Truth:
    """Return the truth with the targets (1 - e) Y.T + e / 10; their columns sum to 1 exactly.

    Label smoothing by e: Szegedy and others, 2016.
    """
    units = round(math.ldexp(label_smoothing / CLASSES, TARGET_BITS))
    return truth._replace(targets=_uniform(truth, np.float32(math.ldexp(units, -TARGET_BITS))))


def _uniform(truth: Truth, rest: np.float32) -> Singles:
    """Return T (10, n) with `rest` for each digit but the true one."""
    T = np.full((CLASSES, len(truth.labels)), rest)
    T.reshape(-1)[truth.places] = 1 - (CLASSES - 1) * rest
    return T


def taught(truth: Truth, P: Floats, weight: float) -> Truth:
    """Return the truth with its targets moved by `weight`, 0 to 1, to a teacher's P (10, n).

    Distillation: Hinton, Vinyals and Dean, 2015.
    """
    T = _uniform(truth, np.float32(0)) if truth.targets is None else truth.targets
    mixed = P.astype(np.float32)
    mixed -= T
    mixed *= np.float32(weight)
    mixed += T
    mixed += _MAGIC
    mixed -= _MAGIC
    return truth._replace(targets=mixed)


def softened(teacher: Parameters, temperature: float) -> Parameters:
    """Return a teacher whose probabilities are softmax(Z / temperature): its last layer divided."""
    *others, (W, b) = teacher
    return [*others, (W / W.dtype.type(temperature), b / b.dtype.type(temperature))]
