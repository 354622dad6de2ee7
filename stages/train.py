"""Train the network by gradient descent.

In: data/encoded/train.npz, data/encoded/validation.npz, data/weights/initial.npz, and where there
is a teacher, its folder. Out: data/weights/{trained,snapshots}.npz, data/history.parquet.

DIGITS_THREADS in the environment sets how many threads or processes train, DIGITS_CLUSTER where
else training runs (docs/cluster.md); neither changes a bit of the result in precision reproducible.
A run that was stopped goes on from its last checkpoint, in .cache/train/.
"""

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from stages.common import combinations, far, params
from stages.common.artifacts import encoded, history, snapshots, trained, weights
from stages.common.artifacts.checkpoint import Keeper, Progress, fingerprint
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.history import History
from stages.common.artifacts.snapshots import Snapshots
from stages.common.artifacts.trained import Trained
from stages.common.combinations import Surroundings
from stages.common.command import run_stage
from stages.common.errors import DigitsError, not_ieee, unusable
from stages.common.files import together
from stages.common.identity import code_of_training, library
from stages.common.mapped import Arrays
from stages.common.pieces import PIECE_ROWS, spans
from stages.common.progress import shown
from stages.common.scratch import refuse_no_room_for_outs
from stages.common.threads import thread_count
from stages.common.watching import watch
from stages.network import course, ieee, looks
from stages.network.activations import ACTIVATIONS, Activation
from stages.network.arithmetic import ARITHMETICS
from stages.network.batches import Batch, Feed, Told, feed_of
from stages.network.descent import DivergenceError, Elsewhere, Task, hired_here
from stages.network.parameters import Parameters, cast, count, sizes_of
from stages.network.recipe import Recipe, recipe_of
from stages.network.rooms import MEMORY, Room
from stages.network.targets import softened
from stages.network.teaching import Teacher, aim_of
from stages.network.validation import Validation, validation_of

PARAMS = {
    "train": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 10000000},
        "learning_rate": {"type": "number", "exclusiveMinimum": 0},
        "precision": {"enum": ["reproducible", "float32", "float64"]},
        "seed": {"type": "integer", "minimum": 0, "maximum": 4294967295},
        "batch_rows": {"type": ["integer", "null"], "minimum": 1},
        "activation": {"keys_of": "network/activations.py:ACTIVATIONS"},
        "update": {"keys_of": "network/updates.py:UPDATES"},
        "momentum": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "second_momentum": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "weight_decay": {"type": "number", "minimum": 0},
        "clip_norm": {"type": ["number", "null"], "exclusiveMinimum": 0},
        "schedule": {"keys_of": "network/schedules.py:SCHEDULES"},
        "warmup_epochs": {"type": "integer", "minimum": 0, "maximum": 10000000},
        "step_epochs": {"type": "integer", "minimum": 1, "maximum": 10000000},
        "step_factor": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "averaging": {"keys_of": "network/averaging.py:AVERAGES"},
        "average_decay": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "average_from": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "label_smoothing": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "dropout": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        "teacher": {"type": "string", "minLength": 1},
        "teacher_weight": {"type": "number", "minimum": 0, "maximum": 1},
        "teacher_temperature": {"type": "number", "minimum": 0.01, "maximum": 1000},
        "shift": {"type": "number", "minimum": 0, "maximum": 14},
        "rotate": {"type": "number", "minimum": 0, "maximum": 180},
        "scale": {"type": "number", "minimum": 0, "maximum": 0.5},
        "shear": {"type": "number", "minimum": 0, "maximum": 0.5},
        "elastic": {"type": "number", "minimum": 0, "maximum": 14},
        "patience": {"type": ["integer", "null"], "minimum": 1, "maximum": 10000000},
    }
}

_OF_TEACHER = ("teacher", "teacher_weight", "teacher_temperature")  # idle where none is

