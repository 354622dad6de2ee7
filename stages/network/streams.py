"""What random numbers are drawn for: each purpose has a stream of its own in every epoch.

A stream is a function of the seed, the purpose and the epoch alone. So a run that goes on needs no
state of one, and what is drawn for one purpose moves nothing that is drawn for another.
"""

import numpy as np

BATCHES, DROPOUT, AUGMENTATION = 1, 2, 3


def stream(seed: int, purpose: int, epoch: int) -> np.random.Generator:
    """Return the random numbers for a purpose in an epoch, counted from 1."""
    return np.random.default_rng([seed, purpose, epoch])
