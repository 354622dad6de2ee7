"""How sure a share of a sample is."""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]

_Z = 1.959963984540054  # 95 % of a standard normal distribution lies within so many of its mean


def wilson(hits: Counts, of: Counts) -> tuple[Scores, Scores]:
    """Return the ends of the 95 % interval around the shares hits / of, (n,) each, of > 0.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    share, unit = hits / of, _Z * _Z / of
    middle = share + unit / 2
    reach = np.sqrt(unit * (share * (1 - share) + unit / 4))
    low, high = (middle - reach) / (1 + unit), (middle + reach) / (1 + unit)
    # At a share of 0 or 1 an end is that share, but for rounding.
    return np.where(hits > 0, low, 0), np.where(hits < of, high, 1)