# Bytes, at most: of a number of the network, and of what it was on its way; of an epoch,
# of which the history has six numbers; and what the files have beside these.
_NUMBER, _SEEN, _EPOCH, _BESIDE = 8, 4, 48, 50_000
# Bytes of arranged rows that lie in memory, in all processes: those that are copied count again.
_HELD = 192 << 20


def begun(recipe: Recipe, initial: Parameters, validation: Encoded | None) -> Progress:
    """Return the progress before the first epoch. validation: the rows, or None."""
    names, arrays = course.columns(recipe, validation is not None), course.start(recipe, initial)
    seen = looks.begun(course.result(recipe, arrays))
    return Progress(arrays, {name: [] for name in names}, seen)


def train(
    recipe: Recipe,
    start: Progress,
    rows: Encoded,
    validation: Encoded | None,
    teacher: Teacher | None,
    epochs: int,
    threads: int,
    room: Room = MEMORY,
    place: Elsewhere | None = None,
) -> Generator[Progress, None, None]:
    """Go on from `start` to the end of epoch `epochs`, yielding the progress after each.

    room: where what is made of the rows lies, which is made at once. place: where the rows that
    train are worked on, None: here. All that it yields share lists, of what epochs found, which
    grow. It ends before where the recipe's patience with the rows that validate does. Raises
    DigitsError in an epoch whose cost, or a number that an update leaves, is not finite or too
    large; and where what works on a share of the rows is lost.
    """
    sizes, scale = course.sizes(start.arrays), rows.pixel_scale
    taught, told = teacher is not None, _told("arrange rows that train", rows)
    feed = (
        place.feed
        if place
        else _shown(feed_of(recipe, rows.X, rows.Y, sizes[1], taught, threads, room, told))
    )
    task = Task(sizes, feed, scale, aim_of(recipe, teacher, scale))
    judges = _judges(validation, sizes[1], threads, room) if validation else None
    hire = place.hire if place else hired_here
    points = course.follow(recipe, task, judges, start.arrays, start.epochs, epochs, threads, hire)
    return _followed(recipe, start, points)


class Shown:
    """Batches that show how far an epoch of many is, where it takes longer than a moment."""

    def __init__(self, feed: Feed) -> None:
        """Take where they come from."""
        self.rows, self.steps, self._feed = feed.rows, feed.steps, feed

    def epoch(self, number: int) -> Iterator[Batch]:
        """Yield the batches of an epoch."""
        batches = self._feed.epoch(number)
        return shown(batches, f"epoch {number}", self.rows, lambda batch: batch.rows)


def _shown(feed: Feed) -> Feed:
    """Return batches that show how far they are, where there are some an epoch."""
    return Shown(feed) if feed.steps > 1 else feed


def _told(what: str, rows: Encoded) -> Told:
    """Return what shows how many of the rows are done."""
    return lambda pieces: shown(pieces, what, len(rows.X), lambda piece: sum(map(len, piece)))


def _judges(validation: Encoded, units: int, threads: int, room: Room) -> Validation:
    """Return rows that validate, for a first layer of so many units."""
    told = _told("arrange rows that validate", validation)
    X, Y, scale = validation.X, validation.Y, validation.pixel_scale
    return validation_of(X, Y, scale, units, threads, room, told)


def _followed(
    recipe: Recipe, start: Progress, points: Generator[course.Point, None, None]
) -> Generator[Progress, None, None]:
    """Yield the progress at each point of a course."""
    found, seen = {name: list(values) for name, values in start.course.items()}, start.looks
    # A learning rate that is far too high overflows before the cost tells.
    with closing(points), np.errstate(over="ignore", invalid="ignore"):
        try:
            for epoch, point in enumerate(points, start.epochs + 1):
                for name, values in found.items():
                    values.append(point.found[name])
                if epoch in looks.EPOCHS:
                    seen = looks.looked(seen, course.result(recipe, point.arrays))
                yield Progress(point.arrays, found, seen)
        except DivergenceError as fault:
            raise _divergence(fault, recipe) from None
        except ChildProcessError as fault:
            raise DigitsError(f"{fault}; run again to go on from the last checkpoint") from None


