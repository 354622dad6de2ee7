"""Train the network by batch gradient descent.

In: data/encoded/train.npz, data/weights/initial.npz.
Out: data/weights/trained.npz, data/history.parquet.

DIGITS_THREADS in the environment sets the number of threads; it changes no bit of the result.
A run that was stopped goes on from its last checkpoint, in .cache/train/.
"""

import math
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits
from tqdm import tqdm

from stages.common import interrupts, params
from stages.common.artifacts import encoded, history, weights
from stages.common.artifacts.checkpoint import Keeper, Progress, fingerprint
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.command import run_stage
from stages.common.errors import DigitsError, unusable
from stages.network import ieee
from stages.network.activations import ACTIVATIONS
from stages.network.arithmetic import ARITHMETICS
from stages.network.descent import Epoch, descend
from stages.network.parameters import Parameters, cast
from stages.network.partition import partition

PARAMS = {
    "train": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 10000000},
        "learning_rate": {"type": "number", "exclusiveMinimum": 0},
        "precision": {"enum": ["reproducible", "float32", "float64"]},
    }
}


_NOT_OF_TRAINING = ("health", "scores")  # modules of the network that decide nothing here


def train(
    start: Progress,
    rows: Encoded,
    epochs: int,
    learning_rate: float,
    precision: str,
    threads: int,
) -> Iterator[Progress]:
    """Go on from `start` to the end of epoch `epochs`, yielding the progress after each.

    All that it yields share two lists, of cost and accuracy, which grow. Raises DigitsError in an
    epoch whose cost, or a number that its update leaves, is not finite or too large.
    """
    arithmetic = ARITHMETICS[precision]
    parameters, cost, accuracy = start.parameters, list(start.cost), list(start.accuracy)
    chunks = partition(rows.X, rows.Y, len(parameters[0][1]), arithmetic.weights)
    descent = descend(arithmetic, parameters, chunks, rows.pixel_scale, learning_rate, threads)
    # A learning rate that is far too high overflows before the cost tells.
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in islice(descent, epochs - len(cost)):
            held = arithmetic.holds(epoch.parameters, rows.pixel_scale, ACTIVATIONS["sigmoid"])
            _refuse_divergence(len(cost) + 1, epoch, learning_rate, held)
            cost.append(epoch.cost)
            accuracy.append(epoch.accuracy)
            yield Progress(epoch.parameters, cost, accuracy)


def _refuse_divergence(number: int, epoch: Epoch, learning_rate: float, held: bool) -> None:
    """Raise DigitsError where the cost is not finite, or weights are not such as it holds."""
    if math.isfinite(epoch.cost) and held:
        return
    finite = all(np.isfinite(array).all() for layer in epoch.parameters for array in layer)
    left = "finite" if held else "too large" if finite else "not finite"
    raise DigitsError(
        f"training diverged in epoch {number}: the cost is {epoch.cost} and the update left "
        f"weights that are {left}, at train.learning_rate {learning_rate}. "
        f"Try a smaller one (the post's is 0.8), and encode.pixel_scale 255.0"
    )


def _refuse_start(initial: Parameters, rows: Encoded, precision: str) -> None:
    """Raise DigitsError where this machine, or the first weights, are not for the precision."""
    arithmetic = ARITHMETICS[precision]
    fault = ieee.fault() if arithmetic.everywhere else None
    if fault:
        raise DigitsError(
            f"this machine does not compute by IEEE 754, which train.precision {precision} needs: "
            f"{fault}. train.precision: float64 goes without it"
        )
    if not arithmetic.holds(initial, rows.pixel_scale, ACTIVATIONS["sigmoid"]):
        raise unusable(
            weights.INITIAL, "initialize", f"its weights are too large for precision {precision}"
        )


def watch(course: Iterable[Progress], start: Progress, epochs: int, keeper: Keeper) -> Progress:
    """Return the last progress of a training; show each on a terminal, and keep checkpoints.

    At a Ctrl-C it saves the progress, and raises KeyboardInterrupt with how far it came.
    """
    done = len(start.cost)
    bar = tqdm(course, total=epochs, initial=done, desc="train", unit="epoch", disable=None)
    progress = start
    with bar, interrupts.noted() as stopping:
        for progress in bar:
            keeper.keep(progress)
            bar.set_postfix(cost=f"{progress.cost[-1]:.4f}", refresh=False)
            if stopping() and len(progress.cost) < epochs:
                keeper.save(progress)
                done = len(progress.cost)
                raise KeyboardInterrupt(
                    f"stopped after epoch {done} of {epochs}; run again to go on"
                )
    return progress


def run_key(initial: Parameters, rows: Encoded, learning_rate: float, precision: str) -> str:
    """Return the fingerprint of all that decides the result, except the number of epochs.

    Where the same inputs give the same bytes everywhere, that is neither NumPy nor its BLAS.
    """
    settings = f"{rows.pixel_scale!r} {learning_rate!r} {precision} {_library(precision)}"
    arrays = [array for layer in initial for array in layer]
    return fingerprint(
        [settings, *(file.read_bytes() for file in code_of_training()), *arrays, rows.X, rows.Y]
    )


def code_of_training() -> list[Path]:
    """Return the files whose code decides what training makes of its input."""
    here = Path(__file__)
    network = sorted(here.parent.glob("network/*.py"))
    return [here, *(file for file in network if file.stem not in _NOT_OF_TRAINING)]


def _library(precision: str) -> str:
    """Return what a result depends on beside the code and what goes in."""
    if ARITHMETICS[precision].everywhere:
        return ""
    blas = sorted(
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture')}"
        for pool in threadpool_info()
    )
    return f"NumPy {np.__version__} {blas}"


def thread_count() -> int:
    """Return how many threads train: DIGITS_THREADS, or the cores that this process may use."""
    wanted = os.environ.get("DIGITS_THREADS", "")
    if not wanted:
        affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    digits = wanted.isascii() and wanted.isdecimal() and len(wanted) <= 4
    if not (digits and 1 <= int(wanted) <= 1024):
        raise DigitsError(f"DIGITS_THREADS is {wanted!r}; expected a whole number from 1 to 1024")
    return int(wanted)


def main() -> None:
    """Run the stage."""
    settings, threads = params.load("train"), thread_count()
    epochs, rate = settings["epochs"], float(settings["learning_rate"])
    precision = settings["precision"]
    rows = encoded.read(encoded.TRAIN)
    initial = cast(weights.read(weights.INITIAL), ARITHMETICS[precision].weights)
    _refuse_start(initial, rows, precision)
    with threadpool_limits(1, "blas"):
        keeper = Keeper(run_key(initial, rows, rate, precision))
        start = keeper.load(initial, epochs) or Progress(initial, [], [])
        done = watch(train(start, rows, epochs, rate, precision, threads), start, epochs, keeper)
    weights.write(weights.TRAINED, done.parameters)
    history.write(history.HISTORY, History(np.array(done.cost), np.array(done.accuracy)))
    # Last: a run killed before its outputs were there must find a checkpoint of fewer epochs.
    keeper.save(done)


if __name__ == "__main__":
    run_stage(main, __doc__)
