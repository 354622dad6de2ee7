"""From which strength on a pixel is ink."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NOISE = 16  # times the median of the squared slopes: below, a slope is the paper's
_LEAST_SLOPE = 0.03**2
_FAINTEST = 0.08  # share of the light that ink takes away, at least
_TOLD_APART = 2.4  # times what the unevenness of paper takes away
FULL = 0.8  # the share of ink that is fainter than what counts as full


class Level(NamedTuple):
    """The strength of paper, that from which on a pixel is ink, and that of ink at its full."""

    paper: float
    edge: float
    full: float


def level_of(strength: Floats) -> Level | None:
    """Return the level of a picture, None where nothing in it is told from paper.

    An edge is where the strength changes, and half of it lies below and half above: so the mean
    of the strength over the edges is one that parts ink from paper, however little ink there is.
    Half way from paper to full ink parts better still.
    """
    across, down = np.zeros_like(strength), np.zeros_like(strength)
    across[:, 1:-1] = strength[:, 2:] - strength[:, :-2]
    down[1:-1] = strength[2:] - strength[:-2]
    slope = across * across + down * down
    edges = slope > max(_NOISE * ranked(slope.ravel(), 0.5), _LEAST_SLOPE)
    if not edges.any():
        return None
    between = (slope * strength)[edges].sum() / slope[edges].sum()
    above = strength >= between
    if above.all():
        return None
    # Not of the whole picture: where a digit fills it, there is more ink than paper.
    paper, full = ranked(strength[~above], 0.5), ranked(strength[above], FULL)
    if full - paper < max(_FAINTEST, _TOLD_APART * paper):
        return None
    return Level(paper, (paper + full) / 2, full)


def ranked(x: Floats, share: float) -> float:
    """Return the number in x (n,) than which that share of the others is smaller."""
    place = int(share * (len(x) - 1))
    return float(np.partition(x, place)[place])
