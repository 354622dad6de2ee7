"""What the blog post published of its run, as far as the study holds its own runs against it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import reference

TRAIN_ACCURACY = 0.8722
TEST_ACCURACY = 0.8565


class Post(NamedTuple):
    """The post's run. cost: (500,) nats, epoch 1 first; the accuracies are shares."""

    cost: npt.NDArray[np.float64]
    train_accuracy: float
    test_accuracy: float


def read() -> Post:
    """Return what the post published; raises DigitsError where its curve cannot be read."""
    return Post(reference.read_post_costs(), TRAIN_ACCURACY, TEST_ACCURACY)
