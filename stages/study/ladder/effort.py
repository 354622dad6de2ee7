"""About how long an entry trains on one core: good to say the time left, and for nothing else."""

from itertools import pairwise

from stages.network.arithmetic import ARITHMETICS
from stages.study.ladder.entries import Entry
from stages.study.ladder.plan import OFFICIAL
from stages.study.ladder.pools import Counts

# Measured on a core of a 2-core AMD EPYC, in seconds an image and epoch; by whether the arithmetic
# is the same everywhere.
_A_WEIGHT = {True: 1.9e-10, False: 1.1e-10}
# In batches of 128 images there is more to do for each of them than where all are one batch.
_A_BATCH = {True: 5.6e-6, False: 1.5e-6}
_AFFINE, _ELASTIC = 4e-6, 2.3e-6
_DEFORMED = ("train.shift", "train.rotate", "train.scale", "train.shear")


def seconds(entry: Entry, counts: Counts) -> float:
    """Return about how long an entry trains; a teacher's work is left out."""
    values = entry.values
    everywhere = ARITHMETICS[values["train.precision"]].everywhere
    weights = sum(above * below for below, above in pairwise(values["initialize.layers"]))
    image: float = weights * _A_WEIGHT[everywhere]
    image += _A_BATCH[everywhere] if values.get("train.batch_rows") else 0
    image += _AFFINE if any(values.get(key) for key in _DEFORMED) else 0
    image += _ELASTIC if values.get("train.elastic") else 0
    rows = counts.official_rows if entry.rows in OFFICIAL else counts.train_rows
    return float(values["train.epochs"]) * rows * image
