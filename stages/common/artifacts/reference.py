"""Published figures that results are held against."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError, refuse_conflict

EPOCHS = 500
POST_COSTS = Path("data/reference/post-cost-curve.csv")


def read_post_costs() -> npt.NDArray[np.float64]:
    """Return the blog post's cost of each epoch, in nats: (500,) float64, epoch 1 first."""
    try:
        text = POST_COSTS.read_text(encoding="utf-8")
        refuse_conflict(text, POST_COSTS)
        table = np.array([row.split(",") for row in text.splitlines()[1:]], np.float64)
    except (OSError, ValueError) as error:
        raise _unusable(str(error)) from error
    if table.shape != (EPOCHS, 2) or not np.isfinite(table).all():
        raise _unusable(f"it is no table of {EPOCHS} epochs and their finite costs")
    return np.ascontiguousarray(table[:, 1])


def _unusable(reason: str) -> DigitsError:
    """Return the error for a file that no stage makes."""
    back = f"Git has it: git checkout -- {POST_COSTS}"
    return DigitsError(f"cannot use {POST_COSTS}: {reason}. {back}")