def _divergence(fault: DivergenceError, recipe: Recipe) -> DigitsError:
    """Return the error that says where training diverged, and what to try."""
    finite = all(np.isfinite(array).all() for layer in fault.parameters for array in layer)
    left = "finite" if fault.held else "too large" if finite else "not finite"
    return DigitsError(
        f"training diverged in epoch {fault.epoch}: the cost is {fault.cost} and the update left "
        f"weights that are {left}, at train.learning_rate {recipe.pace.learning_rate}. "
        f"Try a smaller one (the post's is 0.8), and encode.pixel_scale 255.0"
    )


def run_key(
    settings: Mapping[str, Any],
    start: Progress,
    rows: Encoded,
    validation: Encoded | None,
    teacher: Trained | None,
    rounding: str = "",
) -> str:
    """Return the fingerprint of all that decides what each epoch gives.

    rounding: what of where it runs decides the bits of floats. The number of epochs does only where
    the learning rate or the averaging follows the end; where the same inputs give the same bytes
    everywhere, neither NumPy nor its BLAS does.
    """
    recipe = recipe_of(settings)
    idle = (() if recipe.needs_end else ("epochs",)) + (() if teacher else _OF_TEACHER)
    told = {key: settings[key] for key in sorted(settings) if key not in idle}
    images = [part for part in (rows, validation) if part]
    taught = [array for layer in teacher.layers for array in layer] if teacher else []
    return fingerprint(
        [
            f"{rows.pixel_scale!r} {told} {'' if recipe.arithmetic.everywhere else library()}"
            + rounding,
            *(file.read_bytes() for file in code_of_training()),
            *(part for name in sorted(start.arrays) for part in (name, start.arrays[name])),
            *chain.from_iterable(map(_images, images)),
            teacher.activation if teacher else "",
            *taught,
        ]
    )


def _images(rows: Encoded) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield all images and labels, some at a time."""
    pieces = [(rows.X[some], rows.Y[some]) for some in spans(len(rows.X), PIECE_ROWS)]
    told = shown(pieces, "fingerprint", len(rows.X), lambda piece: len(piece[0]))
    return chain.from_iterable(told)


class Inputs(NamedTuple):
    """What training reads: rows that train, and that validate; first weights; a teacher."""

    rows: Encoded
    validation: Encoded | None
    initial: Parameters
    teacher: Trained | None


def read_inputs(settings: Mapping[str, Any], recipe: Recipe) -> Inputs:
    """Return what training reads; raises DigitsError where it is not for these settings."""
    rows, others = encoded.read_parts([encoded.TRAIN, encoded.VALIDATION])
    initial = weights.read(weights.INITIAL)
    around = Surroundings(rows.side, sizes_of(initial), len(rows.X), len(others.X))
    combinations.refuse(settings, around)
    _refuse_start(initial, rows, recipe, settings["precision"])
    folder = Path(settings["teacher"])
    teacher = trained.read_teacher(folder)
    if teacher:
        _refuse_teacher(teacher, folder, rows, recipe)
    return Inputs(rows, others if len(others.X) else None, initial, teacher)


def _refuse_start(initial: Parameters, rows: Encoded, recipe: Recipe, precision: str) -> None:
    """Raise DigitsError where this machine, or the first weights, are not for the precision."""
    fault = ieee.fault() if recipe.arithmetic.everywhere else None
    if fault:
        raise not_ieee(fault, precision)
    if not _holds(recipe, initial, rows, recipe.activation):
        raise unusable(
            weights.INITIAL, "initialize", f"its weights are too large for precision {precision}"
        )


def _refuse_teacher(teacher: Trained, folder: Path, rows: Encoded, recipe: Recipe) -> None:
    """Raise DigitsError for a teacher of other images, or too large for the precision."""
    whose = f"the teacher in train.teacher, {folder},"
    if (teacher.side, teacher.pixel_scale) != (rows.side, rows.pixel_scale):
        raise DigitsError(
            f"{whose} reads images of side {teacher.side} at pixel scale {teacher.pixel_scale}; "
            f"expected encode.side {rows.side} and encode.pixel_scale {rows.pixel_scale}"
        )
    with np.errstate(over="ignore"):
        layers = softened(teacher.layers, recipe.teacher_temperature)
    if not _holds(recipe, layers, rows, ACTIVATIONS[teacher.activation]):
        raise DigitsError(
            f"{whose} has weights that are too large for train.precision, at "
            f"train.teacher_temperature {recipe.teacher_temperature}"
        )


def _holds(recipe: Recipe, layers: Parameters, rows: Encoded, activation: Activation) -> bool:
    """Tell whether a recipe's arithmetic can compute with layers."""
    with np.errstate(over="ignore"):  # of a float type that is too short
        parameters = cast(layers, recipe.arithmetic.weights)
    return recipe.arithmetic.holds(parameters, rows.pixel_scale, activation)


