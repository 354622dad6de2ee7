"""The loop over single images against the pipeline: do they agree, and what does each cost?"""

import time
from typing import NamedTuple

import numpy as np

from stages.common.areas import SIDE
from stages.common.artifacts.digits import Digits
from stages.common.errors import DigitsError
from stages.encode import encode
from stages.network.batches import Whole
from stages.network.descent import Task, begin, descend
from stages.network.parameters import Parameters, sizes_of
from stages.network.partition import partition
from stages.network.recipe import recipe_of
from stages.study import loop
from stages.study.runs import Recipe, Run, settings_of, start_of

TOLERANCE = 1e-10  # of the largest entry of an array


class Agreement(NamedTuple):
    """How far the pipeline is from the loop after some epochs, in float64.

    worst: largest difference in any weight, bias or cost of any epoch, as a share of the largest
    entry of its array. seconds: of one epoch of the loop, the quickest.
    """

    worst: float
    seconds: float


def compare(run: Run, recipe: Recipe, digits: Digits, epochs: int, threads: int) -> Agreement:
    """Return how the first epochs of a run agree; raises DigitsError unless to 1e-10."""
    rows = encode(digits, SIDE, run.pixel_scale)
    start = start_of(run, recipe._replace(precision="float64"))
    chunks = partition(rows.X, rows.Y, len(start[0][1]), start[0][0].dtype)
    how = recipe_of(settings_of(run, recipe) | {"precision": "float64"})
    task = Task(sizes_of(start), Whole(chunks), run.pixel_scale, None)
    ours = descend(how, task, begin(how, start), 0, epochs, threads)
    X, Y = rows.X / run.pixel_scale, rows.Y.astype(np.float64)
    theirs = loop.descend(_plain(start), X, Y, run.learning_rate)
    worst, seconds = 0.0, []
    for epoch in ours:
        began = time.perf_counter()
        step = next(theirs)
        seconds.append(time.perf_counter() - began)
        worst = max(worst, abs(epoch.cost - step.cost) / step.cost, _apart(epoch.parameters, step))
    if not worst <= TOLERANCE:
        raise DigitsError(
            f"after {epochs} epochs at pixel scale {run.pixel_scale} the loop over single images "
            f"and the pipeline differ by {worst} of the largest entry; expected at most {TOLERANCE}"
        )
    return Agreement(worst, min(seconds))


def _plain(start: Parameters) -> loop.Layers:
    """Return the loop's start: hidden biases 1e-5 higher, which its 1e-5 takes away again."""
    same = [(W.astype(np.float64), b.astype(np.float64)) for W, b in start]
    return loop.shifted(same, loop.INNER_EPSILON)


def _apart(ours: Parameters, step: loop.Step) -> float:
    """Return the largest difference in an array, as a share of the array's largest entry."""
    theirs = loop.shifted(step.parameters, -loop.INNER_EPSILON)
    pairs = [
        pair for layers in zip(ours, theirs, strict=True) for pair in zip(*layers, strict=True)
    ]
    return max(float(np.abs(one - other).max() / np.abs(other).max()) for one, other in pairs)
