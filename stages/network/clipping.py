"""Clipping: a gradient that is too long is made shorter, and keeps its direction."""

import numpy as np

from stages.network.elementary import add_rows
from stages.network.parameters import Vector

# Added to the norm, as in PyTorch's clip_grad_norm_.
_EPSILON = 1e-6


def norm(x: Vector) -> float:
    """Return the Euclidean norm of x (p,), computed in float64 and always in the same order."""
    squares = x.astype(np.float64)
    squares *= squares
    return float(np.sqrt(add_rows(squares)))


def clipped(total: Vector, rows: int, most: float) -> Vector:
    """Return a gradient summed over `rows` images such that its mean's norm is at most `most`.

    That is total min(1, most / (|total / rows| + 1e-6)) (Pascanu et al., 2013).
    """
    share = most / (norm(total) / rows + _EPSILON)
    return total * total.dtype.type(share) if share < 1 else total
