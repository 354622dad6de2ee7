"""The tests' only doors to gradients, costs and training, and how they measure differences."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from hypothesis import HealthCheck, settings

from stages.common.artifacts.checkpoint import Progress
from stages.common.artifacts.encoded import Encoded
from stages.network import course
from stages.network.batches import feed_of
from stages.network.descent import Epoch, Task, begin, descend
from stages.network.parameters import Floats, Layer, Parameters, sizes_of
from stages.network.recipe import POST, Recipe, recipe_of
from stages.network.teaching import aim_of
from stages.train import begun, train

Bytes = npt.NDArray[np.uint8]

# A busy machine is no fault of the code.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def encoded(pixels: Bytes, one_hot: Bytes, pixel_scale: float) -> Encoded:
    """Return images as the stages pass them on."""
    return Encoded(pixels, one_hot, np.arange(len(pixels), dtype=np.int32), pixel_scale)


STEP = 1e-5  # of differences: balances the cut-off of the series, step², and rounding, 1e-16 / step
PRECISIONS = ("reproducible", "float32", "float64")


def recipe(precision: str, learning_rate: float, **settings: Any) -> Recipe:
    """Return what the post does, at a learning rate in a precision, with other settings."""
    return recipe_of(POST | {"precision": precision, "learning_rate": learning_rate} | settings)


def run_epochs(
    parameters: Parameters,
    rows: Encoded,
    learning_rate: float,
    epochs: int,
    threads: int = 2,
    precision: str = "float64",
    **settings: Any,
) -> list[Epoch]:
    """Return the first epochs of the descent."""
    how, sizes = recipe(precision, learning_rate, **settings), sizes_of(parameters)
    feed = feed_of(how, rows.X, rows.Y, sizes[1], taught=False, threads=threads)
    task = Task(sizes, feed, rows.pixel_scale, aim_of(how, None, rows.pixel_scale))
    return list(descend(how, task, begin(how, parameters), 0, epochs, threads))


class Training(NamedTuple):
    """A training after some epochs, and how it was asked for."""

    how: Recipe
    progress: Progress

    @property
    def parameters(self) -> Parameters:
        """Return the parameters to use."""
        return course.result(self.how, self.progress.arrays)

    @property
    def cost(self) -> list[float]:
        """Return the cost of each epoch."""
        return self.progress.course["cost"]

    @property
    def accuracy(self) -> list[float]:
        """Return the accuracy of each epoch."""
        return self.progress.course["accuracy"]


def trained(
    initial: Parameters,
    rows: Encoded,
    epochs: int,
    learning_rate: float,
    precision: str,
    threads: int = 2,
    **settings: Any,
) -> Training:
    """Return what the training stage makes of the parameters, and the course of it."""
    how = recipe(precision, learning_rate, **settings)
    return go_on(Training(how, begun(how, initial, None)), rows, epochs, threads)


def go_on(start: Training, rows: Encoded, epochs: int, threads: int = 2) -> Training:
    """Return the training after so many epochs in all."""
    steps = train(start.how, start.progress, rows, None, None, epochs, threads)
    return Training(start.how, list(steps)[-1])


def cost_and_gradient(
    parameters: Parameters, rows: Encoded, precision: str = "float64"
) -> tuple[float, Parameters]:
    """Return the cost, and its gradient: what one step at learning rate 1 takes off."""
    (epoch,) = run_epochs(parameters, rows, learning_rate=1.0, epochs=1, precision=precision)
    taken_off: Parameters = [
        (W - moved_W, b - moved_b)
        for (W, b), (moved_W, moved_b) in zip(parameters, epoch.parameters, strict=True)
    ]
    return epoch.cost, taken_off


def measured_gradient(cost: Callable[[Parameters], float], parameters: Parameters) -> Parameters:
    """Return the central differences of a cost, for each number of the parameters."""
    moved = [(W.copy(), b.copy()) for W, b in parameters]

    def slopes(array: Floats) -> npt.NDArray[np.float64]:
        found = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            centre = array[place]
            array[place] = centre + STEP
            above = cost(moved)
            array[place] = centre - STEP
            found[place] = (above - cost(moved)) / (2 * STEP)
            array[place] = centre
        return found

    return [(slopes(W), slopes(b)) for W, b in moved]


def random_parameters(sizes: Sequence[int], spread: float, seed: int) -> Parameters:
    """Return normal parameters with standard deviation `spread`, drawn without `draw`."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(0, spread, (n_out, n_in)), rng.normal(0, spread, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def random_rows(inputs: int, classes: int, m: int, seed: int) -> Encoded:
    """Return m images of random pixels with random labels, at pixel scale 255."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, size=(m, inputs), dtype=np.uint8)
    one_hot = np.eye(classes, dtype=np.uint8)[rng.integers(0, classes, size=m)]
    return encoded(pixels, one_hot, 255.0)


def arrays(parameters: Sequence[Layer]) -> list[Floats]:
    """Return W1, b1, W2, b2 and so on."""
    return [array for layer in parameters for array in layer]


def relative_difference(found: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Return the largest difference of two arrays, relative to the largest entry expected."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def worst_difference(found: Sequence[Layer], expected: Sequence[Layer]) -> float:
    """Return the relative difference of the array that differs most; not a number wins."""
    pairs = zip(arrays(found), arrays(expected), strict=True)
    return float(np.max([relative_difference(*pair) for pair in pairs]))
