"""The checks of the notebook's exercises: each takes an answer, and returns a sentence about it.

The sentence begins with "Right", with "Not yet" and goes on with a hint, or with "Not filled in
yet".
"""

from stages.tools.exercises.on_data import counts, one_hot, parts
from stages.tools.exercises.on_network import (
    hidden_error,
    ignorance,
    parameter_count,
    softmax,
    step,
)
from stages.tools.exercises.on_training import epoch_below, flat_share, frequent_mistake

__all__ = [
    "counts",
    "epoch_below",
    "flat_share",
    "frequent_mistake",
    "hidden_error",
    "ignorance",
    "one_hot",
    "parameter_count",
    "parts",
    "softmax",
    "step",
]
