"""Published figures that results are held against."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError

POST_COSTS = Path("data/reference/post-cost-curve.csv")


def read_post_costs() -> npt.NDArray[np.float64]:
    """Return the blog post's cost of each epoch, in nats: (500,) float64, epoch 1 first."""
    try:
        return np.loadtxt(POST_COSTS, delimiter=",", skiprows=1, usecols=1)
    except (OSError, ValueError) as error:
        raise DigitsError(f"cannot use {POST_COSTS}: {error}. Git has it: git checkout") from error