def elsewhere_of(
    settings: Mapping[str, Any], rows: Encoded, teacher: Trained | None
) -> Elsewhere | None:
    """Return where else training runs, by DIGITS_CLUSTER in the environment; None: here.

    Raises DigitsError where that is nonsense, or what it needs is not installed.
    """
    if not far.is_asked_for():
        return None
    with far.installed():
        from stages.cluster import asked, engaged
    where = asked.asked(os.environ, ARITHMETICS[settings["precision"]].everywhere)
    taught = (teacher.layers, teacher.activation) if teacher else None
    return engaged.elsewhere(where, settings, (rows.X, rows.Y), taught)


def _refuse_no_room(parameters: Parameters, epochs: int) -> None:
    """Raise DigitsError where the disk has no room for what so many epochs end with."""
    numbers, small = count(parameters), count(parameters) <= looks.MOST_PARAMETERS
    seen = len([epoch for epoch in looks.EPOCHS if epoch < epochs]) if small else 0
    size = numbers * (_NUMBER + (seen + 1) * _SEEN) + epochs * _EPOCH + _BESIDE
    refuse_no_room_for_outs(trained.TRAINED, size)


def write_outputs(done: Progress, recipe: Recipe, rows: Encoded, activation: str) -> None:
    """Write the trained network, what it was on its way, and its history."""
    parameters = course.result(recipe, done.arrays)
    network = Trained(parameters, rows.pixel_scale, rows.side, activation)
    trained.write(trained.TRAINED, network)
    seen = looks.ended(done.looks, parameters, done.epochs)
    networks = [replace(network, layers=one.parameters) for one in seen]
    snapshots.write(snapshots.SNAPSHOTS, Snapshots([one.epoch for one in seen], networks))
    found = {name: np.array(values) for name, values in done.course.items()}
    history.write(history.HISTORY, History(**found))


def main() -> None:
    """Run the stage."""
    settings, threads = params.load("train"), thread_count()
    recipe, epochs = recipe_of(settings), settings["epochs"]
    rows, validation, initial, teacher = read_inputs(settings, recipe)
    _refuse_no_room(initial, epochs)
    told = Teacher(teacher.layers, ACTIVATIONS[teacher.activation]) if teacher else None
    place = elsewhere_of(settings, rows, teacher)
    with threadpool_limits(1, "blas"), Arrays(trained.TRAINED, _HELD // threads) as room:
        start, rounding = begun(recipe, initial, validation), place.rounding if place else ""
        keeper = Keeper(run_key(settings, start, rows, validation, teacher, rounding))
        start = keeper.load(start, epochs)
        steps = train(recipe, start, rows, validation, told, epochs, threads, room, place)
        done = watch(steps, start, epochs, keeper)
    with together():
        write_outputs(done, recipe, rows, settings["activation"])
    # Last: a run killed before its outputs were there must find a checkpoint of fewer epochs.
    keeper.save(done)


if __name__ == "__main__":
    run_stage(main, __doc__)
