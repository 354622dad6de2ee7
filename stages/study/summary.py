"""What the runs say together, and where the post lies among them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stages.study.post import Post

Scores = npt.NDArray[np.float64]


class Group(NamedTuple):
    """Runs that differ in their seed alone.

    cost: (runs, epochs) nats. train_accuracy, test_accuracy: (runs,) shares.
    """

    cost: Scores
    train_accuracy: Scores
    test_accuracy: Scores


class Band(NamedTuple):
    """Lowest, middle and highest cost of the runs in each epoch: three arrays (epochs,)."""

    lowest: Scores
    median: Scores
    highest: Scores


def band(cost: Scores) -> Band:
    """Return the band of the curves `cost` (runs, epochs)."""
    return Band(cost.min(axis=0), np.median(cost, axis=0), cost.max(axis=0))


def inside(curve: Scores, around: Band) -> npt.NDArray[np.bool_]:
    """Return for each epoch that both have whether the curve lies in the band, ends included."""
    n = min(len(curve), len(around.lowest))
    return (around.lowest[:n] <= curve[:n]) & (curve[:n] <= around.highest[:n])


def rises(cost: Scores) -> npt.NDArray[np.int64]:
    """Return how often a cost (..., epochs) is above the one of the epoch before: (...)."""
    rose: npt.NDArray[np.int64] = np.sum(np.diff(cost) > 0, axis=-1)
    return rose


def spread(values: Scores, published: float) -> dict[str, float]:
    """Return mean, standard deviation, range, and the percentile of the post's value in `values`.

    values: (runs,), two or more. The standard deviation is the sample's (division by runs - 1);
    the percentile is the share of runs at or below the post's value, from 0 to 100.
    """
    return {
        "mean": float(values.mean()),
        "std": float(values.std(ddof=1)),
        "min": float(values.min()),
        "max": float(values.max()),
        "post_percentile": 100 * float(np.mean(values <= published)),
    }


def summarise(group: Group, post: Post) -> dict[str, Any]:
    """Return what the runs of one scale say, and where the post lies among them."""
    rose = rises(group.cost)
    return {
        "runs": len(group.cost),
        "train_accuracy": spread(group.train_accuracy, post.train_accuracy),
        "test_accuracy": spread(group.test_accuracy, post.test_accuracy),
        "epochs_inside_band": int(inside(post.cost, band(group.cost)).sum()),
        "cost_rises": {"min": int(rose.min()), "max": int(rose.max())},
    }


def of_post(post: Post, epochs: int) -> dict[str, Any]:
    """Return the post's own numbers, its curve as far as runs of so many epochs go."""
    curve = post.cost[:epochs]
    return {
        "train_accuracy": post.train_accuracy,
        "test_accuracy": post.test_accuracy,
        "epochs": len(curve),
        "cost_rises": int(rises(curve)),
    }
